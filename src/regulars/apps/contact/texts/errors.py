"""What is wrong with a text that staff wrote, and where."""

from regulars.kernel.errors import RegularsError
from regulars.kernel.wording import Message, say


class TextError(RegularsError):
    """A text cannot be used: its language, field and line, and what would be accepted."""

    def __init__(
        self, trouble: Message, *, where: "Place", accepted: Message | None = None
    ) -> None:
        super().__init__(
            say(
                "{field} in {language}, line {line}: {trouble}",
                field=where.field,
                language=where.language,
                line=where.line,
                trouble=trouble,
            ),
            accepted=accepted,
        )
        self.trouble = trouble
        self.where = where


class Place:
    r"""Where in a text something is.

    >>> Place("lt", "body").at("one\ntwo {{", 8).line
    2
    """

    def __init__(self, language: str, field: str, line: int = 1) -> None:
        self.language = language
        self.field = field
        self.line = line

    def at(self, source: str, index: int) -> "Place":
        """The same field, at the line of a character."""
        return Place(self.language, self.field, source.count("\n", 0, index) + 1)
