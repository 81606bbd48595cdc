"""What customers said of being written to, and the words that they were asked to agree to."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.asking import ask_consent
from regulars.apps.contact.operations.consents import ConsentData, put_consent, record_consents
from regulars.apps.contact.operations.wordings import put_wording as keep_wording
from regulars.apps.contact.queries.consents import (
    ConsentRow,
    list_consent_events,
    list_consents,
    list_wordings,
)
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.addresses import LONGEST_ADDRESS, problems_of_address
from regulars.apps.contact.rules.consents import (
    LONGEST_VERSION,
    LONGEST_WORDING,
    problems_of_said,
    problems_of_wording,
)
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
from regulars.apps.journal.operations import record_seen
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.fields import Lines, Text100, Text1000, Time, Whole
from regulars.interfaces.api.known import number_of
from regulars.interfaces.api.pages import Id
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now
from regulars.kernel.problems import Problem
from regulars.kernel.wording import say

router = Router()
wordings = Router()

type OfPurpose = Annotated[Purpose, Path(description="What it is about.")]


class ConsentIn(BaseModel):
    """What a customer said."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    channel: Channel = Field(Channel.EMAIL, description="By which way.")
    state: Consent = Field(description="`pending` asks him first; see `confirm`.")
    basis: Basis = Field(Basis.CONSENT, description="By what right he is written to.")
    at: Time | None = Field(None, description="When he said it; now where it is left out.")
    wording: str = Field(
        "", max_length=LONGEST_VERSION, description="The version of the words he agreed to."
    )
    language: str = Field("", max_length=10, description="In which language he read them.")
    proof: dict[Text100, Text1000 | Whole | bool | None] = Field(
        default_factory=dict,
        max_length=50,
        description="What shows that he did, such as a form's name and the IP.",
    )
    address: Lines = Field(
        "", max_length=LONGEST_ADDRESS, description="Where he was asked, where that is known."
    )
    confirm: bool = Field(
        default=False,
        description="Whether a yes counts only once he follows a link that is sent to him "
        "(double opt-in). It counts at once by post, and where the firm wants no such links.",
    )


class ConsentOut(BaseModel):
    """What a customer said; ``actor`` is who wrote it down, as key:2."""

    purpose: Purpose
    channel: Channel
    state: Consent
    basis: Basis
    at: datetime
    wording: str
    language: str
    proof: dict[str, object]
    recorded_at: datetime
    actor: str


class Consents(BaseModel):
    """What a person last said, and all that he ever said, the last first."""

    customer_id: str
    items: list[ConsentOut]
    history: list[ConsentOut]


class WordingIn(BaseModel):
    """Words that people are asked to agree to."""

    model_config = ConfigDict(extra="forbid")

    version: str = Field(min_length=1, max_length=LONGEST_VERSION)
    language: str = Field(max_length=10, description="A tag such as lt or zh-hans.")
    text: Lines = Field(min_length=1, max_length=LONGEST_WORDING)


class WordingOut(BaseModel):
    """Words that people are or were asked to agree to."""

    purpose: Purpose
    version: str
    language: str
    text: str
    made_at: datetime


class Wordings(BaseModel):
    """Every wording, by purpose, the newest first."""

    items: list[WordingOut]


@router.get(
    "/{id}/consents",
    auth=Bearer(Permission.READ_CONTACTS),
    response=Consents,
    summary="Show what a customer agreed to",
)
def get_consents(request: HttpRequest, id: Id) -> Consents:  # noqa: A002 - the path's name
    """What the person said of each purpose and channel, merged records included."""
    number = number_of(id)
    record_seen(caller(request).actor, f"customer:{number}", now())
    return Consents(
        customer_id=id,
        items=[_out(row) for row in list_consents(number)],
        history=[_out(row) for row in list_consent_events(number)],
    )


