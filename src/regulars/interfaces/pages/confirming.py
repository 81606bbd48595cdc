"""Double opt-in: a yes counts once whoever reads the messages of the address confirms it."""

from django.http import HttpRequest, HttpResponse

from regulars.apps.contact.operations.asking import confirm_consent
from regulars.apps.contact.queries.consents import ConsentRow, find_consent_event
from regulars.apps.contact.queries.preferences import Recipient, find_recipient
from regulars.apps.contact.rules.purposes import Consent
from regulars.apps.contact.tokens import CONFIRM_LIVES, preferences_token, read_confirm
from regulars.interfaces.clock import now
from regulars.interfaces.pages.frame import recipients_page, show
from regulars.interfaces.pages.lines import lines_of
from regulars.interfaces.pages.words import words_of
from regulars.kernel.actors import customer_himself


@recipients_page(read_confirm)
def confirm(request: HttpRequest, event: int) -> HttpResponse:
    """Show what somebody said yes to, and on the answer make it count."""
    asked, moment = find_consent_event(event), now()
    reader = None if asked is None else find_recipient(asked.customer)
    if asked is None or reader is None:
        return show(request, "nobody")
    if asked.state is not Consent.PENDING or moment - asked.at > CONFIRM_LIVES:
        return show(request, "over", reader=reader, status=410)
    if request.method == "POST":
        proof = {"page": "confirm"}
        actor = customer_himself(reader.number)
        confirm_consent(event, proof=proof, actor=actor, now=moment)
        reader = find_recipient(asked.customer) or reader
    return _show(request, asked, reader)


def _show(request: HttpRequest, asked: ConsentRow, reader: Recipient) -> HttpResponse:
    pair = (asked.purpose, asked.channel)
    said = reader.said.get(pair)
    if said is not Consent.GRANTED and (said is not Consent.PENDING or request.method == "POST"):
        return show(request, "over", reader=reader, status=410)
    row, key = reader.addresses.get(asked.channel), str(asked.proof.get("address_key", ""))
    address = row.masked if row is not None and row.key == key else ""
    context = {
        "lines": lines_of([pair], {asked.channel: address}),
        "words": words_of(asked),
        "done": said is Consent.GRANTED,
        "preferences": preferences_token(asked.customer, key),
    }
    return show(request, "confirm", context, reader=reader)
