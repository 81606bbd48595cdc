"""Writes of imports: one file a verb."""

from regulars.apps.intake.operations.asking import (
    retry_import,
    start_import,
    take_source,
    undo_import,
)
from regulars.apps.intake.operations.forgetting import forget_files
from regulars.apps.intake.operations.watching import (
    pause_source,
    remove_connection,
    start_due_reads,
    watch_source,
)

__all__ = [
    "forget_files",
    "pause_source",
    "remove_connection",
    "retry_import",
    "start_due_reads",
    "start_import",
    "take_source",
    "undo_import",
    "watch_source",
]
