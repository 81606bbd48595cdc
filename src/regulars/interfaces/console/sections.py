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
        icon: Its picture in ``static/console/icons.svg``.
    """

    name: str
    heading: Message
    needs: Permission | None = None
    icon: str = "dot"


SECTIONS = (
    Section("home", say("Overview"), icon="home"),
    Section("customers", say("Customers"), Permission.READ_CUSTOMERS, icon="people"),
    Section("orders", say("Orders"), Permission.READ_ORDERS, icon="orders"),
    Section("outbox", say("Outbox"), Permission.READ_DELIVERIES, icon="outbox"),
    Section("templates", say("Templates"), Permission.READ_TEMPLATES, icon="note"),
    Section("imports", say("Imports"), Permission.READ_IMPORTS, icon="imports"),
    Section("settings", say("Settings"), Permission.READ_SETTINGS, "settings"),
)
"""The navigation, in its order."""

ACCOUNT: tuple[Section, ...] = (
    Section("me", say("My account"), icon="account"),
    Section("account_logout", say("Sign out"), icon="out"),
)
"""What somebody finds under his own name: his account, the way out."""


def sections_for(staff: StaffRow, offered: tuple[Section, ...] = SECTIONS) -> tuple[Section, ...]:
    """The lines that somebody may follow."""
    return tuple(it for it in offered if it.needs is None or staff.may(it.needs))
