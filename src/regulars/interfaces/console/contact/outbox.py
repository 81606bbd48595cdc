"""The outbox: what waits, went and did not, narrowed, paged and downloaded."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final, cast

from django import forms
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.utils.timezone import get_current_timezone
from django.views.decorators.http import require_GET

from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.queries.batches import list_senders
from regulars.apps.contact.queries.deliveries import (
    DeliveryRow,
    OnlyDeliveries,
    count_deliveries,
    count_states,
    list_deliveries,
)
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.rules.states import Reason, State
from regulars.apps.contact.rules.told import told
from regulars.apps.journal.operations import record
from regulars.interfaces.clock import now
from regulars.interfaces.console.cells import Cell, Instant, Link, Number, Text
from regulars.interfaces.console.contact.words import (
    CHANNELS,
    PURPOSES,
    REASONS,
    STATES,
    sender_name,
    state_of,
)
from regulars.interfaces.console.forms import Filters
from regulars.interfaces.console.pages import StaffRequest, page
from regulars.interfaces.console.tables import (
    COUNTED,
    Column,
    Empty,
    Source,
    Table,
    listing,
    save_list,
    show_list,
)
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import Message, say
from regulars.reports.speech import Speaker

_DAY: Final = forms.DateInput({"type": "date"}, "%Y-%m-%d")
_LONGEST_PLACE: Final = 19
_FIRST: Final = "-made"


def why(row: DeliveryRow, at: datetime, speaker: Speaker) -> Message:
    """Why a delivery went or did not, with the time until which it waits by the reader's clock."""
    waits = Instant(row.due_at).shown(speaker) if row.due_at > at else None
    return told(row.state, row.reason, due_at=waits, became=row.became)


def deliveries_table(
    speaker: Speaker, at: datetime, *, id_: str = "outbox", customer: bool = True
) -> Table[DeliveryRow]:
    """The columns.

    Args:
        speaker: In which language.
        at: The time.
        id_: The element's name.
        customer: Whether to whom is said: not where all of them go to one.
    """
    to_whom = Column[DeliveryRow](key="customer", heading=say("To whom"), cell=_customer)
    where = Column[DeliveryRow](key="to", heading=say("Address"), cell=_address)
    return Table[DeliveryRow](
        id=id_,
        caption=say("Messages"),
        sort=_FIRST,
        columns=(
            Column(key="message", heading=say("Message"), cell=lambda row: _message(row, speaker)),
            to_whom if customer else where,
            Column(key="state", heading=say("State"), cell=state_of),
            Column(
                key="reason",
                heading=say("Why"),
                cell=lambda row: Text(speaker.say(why(row, at, speaker)), code=_code(row)),
            ),
            Column(
                key="made",
                heading=say("Planned"),
                cell=lambda row: Instant(row.made_at),
                sort=True,
                down=True,
            ),
            *_hidden(),
        ),
        empty=Empty(
            title=say("Nothing has been written to anybody yet"),
            text=say(
                "Whatever is to go out stands here first: what waits, what went, what did not, "
                "and why."
            ),
        ),
    )


def _hidden() -> list[Column[DeliveryRow]]:
    """What a download has beside what is seen."""
    cells: dict[str, Callable[[DeliveryRow], Cell | None]] = {
        "number": lambda row: Number(row.number),
        "destination": lambda row: Text(row.destination),
        "batch": lambda row: Number(row.batch),
        "sender": lambda row: Text(row.sender),
        "purpose": lambda row: Text(row.purpose),
        "channel": lambda row: Text(row.channel) if row.channel else None,
        "became": lambda row: Text(row.became) if row.became else None,
        "due_at": lambda row: Instant(row.due_at),
        "gone_at": lambda row: Instant(row.gone_at) if row.gone_at else None,
        "ended_at": lambda row: Instant(row.ended_at) if row.ended_at else None,
    }
    return [
        Column(key=key, heading=say("{name}", name=key), cell=cell, hidden=True)
        for key, cell in cells.items()
    ]


def _message(row: DeliveryRow, speaker: Speaker) -> Link:
    purpose = speaker.say(PURPOSES[row.purpose])
    address = reverse_lazy("delivery", args=[row.number])
    return Link(row.label or purpose, address, under=purpose if row.label else "")


def _customer(row: DeliveryRow) -> Cell | None:
    if row.customer is None:
        return Text(row.destination)
    address = reverse_lazy("customer", args=[row.customer.number])
    return Link(name_of(row), address, under=row.destination)


