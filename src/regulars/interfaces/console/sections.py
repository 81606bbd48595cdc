"""What the console's navigation offers: each domain adds its line here."""

from dataclasses import dataclass

from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import Permission
from regulars.kernel.wording import Message, say


@dataclass(frozen=True, slots=True)
class Section:
    """A line of the navigation.

    Attributes:
        name: The name of its address.
        heading: What stands there.
        needs: The right that it takes; None where everybody may look.
    """

    name: str
    heading: Message
    needs: Permission | None = None


SECTIONS = (Section("home", say("Overview")),)
"""The navigation, in its order."""


def sections_for(staff: StaffRow) -> tuple[Section, ...]:
    """The lines that somebody may follow."""
    return tuple(it for it in SECTIONS if it.needs is None or staff.may(it.needs))
