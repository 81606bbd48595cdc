"""News: typed facts that a lower app announces and higher ones follow."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class News:
    """The base of every fact that is announced: ids only, no personal data."""

    def told(self) -> dict[str, object]:
        """The fact as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RecordsUndone(News):
    """A part of what a run of imports wrote was taken back.

    Attributes:
        run: The run's id.
        kind: The table, as ``orders.order``.
        removed: Numbers of records that are no more.
        restored: Numbers of records that are as they were before.
    """

    run: str
    kind: str
    removed: tuple[int, ...]
    restored: tuple[int, ...]
