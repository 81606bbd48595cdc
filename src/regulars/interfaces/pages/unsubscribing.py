"""Unsubscribing: a look changes nothing, as scanners of mail follow every link; a POST does."""

from collections.abc import Collection, Mapping

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
from regulars.interfaces.pages.lines import lines_of, pairs_of
from regulars.interfaces.pages.words import wording_for
from regulars.kernel.actors import customer_himself

_AGAIN, _EVERY = "again", "everything"
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
    if request.POST.get("do") == _AGAIN:
        return _again(request, opened, reader)
    return _stop(request, opened, reader)


def _asked(request: HttpRequest, opened: Unsubscribing, reader: Recipient) -> HttpResponse:
    one = (opened.purpose, opened.channel)
    standing = reader.standing(*one)
    return _show(request, "unsubscribe", opened, reader, lines=[one], standing=standing)


def _stop(request: HttpRequest, opened: Unsubscribing, reader: Recipient) -> HttpResponse:
    every = request.POST.get("do") == _EVERY or opened.purpose is Purpose.SERVICE
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
    stopped = {pair for pair in reader.coming if pair[0] in purposes and pair[1] in channels}
    one = (opened.purpose, opened.channel)
    return _show(request, "unsubscribed", opened, reader, lines=stopped or [one])


def _again(request: HttpRequest, opened: Unsubscribing, reader: Recipient) -> HttpResponse:
    wanted = pairs_of(request.POST.getlist("pair"))
    speaker = speaker_for(request, reader)
    wishes = Wishes(
        page="unsubscribe",
        yes=wanted,
        words={purpose: wording_for(purpose, speaker) for purpose, _ in wanted},
        shown_in=speaker.language,
    )
    save_preferences(Preferring(opened.customer, opened.key), wishes, now=now())
    reader = find_recipient(opened.customer) or reader
    comes = [pair for pair in wanted if reader.standing(*pair) is Standing.YES]
    waits = [pair for pair in wanted if reader.standing(*pair) is Standing.WAITING]
    return _show(request, "again", opened, reader, lines=comes, waits=waits)


def _show(  # noqa: PLR0913 - what is shown, of whom, and how it stands
    request: HttpRequest,
    template: str,
    opened: Unsubscribing,
    reader: Recipient,
    *,
    lines: Collection[Pair],
    waits: Collection[Pair] = (),
    standing: Standing | None = None,
) -> HttpResponse:
    addresses = _addresses(opened, reader)
    context = {
        "lines": lines_of(lines, addresses),
        "waits": lines_of(waits, addresses),
        "standing": standing,
        "preferences": preferences_token(opened.customer, opened.key),
    }
    return show(request, template, context, reader=reader)


def _addresses(opened: Unsubscribing, reader: Recipient) -> Mapping[Channel, str]:
    """Her addresses, unless the link was sent to one that may be somebody else's by now."""
    used = reader.addresses
    if opened.channel in used and not opened.reached(used[opened.channel].key):
        return {}
    return {channel: row.masked for channel, row in used.items()}
