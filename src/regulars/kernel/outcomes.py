"""What became of something told."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of something told."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Undone(StrEnum):
    """What became of something that a run had written, when the run was undone."""

    REMOVED = "removed"
    """The run had made it."""
    RESTORED = "restored"
    """The run had replaced it: it is as it was before."""
    LEFT = "left"
    """Somebody changed it since, or something else needs it."""
