"""News: typed facts that a lower app announces and higher ones follow."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class News:
    """The base of every fact that is announced: ids only, no personal data."""

    def told(self) -> dict[str, object]:
        """The fact as JSON."""
        return asdict(self)
