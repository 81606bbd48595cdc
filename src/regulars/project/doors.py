"""The first owner, and the links that let people in from the machine itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from regulars.apps.accounts.operations import Door, add_staff, make_link
from regulars.apps.accounts.queries import StaffRow, find_first_owner
from regulars.apps.accounts.rules import LINK_LIVES, Role
from regulars.kernel.actors import COMMAND
from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say, say_count

_THIS_MACHINE = {"127.0.0.1", "0.0.0.0", "::1", "::"}  # noqa: S104 - not listened on here
DEFAULT_OWNER = "owner@localhost"


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner whom ``up`` lets in; ``new`` where it has just made him."""

    staff: StaffRow
    new: bool


def ensure_owner(email: str | None, now: datetime) -> Owner:
    """The first owner; where there is none he is made.

    Args:
        email: His address; None for one of this machine.
        now: The time.

    Raises:
        InputError: The address is none, or that of somebody who is no owner.
    """
    known = find_first_owner()
    if known is None:
        add_staff(email or DEFAULT_OWNER, "Owner", Role.OWNER, actor=COMMAND, now=now)
    found = known or find_first_owner()
    if found is None:
        raise InputError(
            say("{email} works here and is no owner.", email=email or DEFAULT_OWNER),
            accepted=say("Give the address of another."),
        )
    return Owner(found, known is None)


def address_of(host: str, port: int) -> str:
    """Where browsers find the platform, without a slash at the end."""
    if settings.PUBLIC_ADDRESS:
        return str(settings.PUBLIC_ADDRESS)
    # a browser keeps passkeys by name, never by number
    shown = "localhost" if host in _THIS_MACHINE else host
    return f"http://{shown}:{port}"


def door_at(address: str) -> Door:
    """The door of sign-in links at an address."""
    secret = "0"  # noqa: S105 - stands where a link's secret will
    return Door(address + reverse("sign_in_by_link", args=[secret]).removesuffix(secret))


def new_link(staff: StaffRow, address: str, now: datetime, lives: timedelta = LINK_LIVES) -> str:
    """A link that lets somebody in once, within a quarter of an hour."""
    return door_at(address).link(make_link(staff.id, lives=lives, actor=COMMAND, now=now))


def told_of_tables(changed: int) -> Message:
    """What ``up`` says of the tables."""
    if not changed:
        return say("The tables are those of this version.")
    return say_count(
        "{n} change of the tables was made.", "{n} changes of the tables were made.", n=changed
    )


def told_of_mail() -> Message | None:
    """Where mail goes when no server is named."""
    if not settings.MAIL_FOLDER:
        return None
    return say(
        "Mail is written to {folder}; REGULARS_SMTP_URL names a server that sends it.",
        folder=settings.MAIL_FOLDER,
    )


def told_at_the_door(owner: Owner, address: str, now: datetime) -> list[Message]:
    """What ``up`` says of the way in.

    Where it may be reached from outside, a link is told only with the owner whom it was made for.
    """
    told = [say("{email} is the first owner.", email=owner.staff.email)] if owner.new else []
    if owner.new or settings.MAY_BE_INSECURE:
        link = new_link(owner.staff, address, now)
        told.append(say("Sign in once, within fifteen minutes: {link}", link=link))
    return told
