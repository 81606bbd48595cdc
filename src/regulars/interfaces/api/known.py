"""What is known of a customer beside his own words: ids of other sources, notes, who cares."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.journal.operations import record_seen
from regulars.apps.people.operations import (
    add_identity,
    add_note,
    assign_contact_person,
    change_note,
    remove_identity,
    remove_note,
)
from regulars.apps.people.queries import (
    NoteRow,
    external_ids,
    find_note,
    get_customer_card,
    list_identities,
    list_notes,
    numbers_of,
)
from regulars.apps.people.rules import LONGEST_NOTE, LONGEST_SOURCE
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now
from regulars.kernel.problems import problems_of_id

router = Router()
notes = Router()

type Number = Annotated[int, Path(ge=1, lt=2**63)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class IdentityIO(_In):
    """An id that a source knows a customer by."""

    source: str = Field(min_length=1, max_length=LONGEST_SOURCE)
    id: str = Field(min_length=1, max_length=200)


class Identities(BaseModel):
    """Every id of a customer, merged records included."""

    customer_id: str
    items: list[IdentityIO]


class ContactPersonIO(_In):
    """Who of the staff looks after a customer, and who does so meanwhile, by their ids."""

    contact_person: int | None = Field(None, ge=1, lt=2**63)
    substitute: int | None = Field(None, ge=1, lt=2**63)


class NoteIn(_In):
    """A note."""

    text: str = Field(min_length=1, max_length=LONGEST_NOTE)


class NoteOut(BaseModel):
    """A note; ``author`` is an actor, as staff:3."""

    id: int
    customer_id: str
    author: str
    text: str
    at: datetime
    changed_at: datetime | None


class Notes(BaseModel):
    """A page of notes, newest first; ``next`` is the cursor of the following page."""

    items: list[NoteOut]
    next: int | None


class Removed(BaseModel):
    """Something is gone."""

    removed: bool


@router.get(
    "/{id}/identities",
    auth=Bearer(Permission.READ_CONTACTS),
    response=Identities,
    summary="List a customer's ids",
)
def get_identities(request: HttpRequest, id: str) -> Identities:  # noqa: A002 - the path's name
    """Every id that a source knows the customer by."""
    number = _seen(request, id)
    return _identities(id, number)


@router.post(
    "/{id}/identities",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response={200: Identities, 201: Identities},
    summary="Add an id of another source",
)
def post_identity(request: HttpRequest, id: str, told: IdentityIO) -> HttpResponse:  # noqa: A002 - the path's name
    """Say that a source knows the customer by an id too."""
    key, moment, number = caller(request), now(), number_of(id)
    if errors := as_errors(
        [*problems_of_id("source", told.source), *problems_of_id("id", told.id)]
    ):
        raise RefusedError(422, "A field cannot be used.", errors)

    def act() -> tuple[int, object]:
        new = add_identity(number, told.source, told.id, actor=key.actor, now=moment)
        return (201 if new else 200), _identities(id, number).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/{id}/identities/remove",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response=Identities,
    summary="Remove an id of a source",
)
def post_identity_removed(request: HttpRequest, id: str, told: IdentityIO) -> HttpResponse:  # noqa: A002 - the path's name
    """Say that a source does not know the customer by an id after all; the last one stays."""
    key, moment, number = caller(request), now(), number_of(id)

    def act() -> tuple[int, object]:
        remove_identity(number, told.source, told.id, actor=key.actor, now=moment)
        return 200, _identities(id, number).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get(
    "/{id}/contact-person",
    auth=Bearer(Permission.READ_CUSTOMERS),
    response=ContactPersonIO,
    summary="Show who looks after a customer",
)
def get_contact_person(request: HttpRequest, id: str) -> ContactPersonIO:  # noqa: A002 - the path's name
    """Who of the staff looks after the customer."""
    card = get_customer_card(_seen(request, id))
    return ContactPersonIO(contact_person=card.contact_person, substitute=card.substitute)


@router.put(
    "/{id}/contact-person",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response=ContactPersonIO,
    summary="Say who looks after a customer",
)
def put_contact_person(request: HttpRequest, id: str, told: ContactPersonIO) -> HttpResponse:  # noqa: A002 - the path's name
    """Say who of the staff looks after the customer, and who does so meanwhile."""
    key, moment, number = caller(request), now(), number_of(id)

    def act() -> tuple[int, object]:
        assign_contact_person(
            number, told.contact_person, told.substitute, actor=key.actor, now=moment
        )
        return 200, told.model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get(
    "/{id}/notes",
    auth=Bearer(Permission.READ_CONTACTS),
    response=Notes,
    summary="List the notes on a customer",
)
def get_notes(
    request: HttpRequest,
    id: str,  # noqa: A002 - the path's name
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Notes:
    """The notes on the customer, newest first."""
    found = list_notes(_seen(request, id), before=before, limit=limit + 1)
    page = [_note(row, id) for row in found[:limit]]
    return Notes(items=page, next=page[-1].id if len(found) > limit else None)


@router.post(
    "/{id}/notes",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response={201: NoteOut},
    summary="Write a note on a customer",
)
def post_note(request: HttpRequest, id: str, told: NoteIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Write a note on the customer."""
    key, moment, number = caller(request), now(), number_of(id)

    def act() -> tuple[int, object]:
        note = add_note(number, told.text, actor=key.actor, now=moment)
        return 201, _shown(note)

    return answer_once(request, key.actor, moment, act)


@notes.put(
    "/{id}",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response=NoteOut,
    summary="Write a note anew",
)
def put_note(request: HttpRequest, id: Number, told: NoteIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Write one's own note anew."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        _shown(id)
        change_note(id, told.text, actor=key.actor, now=moment)
        return 200, _shown(id)

    return answer_once(request, key.actor, moment, act)


@notes.post(
    "/{id}/remove",
    auth=Bearer(Permission.WRITE_CUSTOMERS),
    response=Removed,
    summary="Take a note away",
)
def post_note_removed(request: HttpRequest, id: Number) -> HttpResponse:  # noqa: A002 - the path's name
    """Take a note away, whoever wrote it."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        _shown(id)
        remove_note(id, actor=key.actor, now=moment)
        return 200, {"removed": True}

    return answer_once(request, key.actor, moment, act)


def number_of(id_: str) -> int:
    """The number of a customer.

    Raises:
        RefusedError: Nobody is known by that id.
    """
    number = numbers_of([id_]).get(id_)
    if number is None:
        raise RefusedError(404, f"There is no customer {id_}.")
    return number


def _seen(request: HttpRequest, id_: str) -> int:
    number = number_of(id_)
    record_seen(caller(request).actor, f"customer:{number}", now())
    return number


def _identities(id_: str, number: int) -> Identities:
    items = [IdentityIO(source=row.source, id=row.id) for row in list_identities(number)]
    return Identities(customer_id=id_, items=items)


def _shown(note: int) -> object:
    row = find_note(note)
    if row is None:
        raise RefusedError(404, f"There is no note {note}.")
    id_ = external_ids([row.number]).get(row.number, "")
    return _note(row, id_).model_dump(mode="json")


def _note(row: NoteRow, id_: str) -> NoteOut:
    return NoteOut(
        id=row.id,
        customer_id=id_,
        author=row.author,
        text=row.text,
        at=row.at,
        changed_at=row.changed_at,
    )
