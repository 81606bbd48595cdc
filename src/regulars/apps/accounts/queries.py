"""Reads: which key somebody showed, who works here."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from regulars.apps.accounts.models import ApiKey, Staff
from regulars.apps.accounts.rules import Permission, Role, allows
from regulars.kernel.actors import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key without its secret; ``scopes`` is None where it may do all that its role may."""

    id: int
    name: str
    role: Role
    hint: str
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_on: date | None
    scopes: frozenset[Permission] | None = None

    def may(self, wanted: Permission) -> bool:
        """Whether its role and its scopes allow something."""
        return allows(self.role, wanted) and (self.scopes is None or wanted in self.scopes)

    @property
    def actor(self) -> Actor:
        """Whoever shows it."""
        return Actor(ActorKind.KEY, str(self.id))


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Somebody who works here; ``stores`` is None where every store is his."""

    id: int
    email: str
    name: str
    role: Role
    language: str
    stores: frozenset[str] | None
    sees_contacts: bool

    @property
    def actor(self) -> Actor:
        """Whoever he is in the trail."""
        return Actor(ActorKind.STAFF, str(self.id))

    def may(self, wanted: Permission) -> bool:
        """Whether his role, or what was granted to him beside it, allows something."""
        extra = {Permission.READ_CONTACTS} if self.sees_contacts else set()
        return allows(self.role, wanted, frozenset(extra))


def find_staff(staff_id: int) -> StaffRow | None:
    """Somebody who may sign in, by his id."""
    staff = Staff.objects.filter(pk=staff_id, is_active=True).first()
    if staff is None:
        return None
    stores = None
    if not staff.every_store:
        stores = frozenset(staff.stores.values_list("store", flat=True))
    return StaffRow(
        id=staff.pk,
        email=staff.email,
        name=staff.name,
        role=Role(staff.role),
        language=staff.language,
        stores=stores,
        sees_contacts=staff.sees_contacts,
    )


def digest_of(secret: str) -> str:
    """What is kept of a key's secret, which is random and long: no slow hash is needed.

    >>> len(digest_of("rg_1"))
    64
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def find_key(secret: str, now: datetime) -> KeyRow | None:
    """The living key of a secret."""
    for key in ApiKey.objects.filter(digest=digest_of(secret)):
        if key.revoked_at is None and (key.expires_at is None or key.expires_at > now):
            return key_row(key)
    return None


def list_keys() -> list[KeyRow]:
    """Every key, the newest first."""
    return [key_row(key) for key in ApiKey.objects.order_by("-pk")]


def key_row(key: ApiKey) -> KeyRow:
    """A key as others see it."""
    return KeyRow(
        id=key.pk,
        name=key.name,
        role=Role(key.role),
        hint=key.hint,
        made_at=key.made_at,
        expires_at=key.expires_at,
        revoked_at=key.revoked_at,
        used_on=key.used_on,
        scopes=None if key.scopes is None else frozenset(map(Permission, key.scopes)),
    )


def count_owners() -> int:
    """How many owners can sign in."""
    return Staff.objects.filter(role=Role.OWNER.value, is_active=True).count()
