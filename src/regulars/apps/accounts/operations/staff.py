"""Staff: who works here, in which role, and for which stores."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from regulars.apps.accounts.letters import invitation
from regulars.apps.accounts.models import SecondStep, Session, SignInLink, Staff, StaffStore
from regulars.apps.accounts.operations.links import Door, make_link
from regulars.apps.accounts.operations.mail import post_letter
from regulars.apps.accounts.rules import INVITATION_LIVES, Access, Role
from regulars.apps.journal.operations import record
from regulars.kernel.actors import Actor, ActorKind
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

_OWNERS = (Role.OWNER.value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """Somebody who is taken on.

    Attributes:
        email: His address.
        name: How he is called.
        access: What he may do, and where.
        language: What is spoken to him.
    """

    email: str
    name: str
    access: Access = field(default_factory=lambda: Access(Role.AGENT))
    language: str = "en"


def add_staff(
    email: str,
    name: str,
    role: Role,
    *,
    actor: Actor,
    now: datetime,
    every_store: bool = True,
) -> int:
    """Take somebody on; somebody known by that address stays as he is. Return his id.

    Raises:
        InputError: The address is none, or there is no name.
    """
    access = Access(role, None if every_store else frozenset())
    return take_on(Newcomer(email=email, name=name, access=access), actor=actor, now=now)


def take_on(newcomer: Newcomer, *, actor: Actor, now: datetime) -> int:
    """Take somebody on; somebody known by that address stays as he is. Return his id.

    Raises:
        InputError: The address is none, or there is no name.
    """
    with transaction.atomic():
        known = Staff.objects.filter(email=_address(newcomer.email)).first()
        return _take_on(newcomer, actor, now) if known is None else known.pk


def invite_staff(newcomer: Newcomer, door: Door, *, actor: Actor, now: datetime) -> int:
    """Take somebody on and write him a letter with a link that lets him in once.

    Raises:
        InputError: Somebody has that address, the address is none, or there is no name.
    """
    with transaction.atomic():
        if Staff.objects.filter(email=_address(newcomer.email)).exists():
            raise InputError(
                say("{email} works here already.", email=_address(newcomer.email)),
                accepted=say("Give the address of somebody who does not."),
            )
        staff_id = _take_on(newcomer, actor, now)
        _write(Staff.objects.get(pk=staff_id), door, actor, now)
    return staff_id


def send_link(staff_id: int, door: Door, *, actor: Actor, now: datetime) -> None:
    """Write somebody a letter with a new link; the one before ends.

    Raises:
        InputError: He does not work here, or no longer.
    """
    with transaction.atomic():
        person = _locked(staff_id)
        if not person.is_active:
            raise InputError(
                say("{name} may not sign in.", name=person.name),
                accepted=say("Let him in again first."),
            )
        _write(person, door, actor, now)


def change_access(staff_id: int, access: Access, *, actor: Actor, now: datetime) -> None:
    """Give somebody another role, other stores, or the sight of contacts.

    Raises:
        InputError: It is oneself, or the last owner.
    """
    with transaction.atomic():
        person = _locked(staff_id)
        _refuse_self(person, actor)
        if access.role is not Role.OWNER:
            _refuse_last_owner(person)
        before = _access(person)
        if before == access:
            return
        person.role = access.role.value
        person.every_store = access.stores is None
        person.sees_contacts = access.sees_contacts
        person.save(update_fields=["role", "every_store", "sees_contacts"])
        _give_stores(person, access)
        told = {"from": before.told(), "to": access.told()}
        record(actor, "changed access", f"staff:{person.pk}", now, told)


def rename_staff(staff_id: int, name: str, *, actor: Actor, now: datetime) -> None:
    """Call somebody by another name.

    Raises:
        InputError: It is empty.
    """
    with transaction.atomic():
        person = _locked(staff_id)
        if person.name == _name(name):
            return
        person.name = _name(name)
        person.save(update_fields=["name"])
        record(actor, "renamed staff", f"staff:{person.pk}", now)


def deactivate_staff(staff_id: int, *, actor: Actor, now: datetime) -> None:
    """Let somebody in no more: his sessions and links end at once.

    Raises:
        InputError: It is oneself, or the last owner.
    """
    with transaction.atomic():
        person = _locked(staff_id)
        _refuse_self(person, actor)
        _refuse_last_owner(person)
        if not person.is_active:
            return
        person.is_active = False
        person.save(update_fields=["is_active"])
        Session.objects.filter(staff=person).delete()
        SignInLink.objects.filter(staff=person, used_at__isnull=True).update(used_at=now)
        record(actor, "deactivated staff", f"staff:{person.pk}", now)


def reactivate_staff(staff_id: int, *, actor: Actor, now: datetime) -> None:
    """Let somebody in again."""
    with transaction.atomic():
        person = _locked(staff_id)
        if person.is_active:
            return
        person.is_active = True
        person.save(update_fields=["is_active"])
        record(actor, "reactivated staff", f"staff:{person.pk}", now)


def forget_factors(staff_id: int, *, actor: Actor, now: datetime) -> int:
    """Take away somebody's second factors, as when the telephone is lost; return how many.

    Raises:
        InputError: It is oneself.
    """
    with transaction.atomic():
        person = _locked(staff_id)
        _refuse_self(person, actor)  # they go one by one, once they were shown
        gone = Authenticator.objects.filter(user_id=person.pk).delete()[0]
        if gone:
            Session.objects.filter(staff=person).delete()
            record(actor, "removed factors", f"staff:{person.pk}", now, {"factors": gone})
    return gone


def require_second_step(roles: Iterable[Role], *, actor: Actor, now: datetime) -> None:
    """Have exactly these roles show more than one factor to sign in."""
    wanted = {role.value for role in roles}
    with transaction.atomic():
        before = set(SecondStep.objects.values_list("role", flat=True))
        if before == wanted:
            return
        SecondStep.objects.exclude(role__in=wanted).delete()
        SecondStep.objects.bulk_create(
            [SecondStep(role=role) for role in sorted(wanted)], ignore_conflicts=True
        )
        told = {"from": sorted(before), "to": sorted(wanted)}
        record(actor, "changed second step", "settings:second-step", now, told)


def set_language(staff_id: int, language: str) -> None:
    """Speak another language to somebody."""
    Staff.objects.filter(pk=staff_id).update(language=language)


def _take_on(newcomer: Newcomer, actor: Actor, now: datetime) -> int:
    person = Staff(
        email=_address(newcomer.email),
        name=_name(newcomer.name),
        role=newcomer.access.role.value,
        language=newcomer.language,
        every_store=newcomer.access.stores is None,
        sees_contacts=newcomer.access.sees_contacts,
        joined_at=now,
    )
    person.set_unusable_password()
    person.save()
    _give_stores(person, newcomer.access)
    record(actor, "added staff", f"staff:{person.pk}", now, newcomer.access.told())
    return person.pk


def _write(person: Staff, door: Door, actor: Actor, now: datetime) -> None:
    secret = make_link(person.pk, lives=INVITATION_LIVES, actor=actor, now=now)
    letter = invitation(person.email, person.language, door.link(secret), now + INVITATION_LIVES)
    post_letter(letter, now)


def _give_stores(person: Staff, access: Access) -> None:
    wanted = access.stores or frozenset()
    person.stores.exclude(store__in=wanted).delete()
    StaffStore.objects.bulk_create(
        [StaffStore(staff=person, store=store) for store in sorted(wanted)], ignore_conflicts=True
    )


def _access(person: Staff) -> Access:
    stores = frozenset(person.stores.values_list("store", flat=True))
    return Access(Role(person.role), None if person.every_store else stores, person.sees_contacts)


def _locked(staff_id: int) -> Staff:
    """Somebody, with every owner locked beside him: the last of them is known for certain."""
    owners = Staff.objects.filter(role__in=_OWNERS)
    both = (owners | Staff.objects.filter(pk=staff_id)).order_by("pk").select_for_update()
    for person in both:
        if person.pk == staff_id:
            return person
    raise InputError(
        say("Nobody here has the number {id}.", id=str(staff_id)),
        accepted=say("Look at the list of the staff."),
    )


def _refuse_self(person: Staff, actor: Actor) -> None:
    if actor == Actor(ActorKind.STAFF, str(person.pk)):
        raise InputError(
            say("Nobody changes what he himself may do."),
            accepted=say("Ask another owner."),
        )


def _refuse_last_owner(person: Staff) -> None:
    owner = person.role in _OWNERS and person.is_active
    others = Staff.objects.filter(role__in=_OWNERS, is_active=True).exclude(pk=person.pk)
    if owner and not others.exists():
        raise InputError(
            say("{name} is the last owner.", name=person.name),
            accepted=say("Make somebody else an owner first."),
        )


def _address(email: str) -> str:
    told = email.strip().lower()
    try:
        validate_email(told)
    except ValidationError as error:
        raise InputError(
            say("{email} is no e-mail address.", email=told or "—"),
            accepted=say("Give one such as ona@shop.example."),
        ) from error
    return told


def _name(name: str) -> str:
    told = " ".join(name.split())
    if not told or len(told) > 200:  # noqa: PLR2004 - the column is as wide
        raise InputError(
            say("A name has 1 to 200 characters."), accepted=say("Give a first and a last name.")
        )
    return told
