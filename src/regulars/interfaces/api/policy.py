"""How the firm writes to people."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.policy import Policy, problems_of_policy, read_policy
from regulars.apps.contact.rules.purposes import Kind, Purpose
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.fields import Lines, Text200, Whole
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()

_DEFAULT = Policy()
Clock = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""A time of the day, as 21:00."""


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class CapIO(_In):
    """So many messages of a class within a window that moves with the clock."""

    kind: Kind
    most: int = Field(ge=0, le=100_000)
    hours: int = Field(ge=1, le=366 * 24)


class PolicyIO(_In):
    """How the firm writes."""

    sender_name: Text200 = Field("", description="Empty for the firm's name.")
    sender_address: str = Field("", description="Empty for that of the installation.")
    reply_to: str = Field("", description="Empty for the sender.")
    country: str = Field("", description="Whose numbers have no country code, as LT.")
    quiet_from: Clock = Field("21:00", description="By the recipient's clock.")
    quiet_until: Clock = Field("08:00", description="The same as the beginning: never.")
    asked_for: list[Purpose] = Field(
        default_factory=lambda: sorted(_DEFAULT.asked_for),
        description="What goes only to whoever said yes.",
    )
    double_opt_in: bool = Field(
        default=True, description="Whether a yes counts only once a link is followed."
    )
    caps: list[CapIO] = Field(
        default_factory=lambda: [
            CapIO(kind=Kind.PROMOTION, most=1, hours=24),
            CapIO(kind=Kind.PROMOTION, most=3, hours=168),
        ],
        description="How often is often enough.",
        max_length=20,
    )
    balance_days: Whole = Field(90, description="How long a promotion weighs.")
    balance_free: Whole = Field(13, description="So many promotions weigh nothing.")
    balance_factor: Whole = Field(2, description="So many more for each good deed.")
    ask_days: Whole = Field(90, description="How long somebody is not asked again.")
    throttles: dict[str, int] = Field(
        default_factory=dict, description="Mails a minute, by the domain of their recipients."
    )
    records_opens: bool = Field(default=False, description="Whether opens and clicks are kept.")
    colour: str = Field("#1f5f8b", description="Of headings and buttons in mails.")
    logo: str = Field("", description="The https address of a picture at their head.")
    footer: Lines = Field("", description="What stands at their end.", max_length=2000)


@router.get(
    "/messages",
    auth=Bearer(Permission.READ_SETTINGS),
    response=PolicyIO,
    summary="Show how the firm writes",
)
def get_message_policy(request: HttpRequest) -> PolicyIO:
    """How the firm writes to people."""
    return PolicyIO.model_validate(get_policy().json())


@router.put(
    "/messages",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=PolicyIO,
    summary="Say how the firm writes",
)
def put_message_policy(request: HttpRequest, told: PolicyIO) -> HttpResponse:
    """Say how the firm writes to people; what is left out is as it was at first."""
    key, moment = caller(request), now()
    policy = read_policy(told.model_dump(mode="json"))
    if errors := as_errors(problems_of_policy(policy)):
        raise RefusedError(422, "A field cannot be used.", errors)

    def act() -> tuple[int, object]:
        put_policy(policy, actor=key.actor, now=moment)
        return 200, PolicyIO.model_validate(get_policy().json()).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)
