"""The form of how the firm writes to people."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, override

from django import forms

from regulars.apps.contact.rules.policy import Cap, Policy
from regulars.apps.contact.rules.purposes import Kind, Purpose
from regulars.interfaces.console.contact.words import KINDS, PURPOSES
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.words import spoken
from regulars.kernel.wording import Message, say

_HOURS_OF_A_DAY: Final = 24
_FEWEST_ROWS: Final = 4
_MOST_ROWS: Final = 20
_LONGEST: Final = 2000
_CLOCK: Final = forms.TimeInput({"type": "time"}, "%H:%M")


class PolicyForm(Form):
    """How the firm writes to people: in groups, as :data:`GROUPS` has them."""

    sender_name = forms.CharField(
        label=spoken(say("Name that mails are from")),
        help_text=spoken(say("Empty: the name of the company.")),
        max_length=200,
        required=False,
    )
    sender_address = forms.CharField(
        label=spoken(say("Address that mails are from")),
        help_text=spoken(say("Empty: the address of this installation.")),
        max_length=254,
        required=False,
    )
    reply_to = forms.CharField(
        label=spoken(say("Address that answers go to")),
        help_text=spoken(say("Empty: the address that mails are from.")),
        max_length=254,
        required=False,
    )
    country = forms.CharField(
        label=spoken(say("Country of telephone numbers without a country code")),
        help_text=spoken(say("Its code, such as LT.")),
        max_length=2,
        required=False,
    )
    asked_for = forms.MultipleChoiceField(
        label=spoken(say("Goes only to whoever said yes")),
        help_text=spoken(say("Everything else goes until somebody says no; service always goes.")),
        choices=[
            (it.value, spoken(word)) for it, word in PURPOSES.items() if it is not Purpose.SERVICE
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    double_opt_in = forms.BooleanField(
        label=spoken(say("A yes counts once a link that was sent is followed")), required=False
    )
    quiet_from = forms.TimeField(label=spoken(say("Quiet from")), widget=_CLOCK)
    quiet_until = forms.TimeField(label=spoken(say("Quiet until")), widget=_CLOCK)
    ask_days = forms.IntegerField(
        label=spoken(say("Days until somebody who was asked is asked again")), min_value=0
    )
    balance_free = forms.IntegerField(
        label=spoken(say("Promotions that anybody may get")), min_value=0
    )
    balance_days = forms.IntegerField(
        label=spoken(say("Within so many days")),
        help_text=spoken(say("0: promotions are not weighed.")),
        min_value=0,
    )
    balance_factor = forms.IntegerField(
        label=spoken(say("So many more for each good thing done for a customer")), min_value=0
    )
    throttles = forms.CharField(
        label=spoken(say("Mails a minute to a provider")),
        help_text=spoken(say("A domain and a number on each line, such as: gmail.com 100")),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    records_opens = forms.BooleanField(
        label=spoken(say("Keep that a mail was opened or a link in it followed")), required=False
    )
    colour = forms.CharField(
        label=spoken(say("Colour of headings and buttons")),
        max_length=7,
        widget=forms.TextInput({"type": "color"}),
    )
    logo = forms.CharField(
        label=spoken(say("Address of a picture at the head")),
        help_text=spoken(say("It begins with https://.")),
        max_length=500,
        required=False,
    )
    footer = forms.CharField(
        label=spoken(say("Text at the end, below name and address")),
        max_length=_LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, policy: Policy, told: Mapping[str, Any] | None = None) -> None:
        super().__init__(told, initial=_initial(policy))
        self._rows = max(len(policy.caps) + 1, _FEWEST_ROWS)
        if told is not None:
            posted = sum(name.startswith("cap_kind_") for name in told)
            self._rows = min(max(self._rows, posted), _MOST_ROWS)
        for row in range(self._rows):
            self._add_cap(row)

    def _add_cap(self, row: int) -> None:
        """A line that says how often is often enough."""
        kinds = [("", ""), *((it.value, spoken(KINDS[it])) for it in Kind if it in _CAPPED)]
        units = [("days", spoken(say("days"))), ("hours", spoken(say("hours")))]
        self.fields[f"cap_kind_{row}"] = forms.ChoiceField(
            label=spoken(say("Of")), choices=kinds, required=False
        )
        self.fields[f"cap_most_{row}"] = forms.IntegerField(
            label=spoken(say("at most")), min_value=0, required=False
        )
        self.fields[f"cap_window_{row}"] = forms.IntegerField(
            label=spoken(say("within")), min_value=1, max_value=9999, required=False
        )
        self.fields[f"cap_unit_{row}"] = forms.ChoiceField(
            label=spoken(say("unit")), choices=units, required=False
        )

    @property
    def cap_rows(self) -> list[list[forms.BoundField]]:
        """The lines of caps, each of four fields."""
        return [
            [self[f"cap_{part}_{row}"] for part in ("kind", "most", "window", "unit")]
            for row in range(self._rows)
        ]

    def clean_throttles(self) -> dict[str, int]:
        """Read a domain and a number from each line."""
        lines = str(self.cleaned_data["throttles"]).splitlines()
        return dict(_throttle(line) for line in lines if line.strip())

    @override
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        for row in range(self._rows):
            parts = [self.cleaned_data.get(f"cap_{it}_{row}") for it in ("most", "window")]
            if self.cleaned_data.get(f"cap_kind_{row}") and None in parts:
                message = say("Say how many, and within how long.")
                self.add_error(f"cap_kind_{row}", str(spoken(message)))
        return cleaned

    @property
    def policy(self) -> Policy:
        """What was told."""
        told = {
            name: value
            for name, value in self.cleaned_data.items()
            if not name.startswith("cap_") and name != "asked_for"
        }
        told["country"] = told["country"].upper()
        asked_for = frozenset(map(Purpose, self.cleaned_data["asked_for"]))
        return Policy(**told, asked_for=asked_for, caps=tuple(self._caps()))

    def _caps(self) -> Iterator[Cap]:
        for row in range(self._rows):
            kind = self.cleaned_data[f"cap_kind_{row}"]
            if kind:
                unit = self.cleaned_data[f"cap_unit_{row}"] or "days"
                window = timedelta(**{unit: self.cleaned_data[f"cap_window_{row}"]})
                yield Cap(Kind(kind), self.cleaned_data[f"cap_most_{row}"], window)


_CAPPED: Final = frozenset(Kind) - {Kind.SERVICE}


def _throttle(line: str) -> tuple[str, int]:
    domain, _, number = line.strip().rpartition(" ")
    if not domain or not (number.isascii() and number.isdigit()):
        message = say("{line} is no domain with a number: gmail.com 100", line=line.strip())
        raise forms.ValidationError(spoken(message))
    return domain.strip().lower(), int(number)


def _initial(policy: Policy) -> dict[str, object]:
    told = policy.json() | {
        "throttles": "\n".join(f"{domain} {most}" for domain, most in policy.throttles.items())
    }
    for row, cap in enumerate(policy.caps):
        hours = int(cap.window.total_seconds()) // 3600
        whole = hours % _HOURS_OF_A_DAY == 0
        told |= {
            f"cap_kind_{row}": cap.kind.value,
            f"cap_most_{row}": cap.most,
            f"cap_window_{row}": hours // _HOURS_OF_A_DAY if whole else hours,
            f"cap_unit_{row}": "days" if whole else "hours",
        }
    return told


GROUPS: Final[tuple[tuple[Message, Message, tuple[str, ...]], ...]] = (
    (
        say("Who writes"),
        say("What the recipient sees as the sender."),
        ("sender_name", "sender_address", "reply_to", "country"),
    ),
    (
        say("Who is asked first"),
        say("What takes a yes, and how a yes is given."),
        ("asked_for", "double_opt_in"),
    ),
    (
        say("When it is quiet"),
        say(
            "By the recipient's clock. What would go meanwhile waits for the end; mail that "
            "somebody waits for, such as a sign-in link, goes at once. The same time twice: never."
        ),
        ("quiet_from", "quiet_until"),
    ),
    (
        say("How often is often enough"),
        say("A line without a name is left out."),
        ("ask_days",),
    ),
    (
        say("Promotions weighed against good deeds"),
        say(
            "Whoever got many promotions gets no more, unless as much was done for him, such as "
            "a complaint that was settled well."
        ),
        ("balance_free", "balance_days", "balance_factor"),
    ),
    (
        say("How fast"),
        say("Providers refuse whoever sends them too much at once."),
        ("throttles",),
    ),
    (say("How mails look"), say("In light and in dark."), ("colour", "logo", "footer")),
    (
        say("What is kept"),
        say("Delivered, returned and reported as unwanted is always kept."),
        ("records_opens",),
    ),
)
"""The fields in groups: what the group is about, what it means, which fields."""
CAPS: Final = 3
"""The group that has the lines of caps."""
