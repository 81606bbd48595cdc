"""Who may do what: the one table."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say


class Role(StrEnum):
    """What somebody is to the firm."""

    OWNER = "owner"
    MANAGER = "manager"
    ANALYST = "analyst"
    AGENT = "agent"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """One thing that may be allowed."""

    READ_CUSTOMERS = "customers:read"
    WRITE_CUSTOMERS = "customers:write"
    EXPORT_CUSTOMERS = "customers:export"
    ERASE_CUSTOMERS = "customers:erase"
    READ_CONTACTS = "contacts:read"
    WRITE_CONTACTS = "contacts:write"
    READ_DELIVERIES = "deliveries:read"
    WRITE_DELIVERIES = "deliveries:write"
    READ_TEMPLATES = "templates:read"
    WRITE_TEMPLATES = "templates:write"
    READ_ORDERS = "orders:read"
    WRITE_ORDERS = "orders:write"
    READ_IMPORTS = "imports:read"
    WRITE_IMPORTS = "imports:write"
    READ_SETTINGS = "settings:read"
    WRITE_SETTINGS = "settings:write"
    READ_TRAIL = "trail:read"


_READS = frozenset({Permission.READ_CUSTOMERS, Permission.READ_CONTACTS, Permission.READ_ORDERS})
_PRIVACY = frozenset({Permission.EXPORT_CUSTOMERS, Permission.ERASE_CUSTOMERS})
_IMPORTS = frozenset({Permission.READ_IMPORTS, Permission.WRITE_IMPORTS})
_TOLD = frozenset({Permission.READ_DELIVERIES, Permission.READ_TEMPLATES})
_TELLS = frozenset({Permission.WRITE_DELIVERIES, Permission.WRITE_TEMPLATES})
_PEOPLE = frozenset({Permission.WRITE_CUSTOMERS, Permission.WRITE_CONTACTS})
_RECORDS = _READS | _IMPORTS | _PEOPLE | _TOLD | _TELLS | {Permission.WRITE_ORDERS}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: _RECORDS | _PRIVACY | {Permission.READ_SETTINGS},
    Role.ANALYST: frozenset({Permission.READ_CUSTOMERS, Permission.READ_ORDERS}),
    Role.AGENT: _READS | _PEOPLE | _TOLD,
    Role.AUDITOR: _READS
    | _TOLD
    | {Permission.READ_IMPORTS, Permission.READ_SETTINGS, Permission.READ_TRAIL},
}
"""What each role may do. ``docs/reference/permissions.md`` is written from it."""

SECOND_STEPS = ("totp", "webauthn")
"""What counts as a second factor, by the names of allauth."""
LINK_LIVES = timedelta(minutes=15)
"""How long a link lives that somebody waits for."""
INVITATION_LIVES = timedelta(days=3)
"""How long a link lives that somebody is sent unasked."""
LINK_SALT = "sign-in link"
LINK_SEPARATOR = "."


@dataclass(frozen=True, slots=True)
class Access:
    """What somebody may do, and where.

    Attributes:
        role: His role.
        stores: The stores that he sees; None for every store.
        sees_contacts: Whether he sees how customers are reached where his role does not.
    """

    role: Role
    stores: frozenset[str] | None = None
    sees_contacts: bool = False

    def told(self) -> dict[str, object]:
        """The access as the trail keeps it."""
        stores = None if self.stores is None else sorted(self.stores)
        return {"role": self.role.value, "stores": stores, "sees_contacts": self.sees_contacts}


def read_role(text: str) -> Role:
    """The role of a name.

    Raises:
        OptionError: There is no such role.

    >>> read_role("agent")
    <Role.AGENT: 'agent'>
    """
    if text not in {role.value for role in Role}:
        raise OptionError(
            say("{text} is no role.", text=text),
            accepted=say("Give one of {roles}.", roles=", ".join(Role)),
        )
    return Role(text)


def read_permission(text: str) -> Permission:
    """The permission of a name.

    Raises:
        OptionError: There is no such permission.

    >>> read_permission("orders:read")
    <Permission.READ_ORDERS: 'orders:read'>
    """
    if text not in {permission.value for permission in Permission}:
        raise OptionError(
            say("{text} is no permission.", text=text),
            accepted=say("Give one of {permissions}.", permissions=", ".join(Permission)),
        )
    return Permission(text)


def check_scopes(role: Role, scopes: AbstractSet[Permission]) -> None:
    """Refuse scopes that the role does not have.

    Raises:
        OptionError: There is none, or one is not among the role's permissions.
    """
    beyond = sorted(scopes - GRANTS[role])
    if beyond or not scopes:
        raise OptionError(
            say(
                "The role {role} has no scope {scopes}.",
                role=role.value,
                scopes=", ".join(beyond) or '""',
            ),
            accepted=say(
                "Give some of {permissions}.", permissions=", ".join(sorted(GRANTS[role]))
            ),
        )


def allows(role: Role, wanted: Permission, extra: frozenset[Permission] = frozenset()) -> bool:
    """Whether a role may do something, with what was granted to the person beside it.

    >>> allows(Role.ANALYST, Permission.READ_CONTACTS)
    False
    >>> allows(Role.ANALYST, Permission.READ_CONTACTS, frozenset({Permission.READ_CONTACTS}))
    True
    """
    return wanted in GRANTS[role] or wanted in extra
