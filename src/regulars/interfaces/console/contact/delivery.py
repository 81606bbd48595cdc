"""One delivery: why it went or did not, step by step."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.batches import cancel_delivery
from regulars.apps.contact.queries.delivery_card import DeliveryCard, get_delivery
from regulars.apps.contact.queries.said import find_said
from regulars.apps.contact.rules.purposes import Withheld
from regulars.apps.contact.rules.states import GONE, State
from regulars.apps.contact.rules.told import told_event
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Instant
from regulars.interfaces.console.contact.outbox import name_of, why
from regulars.interfaces.console.contact.words import (
    CHANNELS,
    CONSENTS,
    PURPOSES,
    SCOPES,
    WITHHELD,
    state_of,
)
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page, show
from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say
from regulars.reports.speech import Speaker

_PREVIEWED: Final[Mapping[str, Collection[str] | str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": ["https:", "data:"],
    "frame-ancestors": [CSP.SELF],
    "sandbox": "",
}
"""A mail brings its own styles and pictures; nothing of it runs or leads anywhere."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened with a delivery; ``text`` is in the provider's words."""

    at: datetime
    icon: str
    what: Message
    text: str = ""


def card_of(request: StaffRequest, number: int) -> DeliveryCard:
    """The delivery of a number.

    Raises:
        Http404: There is none, or none that the reader may see.
    """
    staff = request.staff
    try:
        return get_delivery(
            number, stores=staff.stores, in_clear=staff.may(Permission.READ_CONTACTS)
        )
    except InputError as error:
        raise Http404(str(error)) from error


@require_GET
@page(Permission.READ_DELIVERIES)
def delivery(request: StaffRequest, number: int) -> HttpResponse:
    """One delivery."""
    card, moment = card_of(request, number), now()
    row = card.row
    context = {
        "card": card,
        "row": row,
        "title": row.label or request.speaker.say(PURPOSES[row.purpose]),
        "name": name_of(row),
        "why": why(row, moment, request.speaker),
        "state": state_of(row),
        "behind": list(_behind(card, request.speaker)),
        "steps": list(_steps(card)),
        "purpose": PURPOSES[row.purpose],
        "channel": CHANNELS[row.channel] if row.channel else None,
        "waits": row.state is State.PLANNED,
        "whole": request.staff.stores is None,
        "said": find_said(number),
    }
    return show(request, "console/contact/delivery.html.jinja", context)


def _steps(card: DeliveryCard) -> Iterator[Step]:
    """What happened, in its order."""
    row = card.row
    happened = [Step(row.made_at, "note", say("It was planned."))]
    if row.gone_at is not None:
        happened.append(Step(row.gone_at, "outbox", _gone(card), row.transport))
    if row.ended_at is not None and row.state not in GONE:
        happened.append(Step(row.ended_at, "trail", _ENDED[row.state], row.detail))
    happened += [
        Step(
            it.at, "trail", told_event(it.kind), " · ".join(filter(None, (it.provider, it.detail)))
        )
        for it in card.events
    ]
    yield from sorted(happened, key=lambda it: it.at)


def _gone(card: DeliveryCard) -> Message:
    if card.row.state is State.UNCERTAIN:
        return say("It was, or may have been, handed to the provider.")
    return say("It was handed to the provider.")


_ENDED: Final = {
    State.SKIPPED: say("It was decided that it does not go."),
    State.HELD_OUT: say("It was decided that it does not go."),
    State.FAILED: say("It was given up."),
}


def _behind(card: DeliveryCard, speaker: Speaker) -> Iterator[Message]:
    """What the decision came of."""
    if card.said is not None:
        yield say(
            "{purpose} by {channel}: the customer {said} ({at}).",
            purpose=PURPOSES[card.row.purpose],
            channel=CHANNELS[card.said.channel],
            said=CONSENTS[card.said.state],
            at=Instant(card.said.at).shown(speaker),
        )
    for row in card.withheld:
        yield say(
            "Since {at} this address gets none of: {scope}. Why: {reason}.",
            at=Instant(row.at).shown(speaker),
            scope=SCOPES[row.scope],
            reason=say("{note}", note=row.note)
            if row.note and row.reason is Withheld.MANUAL
            else WITHHELD[row.reason],
        )
    for held in card.held:
        yield say(
            "Held back since {at}: {reason} ({source}).",
            at=Instant(held.placed_at).shown(speaker),
            reason=held.reason,
            source=held.source,
        )


@csp_override(_PREVIEWED)
@xframe_options_sameorigin
@require_GET
@page(Permission.READ_DELIVERIES)
def preview(request: StaffRequest, number: int) -> HttpResponse:
    """The mail as it looks, in a frame of its own in which nothing runs."""
    card_of(request, number)
    said = find_said(number)
    if said is None or not said.html:
        raise Http404(f"The delivery {number} has no mail to show.")
    return HttpResponse(said.html)


@require_http_methods(["GET", "POST"])
@page(Permission.WRITE_DELIVERIES)
def cancel(request: StaffRequest, number: int) -> HttpResponse:
    """Cancel a delivery that waits, once it was asked."""
    card = card_of(request, number)
    if request.method == "POST":
        if cancel_delivery(number, actor=request.staff.actor, now=now()):
            return done(request, say("The message is cancelled."), "delivery", number)
        return done(request, say("It no longer waited."), "delivery", number)
    question = Question(
        title=say("Cancel this message?"),
        text=say("It does not go, and is not tried again: {label}.", label=card.batch.called),
        button=say("Cancel the message"),
        back=reverse("delivery", args=[number]),
        grave=True,
    )
    return ask(request, question, "outbox")