@router.put(
    "/{id}/consents/{purpose}",
    auth=Bearer(Permission.WRITE_CONTACTS),
    response={200: ConsentOut, 201: ConsentOut},
    summary="Record what a customer said",
)
def put_consents(
    request: HttpRequest,
    id: Id,  # noqa: A002 - the path's name
    purpose: OfPurpose,
    told: ConsentIn,
) -> HttpResponse:
    """Write down a yes or a no. Nothing is replaced: the last word counts, by its time.

    The same again is 200. What is said without a time is new only where it is something else.
    """
    key, moment, number = caller(request), now(), number_of(id)
    data = _data(number, purpose, told, moment)
    if errors := as_errors(_problems(data, told, moment)):
        raise RefusedError(422, "A field cannot be used.", errors)

    def act() -> tuple[int, object]:
        if told.confirm or told.state is Consent.PENDING:
            asked = replace(data, state=Consent.GRANTED)
            new = ask_consent(asked, actor=key.actor, now=moment) is not None
        elif told.at is None:
            new = put_consent(data, actor=key.actor, now=moment)
        else:
            new = record_consents([data], actor=key.actor, now=moment) > 0
        [row] = [
            row
            for row in list_consents(number)
            if (row.purpose, row.channel) == (purpose, told.channel)
        ]
        return (201 if new else 200), _out(row).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@wordings.get(
    "", auth=Bearer(Permission.READ_TEMPLATES), response=Wordings, summary="List wordings"
)
def get_wordings(
    request: HttpRequest,
    purpose: Annotated[Purpose | None, Query(description="Only those of one purpose.")] = None,
) -> Wordings:
    """What people are or were asked to agree to, word for word."""
    return Wordings(
        items=[
            WordingOut(
                purpose=row.purpose,
                version=row.version,
                language=row.language,
                text=row.text,
                made_at=row.made_at,
            )
            for row in list_wordings(purpose)
        ]
    )


@wordings.put(
    "/{purpose}",
    auth=Bearer(Permission.WRITE_TEMPLATES),
    response={200: Wordings, 201: Wordings},
    summary="Keep a wording",
)
def put_wording(request: HttpRequest, purpose: OfPurpose, told: WordingIn) -> HttpResponse:
    """Keep the words that people are asked to agree to; other words take another version."""
    key, moment = caller(request), now()
    if errors := as_errors(problems_of_wording(told.version, told.language, told.text)):
        raise RefusedError(422, "A field cannot be used.", errors)

    def act() -> tuple[int, object]:
        new = keep_wording(
            purpose, told.version, told.language, told.text, actor=key.actor, now=moment
        )
        return (201 if new else 200), get_wordings(request, purpose).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


def _data(number: int, purpose: Purpose, told: ConsentIn, moment: datetime) -> ConsentData:
    return ConsentData(
        customer=number,
        purpose=purpose,
        channel=told.channel,
        state=told.state,
        basis=told.basis,
        at=told.at or moment,
        wording=told.wording,
        language=told.language,
        proof=told.proof,
        address=told.address,
    )


def _problems(data: ConsentData, told: ConsentIn, moment: datetime) -> Iterable[Problem]:
    yield from problems_of_said(data, moment)
    if told.address:
        country = get_policy().country
        yield from problems_of_address("address", told.channel, told.address, country)
    if told.confirm and told.state not in {Consent.GRANTED, Consent.PENDING}:
        yield Problem("confirm", say("A no is not confirmed: leave it out."))
    if (told.confirm or told.state is Consent.PENDING) and told.at is not None:
        yield Problem("at", say("Who is asked is asked now: leave it out."))


def _out(row: ConsentRow) -> ConsentOut:
    return ConsentOut(
        purpose=row.purpose,
        channel=row.channel,
        state=row.state,
        basis=row.basis,
        at=row.at,
        wording=row.wording,
        language=row.language,
        proof=dict(row.proof),
        recorded_at=row.recorded_at,
        actor=row.actor,
    )
