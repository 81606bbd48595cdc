"""Links that let somebody in once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.signing import Signer
from django.db import transaction

from regulars.apps.accounts.models import SignInLink
from regulars.apps.accounts.queries import digest_of, find_link
from regulars.apps.accounts.rules import LINK_SALT, LINK_SEPARATOR
from regulars.apps.journal.operations import record
from regulars.kernel.actors import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class Door:
    """Where a sign-in link leads: the address of the page, without the secret that ends it."""

    address: str

    def link(self, secret: str) -> str:
        """The whole link.

        >>> Door("https://shop.example/sign-in/link/").link("abc")
        'https://shop.example/sign-in/link/abc'
        """
        return f"{self.address}{secret}"


def make_link(staff_id: int, *, lives: timedelta, actor: Actor, now: datetime) -> str:
    """Make a link's secret; earlier links of the same person end."""
    secret = Signer(salt=LINK_SALT, sep=LINK_SEPARATOR).sign(secrets.token_urlsafe(32))
    with transaction.atomic():
        SignInLink.objects.filter(staff_id=staff_id, used_at__isnull=True).update(used_at=now)
        SignInLink.objects.create(
            staff_id=staff_id, digest=digest_of(secret), made_at=now, expires_at=now + lives
        )
        record(actor, "made sign-in link", f"staff:{staff_id}", now)
    return secret


def use_link(secret: str, now: datetime) -> int | None:
    """Use a link up; the id of the person whom it lets in, or None where it is of no use."""
    found = find_link(secret, now)
    if found is None:
        return None
    person = Actor(ActorKind.STAFF, str(found.staff_id))
    with transaction.atomic():
        fresh = SignInLink.objects.filter(pk=found.id, used_at__isnull=True)
        if not fresh.update(used_at=now):
            return None
        record(person, "used sign-in link", str(person), now)
    return found.staff_id


def forget_links(before: datetime, most: int = 10_000) -> int:
    """Delete links that have long ended; return how many."""
    old = SignInLink.objects.filter(expires_at__lt=before).order_by("expires_at")
    ids = old.values_list("pk", flat=True)[:most]
    return SignInLink.objects.filter(pk__in=list(ids)).delete()[0]
