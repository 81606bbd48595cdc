"""What a customer is called, and what of his a reader may see."""

import re
from collections.abc import Iterable
from typing import Final

from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import Permission

_REACHED_BY: Final = re.compile(r"@|^\+?[\d\s().-]{9,}$")
"""An id by which somebody could be written to or called: shops often use such ids."""


def sees_contacts(staff: StaffRow) -> bool:
    """Whether somebody may see what a customer could be reached by."""
    return staff.may(Permission.READ_CONTACTS)


def seen_id(external_id: str, staff: StaffRow) -> str:
    """An id, or nothing where it is an address or a number that the reader may not see.

    >>> bool(_REACHED_BY.search("ona@shop.example")), bool(_REACHED_BY.search("C-0012"))
    (True, False)
    """
    hidden = not sees_contacts(staff) and _REACHED_BY.search(external_id)
    return "" if hidden else external_id


def called(name: str, ids: Iterable[str], number: int) -> str:
    """What a customer is called: by name, else by an id, else by his number.

    >>> called("", ["", "C-7"], 7), called("", [], 7)
    ('C-7', '#7')
    """
    return name or next((id_ for id_ in ids if id_), f"#{number}")
