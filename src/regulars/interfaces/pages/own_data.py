"""A person's own data: asked for, and opened by a link that is sent to the known address."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from regulars.apps.contact.operations.own_data import send_data_link
from regulars.apps.contact.operations.planning import WAYS
from regulars.apps.contact.queries.preferences import Recipient, find_recipient
from regulars.apps.contact.tokens import (
    Preferring,
    read_my_data,
    read_preferences,
)
from regulars.apps.people.operations import erase_person, export_person
from regulars.interfaces.clock import now
from regulars.interfaces.pages.frame import recipients_page, show
from regulars.interfaces.pages.lines import Way
from regulars.interfaces.pages.words import by_way
from regulars.kernel.actors import customer_himself
from regulars.kernel.errors import InputError


@recipients_page(read_preferences)
def ask_my_data(request: HttpRequest, opened: Preferring) -> HttpResponse:
    """Send a link to the known address of somebody who asks for his data.

    A letter may be passed on, and its link of preferences with it: that alone shows no data.
    """
    reader = find_recipient(opened.customer)
    if reader is None:
        return show(request, "nobody")
    ways = [way for way in WAYS if way in reader.addresses]
    context: dict[str, object] = {
        "ways": [Way(by_way(way, reader.addresses[way].masked), way.value) for way in ways],
        "sent": None,
    }
    wanted = [way for way in ways if way == request.POST.get("by")]
    if wanted:
        new = send_data_link(reader.number, wanted[0], now=now())
        address = reader.addresses[wanted[0]].masked
        context |= {"sent": by_way(wanted[0], address), "new": new}
    return show(request, "ask_my_data", context, reader=reader)


def _read(token: str) -> int | None:
    return read_my_data(token, now())


@recipients_page(_read, closed="over", status=410)
def my_data(request: HttpRequest, customer: int) -> HttpResponse:
    """Show what can be done, and on the answer give out everything that is known, as a file."""
    reader = find_recipient(customer)
    if reader is None:
        return show(request, "nobody")
    if request.method == "POST":
        return _export(request, reader)
    return show(request, "my_data", reader=reader)


@recipients_page(_read, closed="over", status=410)
def erase_my_data(request: HttpRequest, customer: int) -> HttpResponse:
    """Say what an erasure means, and on the answer erase."""
    reader = find_recipient(customer)
    if reader is None:
        return show(request, "nobody")
    if request.method == "POST":
        try:
            erase_person(reader.number, actor=customer_himself(reader.number), now=now())
        except InputError:  # somebody else did so meanwhile
            return show(request, "nobody")
        return show(request, "erased", reader=reader)
    return show(request, "erase_my_data", reader=reader)


def _export(request: HttpRequest, reader: Recipient) -> HttpResponse:
    moment = now()
    try:
        told = export_person(reader.number, actor=customer_himself(reader.number), now=moment)
    except InputError:
        return show(request, "nobody")
    answer = JsonResponse(
        {"exported_at": moment, "apps": told},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer
