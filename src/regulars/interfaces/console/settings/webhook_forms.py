"""Forms of webhooks."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final, cast, override

from django import forms
from django.utils.timezone import get_current_timezone

from regulars.apps.journal.webhooks.operations import Again, WebhookData
from regulars.apps.journal.webhooks.queries import State
from regulars.apps.journal.webhooks.registry import list_published
from regulars.apps.journal.webhooks.rules import LONGEST_OVERLAP, OVERLAP
from regulars.interfaces.console.forms import Filters, Form
from regulars.interfaces.console.settings.words import DELIVERY_STATES
from regulars.interfaces.console.words import spoken
from regulars.kernel.wording import say

_HOUR: Final = timedelta(hours=1)


def _events() -> list[tuple[str, object]]:
    return [
        (it.name, spoken(say("{name}: {what}", name=it.name, what=it.what)))
        for it in list_published()
    ]


class WebhookForm(Form):
    """Where a program is told, and of what."""

    address = forms.CharField(
        label=spoken(say("Address")),
        help_text=spoken(say("Where the program listens, such as https://erp.example/regulars.")),
        max_length=500,
        widget=forms.URLInput,
    )
    events = forms.MultipleChoiceField(
        label=spoken(say("Only these events")),
        help_text=spoken(say("None ticked: all of them, also those of later versions.")),
        choices=_events,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    @property
    def told(self) -> WebhookData:
        """What was told."""
        told = self.cleaned_data
        return WebhookData(address=told.get("address", ""), events=tuple(told.get("events", ())))


class RotationForm(Form):
    """How long the old secret signs beside the new one."""

    hours = forms.IntegerField(
        label=spoken(say("Hours until the old secret ends")),
        help_text=spoken(say("0 where somebody knows it who should not.")),
        initial=OVERLAP // _HOUR,
        min_value=0,
        max_value=LONGEST_OVERLAP // _HOUR,
    )


class AgainForm(Form):
    """Which deliveries are sent again."""

    which = forms.ChoiceField(
        label=spoken(say("Send again")),
        choices=[
            ("failed", spoken(say("all that were given up"))),
            ("since", spoken(say("all since a day, also those that arrived"))),
        ],
        widget=forms.RadioSelect,
        initial="failed",
    )
    since = forms.DateField(
        label=spoken(say("From the day")),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        required=False,
    )

    @override
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        told: Mapping[str, object] = self.cleaned_data
        if told.get("which") == "since" and not told.get("since") and not self.errors:
            self.add_error("since", str(spoken(say("Give a day."))))
        return cleaned

    @property
    def again(self) -> Again:
        """What was chosen."""
        if self.cleaned_data["which"] == "failed":
            return Again(failed=True)
        day = cast("date", self.cleaned_data["since"])
        return Again(since=datetime.combine(day, time(), get_current_timezone()))


class DeliveryFilters(Filters):
    """Which deliveries are wanted."""

    state = forms.ChoiceField(
        label=spoken(say("State")),
        choices=[
            ("", spoken(say("all"))),
            *((state.value, spoken(words)) for state, (words, _) in DELIVERY_STATES.items()),
        ],
    )
    customer = forms.IntegerField(
        label=spoken(say("Number of the customer")), min_value=1, max_value=2**63 - 1
    )

    def only(self) -> tuple[State | None, int | None]:
        """The state and the customer that are asked for."""
        told = self.wanted()
        state = cast("str", told.get("state", ""))
        return State(state) if state else None, cast("int | None", told.get("customer"))
