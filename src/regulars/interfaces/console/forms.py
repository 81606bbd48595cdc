"""Forms: input described, never a table; what cannot be taken stays in its field."""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from django import forms

from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import RegularsError
from regulars.kernel.problems import Problem


class Form(forms.Form):
    """The base of every form of the console; ``console/form.html.jinja`` draws it.

    Labels, hints and choices are said with ``spoken(say("…"))``.
    """

    use_required_attribute = False  # the server's own sentences stand beside the fields
    together: ClassVar[tuple[str, ...]] = ()
    """Fields that stand beside each other, such as the parts of a date."""

    def refuse(self, error: RegularsError, field: str | None = None) -> None:
        """Say why an operation refused what was told, beside a field or above the form."""
        self.add_error(field, str(spoken(error.message)))
        if error.accepted is not None:
            self.add_error(field, str(spoken(error.accepted)))

    def refuse_each(self, problems: Iterable[Problem]) -> None:
        """Say what the rules found wrong, beside the fields that they name."""
        for problem in problems:
            place = problem.field if problem.field in self.fields else None
            self.add_error(place, str(spoken(problem.message)))


class Filters(Form):
    """What a list may be asked for; every field may be left out.

    Attributes:
        first: The fields that are always seen; the others are behind a line that opens.
    """

    first: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.required = False

    @property
    def at_hand(self) -> list[forms.BoundField]:
        """The fields that are always seen."""
        return [it for it in self if it.is_hidden or not self.first or it.name in self.first]

    @property
    def rarer(self) -> list[forms.BoundField]:
        """The other fields."""
        seen = {it.name for it in self.at_hand}
        return [it for it in self if it.name not in seen]

    @property
    def rarer_used(self) -> bool:
        """Whether one of the others is filled in."""
        return any(it.data for it in self.rarer)

    def wanted(self) -> dict[str, object]:
        """What is asked for, field by field; what cannot be read is left out."""
        self.is_valid()
        return {
            name: value for name, value in self.cleaned_data.items() if value not in {None, ""}
        }

    def one_of[Word: StrEnum](self, name: str, words: type[Word]) -> Word | None:
        """The word that was chosen in a field; None where none was."""
        told = self.wanted().get(name)
        return None if told is None else words(str(told))
