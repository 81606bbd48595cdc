"""Unsubscribing: a look changes nothing, as scanners of mail follow every link; a POST does."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse

from regulars.apps.contact.operations.consents import withdraw
from regulars.apps.contact.operations.preferences import Wishes, save_preferences
from regulars.apps.contact.queries.preferences import Pair, Recipient, find_recipient
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.standing import EVERYTHING, Standing
from regulars.apps.contact.tokens import (
    Preferring,
    Unsubscribing,
    preferences_token,
    read_unsubscribe,
)
from regulars.interfaces.clock import now
from regulars.interfaces.pages.frame import recipients_page, show, speaker_for
from regulars.interfaces.pages.lines import line_of, pairs_of
from regulars.interfaces.pages.words import wording_for
from regulars.kernel.actors import customer_himself

AGAIN, EVERY = "again", "everything"
_ONE_CLICK = "List-Unsubscribe"


@recipients_page(read_unsubscribe)
def unsubscribe(request: HttpRequest, opened: Unsubscribing) -> HttpResponse:
    """Ask, and on the answer take somebody out of a purpose, or out of everything; or in again.

    A POST is answered where it was sent to: mail programs follow no redirect (RFC 8058).
    """
    reader = find_recipient(opened.customer)
    if reader is None:
        return show(request, "nobody")
    if request.method != "POST":
        return _asked(request, opened, reader)
    if request.POST.get("do") == AGAIN:
        return _again(request, opened, reader)
    return _stop(request, opened, reader)


def _asked(request: HttpRequest, opened: Unsubscribing, reader: Recipient) -> HttpResponse:
    one = (opened.purpose, opened.channel)
    over = reader.standing(*one) is not Standing.YES
    return _show(request, "unsubscribe", opened, reader, [one], over=over)


def _stop(request: HttpRequest, opened: Unsubscribing, reader: Recipient) -> HttpResponse:
    every = request.POST.get("do") == EVERY or opened.purpose is Purpose.SERVICE
    purposes = {*EVERYTHING, opened.purpose} if every else {opened.purpose}
    channels = tuple(Channel) if every else (opened.channel,)
    withdraw(
        opened.customer,
        purposes,
        channels,
        proof={
            "page": "unsubscribe",
            "by": "one click" if _ONE_CLICK in request.POST else "the page",
            "address_key": opened.key,
        },
        actor=customer_himself(reader.number),
        now=now(),
    )
    one = (opened.purpose, opened.channel)
    stopped = [pair for pair in reader.coming if pair[0] in purposes and pair[1] in channels]
    return _show(request, "unsubscribed", opened, reader, stopped or [one], every=every)


def _again(request: HttpRequest, opened: Unsubscribing, reader: Recipient) -> HttpResponse:
    wanted = pairs_of(request.POST.getlist("pair"))
    speaker = speaker_for(request, reader)
    save_preferences(
        Preferring(opened.customer, opened.key),
        Wishes(
            page="unsubscribe",
            yes=wanted,
            words={purpose: wording_for(purpose, speaker) for purpose, _ in wanted},
            shown_in=speaker.language,
        ),
        now=now(),
    )
    return _show(request, "again", opened, find_recipient(opened.customer) or reader, wanted)


def _show(
    request: HttpRequest,
    template: str,
    opened: Unsubscribing,
    reader: Recipient,
    pairs: Iterable[Pair],
    **more: object,
) -> HttpResponse:
    lines = [line_of(pair, _address(opened, reader, pair[1])) for pair in sorted(pairs)]
    preferences = preferences_token(opened.customer, opened.key)
    context = {"lines": lines, "preferences": preferences, "waits": _waits(reader, pairs)}
    return show(request, template, context | more, reader=reader)


def _waits(reader: Recipient, pairs: Iterable[Pair]) -> bool:
    return any(reader.standing(*pair) is Standing.WAITING for pair in pairs)


def _address(opened: Unsubscribing, reader: Recipient, channel: Channel) -> str:
    """The address, unless the link was sent to another, which may be somebody else's by now."""
    row = reader.addresses.get(channel)
    if row is None or (channel is opened.channel and not opened.reached(row.key)):
        return ""
    return row.masked