def _address(row: DeliveryRow) -> Cell | None:
    return Text(row.destination) if row.destination else None


def name_of(row: DeliveryRow) -> str:
    """What the customer is called whom a delivery is for; empty for somebody of the staff."""
    it = row.customer
    return "" if it is None else it.name or f"#{it.number}"


def _code(row: DeliveryRow) -> str:
    return row.reason.value if row.reason else row.state.value


class DeliveryFilters(Filters):
    """Which deliveries are wanted."""

    first = ("state", "purpose")

    state = forms.ChoiceField(label=spoken(say("State")))
    purpose = forms.ChoiceField(label=spoken(say("What for")))
    reason = forms.ChoiceField(label=spoken(say("Why")))
    channel = forms.ChoiceField(label=spoken(say("By what way")))
    sender = forms.ChoiceField(label=spoken(say("Sent by")))
    since = forms.DateField(label=spoken(say("From the day")), widget=_DAY)
    until = forms.DateField(label=spoken(say("To the day")), widget=_DAY)
    batch = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def offer(self) -> None:
        """Fill the choices."""
        self._choose("state", [(it.value, word) for it, word in STATES.items()])
        self._choose("purpose", [(it.value, word) for it, word in PURPOSES.items()])
        self._choose("reason", [(it.value, word) for it, word in REASONS.items()])
        self._choose("channel", [(it.value, word) for it, word in CHANNELS.items()])
        self._choose("sender", [(it, sender_name(it)) for it in list_senders()])

    def _choose(self, name: str, choices: Sequence[tuple[str, Message]]) -> None:
        field = cast("forms.ChoiceField", self.fields[name])
        said = [(value, str(spoken(word))) for value, word in choices]
        field.choices = [("", str(spoken(say("all")))), *said]

    def only(
        self, stores: frozenset[str] | None = None, customers: Sequence[int] | None = None
    ) -> OnlyDeliveries:
        """What is asked for, within what the reader may see."""
        wanted = self.wanted()
        since = cast("date | None", wanted.get("since"))
        until = cast("date | None", wanted.get("until"))
        return OnlyDeliveries(
            state=self.one_of("state", State),
            reason=self.one_of("reason", Reason),
            purpose=self.one_of("purpose", Purpose),
            channel=self.one_of("channel", Channel),
            sender=cast("str | None", wanted.get("sender")),
            batch=cast("int | None", wanted.get("batch")),
            since=_start_of(since) if since else None,
            until=_start_of(until + timedelta(days=1)) if until else None,
            stores=stores,
            customers=customers,
        )


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), get_current_timezone())


def read_place(text: str) -> int | None:
    """The place in a list by number.

    Raises:
        OptionError: It is none.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < _LONGEST_PLACE):
        raise OptionError(
            say("{after} is no place of the list.", after=text),
            accepted=say("Give one that a page of it gave."),
        )
    return int(text)


def deliveries_source(only: OnlyDeliveries, staff: StaffRow) -> Source[DeliveryRow]:
    """Where the rows come from."""
    in_clear = staff.may(Permission.READ_CONTACTS)
    return Source[DeliveryRow](
        fetch=lambda sort, after, limit: list_deliveries(
            only,
            newest=sort == _FIRST,
            after=read_place(after),
            limit=limit,
            in_clear=in_clear,
        ),
        place=lambda row, _: str(row.number),
    )


@require_GET
@page(Permission.READ_DELIVERIES)
def outbox(request: StaffRequest) -> HttpResponseBase:
    """What waits, went and did not, the newest first."""
    form = DeliveryFilters(request.GET)
    form.offer()
    staff = request.staff
    only = form.only(staff.stores)
    table, source = deliveries_table(request.speaker, now()), deliveries_source(only, staff)
    if request.GET.get("as") == "csv":
        record(staff.actor, "downloaded", "outbox", now(), {"by": sorted(form.wanted())})
        return save_list(request, table, source)
    shown = listing(
        request, table, source, form=form, count=lambda most: count_deliveries(only, most=most)
    )
    whole = request.htmx.target != table.id
    return show_list(
        request,
        "console/contact/outbox.html.jinja",
        shown,
        counts=_counts(staff) if whole else [],
        of_batch=only.batch,
    )


def _counts(staff: StaffRow) -> list[tuple[State, Message, int, bool]]:
    """How many are in each state that has any, and whether there are more."""
    counted = count_states(staff.stores, most=COUNTED + 1)
    return [
        (state, word, min(counted[state], COUNTED), counted[state] > COUNTED)
        for state, word in STATES.items()
        if counted[state]
    ]
