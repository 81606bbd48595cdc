"""Writes: staff join, keys are made and revoked."""

import secrets
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.apps.accounts.models import ApiKey, Staff
from regulars.apps.accounts.queries import KeyRow, digest_of, key_row
from regulars.apps.accounts.rules import Permission, Role, check_scopes
from regulars.apps.journal.operations import record
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

_PREFIX = "rg_"
_HINT = 8


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key, and its secret for the one time that it is shown."""

    key: KeyRow
    secret: str


def make_key(
    name: str,
    role: Role,
    *,
    actor: Actor,
    now: datetime,
    expires_at: datetime | None = None,
    scopes: AbstractSet[Permission] | None = None,
) -> NewKey:
    """Make a key for a program.

    Args:
        name: What the program is called.
        role: What it may do.
        actor: Who makes it.
        now: The time.
        expires_at: When it ends by itself.
        scopes: The permissions of its role that it has; None for all of them.

    Raises:
        InputError: It has no name, or would have ended already.
        OptionError: A scope is not one of its role.
    """
    if not name.strip():
        raise InputError(say("A key needs a name."), accepted=say("Name the program."))
    if expires_at is not None and expires_at <= now:
        raise InputError(
            say("The key would have expired already."), accepted=say("Give a later time.")
        )
    if scopes is not None:
        check_scopes(role, scopes)
    secret = _PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        key = ApiKey.objects.create(
            name=name.strip(),
            role=role.value,
            digest=digest_of(secret),
            hint=secret[:_HINT],
            made_at=now,
            expires_at=expires_at,
            scopes=None if scopes is None else sorted(scopes),
        )
        told = {"name": key.name, "role": key.role, "scopes": key.scopes}
        record(actor, "made key", f"key:{key.pk}", now, told)
    return NewKey(key_row(key), secret)


def revoke_key(key_id: int, *, actor: Actor, now: datetime) -> bool:
    """End a key; say whether it was alive."""
    with transaction.atomic():
        ended = ApiKey.objects.filter(pk=key_id, revoked_at__isnull=True).update(revoked_at=now)
        if ended:
            record(actor, "revoked key", f"key:{key_id}", now)
    return bool(ended)


def mark_used(key: KeyRow, now: datetime) -> None:
    """Remember the day of a key's last use: at most one write a day."""
    if key.used_on != now.date():
        ApiKey.objects.filter(pk=key.id).update(used_on=now.date())


def add_staff(
    email: str,
    name: str,
    role: Role,
    *,
    actor: Actor,
    now: datetime,
    every_store: bool = True,
) -> int:
    """Take somebody on; somebody known by that address stays as he is. Return his id."""
    with transaction.atomic():
        known = Staff.objects.filter(email=email.lower()).first()
        if known is not None:
            return known.pk
        staff = Staff(
            email=email.lower(), name=name, role=role.value, every_store=every_store, joined_at=now
        )
        staff.set_unusable_password()
        staff.save()
        record(actor, "added staff", f"staff:{staff.pk}", now, {"role": role.value})
    return staff.pk


def set_language(staff_id: int, language: str) -> None:
    """Speak another language to somebody."""
    Staff.objects.filter(pk=staff_id).update(language=language)
