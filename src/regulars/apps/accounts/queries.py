"""Reads: which key somebody showed, who works here."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from regulars.apps.accounts.models import ApiKey, Staff
from regulars.apps.accounts.rules import Role
from regulars.kernel.actors import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key without its secret."""

    id: int
    name: str
    role: Role
    hint: str
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_on: date | None

    @property
    def actor(self) -> Actor:
        """Whoever shows it."""
        return Actor(ActorKind.KEY, str(self.id))


def digest_of(secret: str) -> str:
    """What is kept of a key's secret, which is random and long: no slow hash is needed.

    >>> len(digest_of("rg_1"))
    64
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def find_key(secret: str, now: datetime) -> KeyRow | None:
    """The living key of a secret."""
    alive = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
    key = ApiKey.objects.filter(alive, digest=digest_of(secret), revoked_at__isnull=True).first()
    return None if key is None else key_row(key)


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
    )


def count_owners() -> int:
    """How many owners can sign in."""
    return Staff.objects.filter(role=Role.OWNER.value, is_active=True).count()
