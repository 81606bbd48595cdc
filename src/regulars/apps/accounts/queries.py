"""Reads: which key somebody showed, who works here, who is signed in where."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.core.signing import BadSignature, Signer
from django.db.models import Exists, OuterRef, QuerySet

from regulars.apps.accounts.models import ApiKey, SecondStep, Session, SignInLink, Staff
from regulars.apps.accounts.rules import (
    LINK_SALT,
    LINK_SEPARATOR,
    SECOND_STEPS,
    Access,
    Permission,
    Role,
    allows,
)
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
    """Somebody who works here.

    Attributes:
        id: The number that he is known by.
        email: Where he is written to, and what he signs in with.
        name: How he is called.
        role: What he is to the firm.
        language: What is spoken to him.
        stores: The stores that he sees; None for every store.
        sees_contacts: Whether he was granted to see how customers are reached.
        active: Whether he may sign in.
        signed_in_at: When he last did.
        has_second_step: Whether he shows more than one factor to sign in.
        owes_second_step: Whether his role has to, and he does not.
        has_password: Whether he chose one.
    """

    id: int
    email: str
    name: str
    role: Role
    language: str
    stores: frozenset[str] | None
    sees_contacts: bool
    active: bool = True
    signed_in_at: datetime | None = None
    has_second_step: bool = False
    owes_second_step: bool = False
    has_password: bool = False

    @property
    def access(self) -> Access:
        """What he may do, and where."""
        return Access(self.role, self.stores, self.sees_contacts)

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
    return _first(_staff().filter(pk=staff_id, is_active=True))


def find_colleague(staff_id: int) -> StaffRow | None:
    """Somebody of the staff, whether or not he may sign in."""
    return _first(_staff().filter(pk=staff_id))


def find_staff_by_email(email: str) -> StaffRow | None:
    """Somebody of the staff by his address, whether or not he may sign in."""
    return _first(_staff().filter(email=email.strip().lower()))


def find_first_owner() -> StaffRow | None:
    """The owner who has been here longest and may sign in."""
    owners = _staff().filter(role=Role.OWNER.value, is_active=True)
    return _first(owners.order_by("pk"))


def list_staff() -> list[StaffRow]:
    """Everybody, those who may sign in first, by name."""
    people = _staff().prefetch_related("stores").order_by("-is_active", "name", "pk")
    return [_row(person) for person in people]


def list_roles_of_second_step() -> frozenset[Role]:
    """The roles that have to show more than one factor."""
    return frozenset(Role(role) for role in SecondStep.objects.values_list("role", flat=True))


def _staff() -> QuerySet[Staff]:
    factors = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=SECOND_STEPS)
    rules = SecondStep.objects.filter(role=OuterRef("role"))
    return Staff.objects.annotate(has_second=Exists(factors), needs_second=Exists(rules))


def _first(people: QuerySet[Staff]) -> StaffRow | None:
    person = people.first()
    return None if person is None else _row(person)


def _row(person: Staff) -> StaffRow:
    stores = None
    if not person.every_store:
        stores = frozenset(row.store for row in person.stores.all())
    has_second = bool(person.has_second)  # type: ignore[attr-defined]
    return StaffRow(
        id=person.pk,
        email=person.email,
        name=person.name,
        role=Role(person.role),
        language=person.language,
        stores=stores,
        sees_contacts=person.sees_contacts,
        active=person.is_active,
        signed_in_at=person.last_login,
        has_second_step=has_second,
        owes_second_step=bool(person.needs_second) and not has_second,  # type: ignore[attr-defined]
        has_password=person.has_usable_password(),
    )


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser in which somebody is signed in.

    Attributes:
        id: What it is called here; the session's key stays secret.
        browser: What the browser calls itself.
        began_at: When he signed in.
        seen_at: When he was last there, within ten minutes.
        this: Whether it is the one that asks.
    """

    id: str
    browser: str
    began_at: datetime | None
    seen_at: datetime | None
    this: bool


def list_sessions(staff_id: int, mine: str, now: datetime) -> list[SessionRow]:
    """Where somebody is signed in, the newest first.

    Args:
        staff_id: Who.
        mine: The key of the session that asks.
        now: The time.
    """
    alive = Session.objects.filter(staff_id=staff_id, expire_date__gt=now)
    return [
        SessionRow(
            session_id(row.session_key),
            row.browser,
            row.began_at,
            row.seen_at,
            row.session_key == mine,
        )
        for row in alive.order_by("-seen_at")
    ]


def session_id(key: str) -> str:
    """What a session is called where its key must not be shown."""
    return digest_of(key)[:16]


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A factor beside the address: an app that counts codes, a passkey, recovery codes."""

    id: int
    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None


def list_factors(staff_id: int) -> list[FactorRow]:
    """The factors of somebody, the oldest first."""
    return [
        FactorRow(it.pk, it.type, it.data.get("name", ""), it.created_at, it.last_used_at)
        for it in Authenticator.objects.filter(user_id=staff_id).order_by("pk")
    ]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A sign-in link that still lets somebody in."""

    id: int
    staff_id: int
    name: str


def find_link(secret: str, now: datetime) -> LinkRow | None:
    """The link of a secret, where it lets somebody in; looking does not use it up."""
    try:
        Signer(salt=LINK_SALT, sep=LINK_SEPARATOR).unsign(secret)
    except BadSignature:
        return None
    link = (
        SignInLink.objects.select_related("staff")
        .filter(used_at__isnull=True, expires_at__gt=now, staff__is_active=True)
        .filter(digest=digest_of(secret))
        .first()
    )
    return None if link is None else LinkRow(link.pk, link.staff_id, link.staff.name)


def count_sessions(before: datetime) -> int:
    """How many sessions had ended at an instant."""
    return Session.objects.filter(expire_date__lt=before).count()


def count_links(before: datetime) -> int:
    """How many sign-in links had ended at an instant."""
    return SignInLink.objects.filter(expires_at__lt=before).count()


def digest_of(secret: str) -> str:
    """What is kept of a key's secret, which is random and long: no slow hash is needed.

    >>> len(digest_of("rg_1"))
    64
    """
    return hashlib.sha256(secret.encode()).hexdigest()


_KEY = "SELECT * FROM accounts_apikey WHERE digest = %s"


def find_key(secret: str, now: datetime) -> KeyRow | None:
    """The living key of a secret."""
    # every request asks this: the statement is not built anew each time
    for key in ApiKey.objects.raw(_KEY, [digest_of(secret)]):
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
