"""Forms of the settings."""

from typing import Any, cast, override

from django import forms

from regulars.apps.accounts.queries import StaffRow
from regulars.apps.accounts.rules import GRANTS, Access, Permission, Role
from regulars.apps.firm.rules import Company, Weekday
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.settings.words import DUTIES, ROLES, WEEKDAYS
from regulars.interfaces.console.words import spoken
from regulars.interfaces.languages import LANGUAGE_NAMES
from regulars.kernel.wording import say


def _roles() -> list[tuple[str, object]]:
    return [
        (role.value, spoken(say("{role}: {duties}", role=ROLES[role], duties=DUTIES[role])))
        for role in Role
    ]


class AccessForm(Form):
    """What somebody may do, and where."""

    role = forms.ChoiceField(
        label=spoken(say("Role")), choices=_roles, widget=forms.RadioSelect, initial=Role.AGENT
    )
    every_store = forms.BooleanField(
        label=spoken(say("Sees every store")), required=False, initial=True
    )
    stores = forms.CharField(
        label=spoken(say("Stores")),
        help_text=spoken(say("One a line, as orders name them, where not every store is seen.")),
        required=False,
        max_length=10_000,
        widget=forms.Textarea({"rows": 3}),
    )
    sees_contacts = forms.BooleanField(
        label=spoken(say("Sees names and addresses, whatever the role")), required=False
    )

    @classmethod
    def of(cls, row: StaffRow) -> "AccessForm":
        """The form of somebody who works here."""
        return cls(
            initial={
                "role": row.role.value,
                "every_store": row.stores is None,
                "stores": "\n".join(sorted(row.stores or ())),
                "sees_contacts": row.sees_contacts,
            }
        )

    def clean_stores(self) -> str:
        """Refuse names that the records could not hold."""
        told = cast("str", self.cleaned_data["stores"])
        if any(len(line.strip()) > 100 for line in told.splitlines()):  # noqa: PLR2004 - the column
            raise forms.ValidationError(spoken(say("A store's name has at most 100 characters.")))
        return told

    @override
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if not self.cleaned_data.get("every_store") and not self._stores():
            self.add_error("stores", str(spoken(say("Name a store, or tick every store."))))
        return cleaned

    @property
    def access(self) -> Access:
        """What was chosen."""
        told = self.cleaned_data
        return Access(
            Role(told["role"]),
            None if told["every_store"] else self._stores(),
            told["sees_contacts"],
        )

    def _stores(self) -> frozenset[str]:
        lines = str(self.cleaned_data.get("stores", "")).splitlines()
        return frozenset(line.strip() for line in lines if line.strip())


class InviteForm(AccessForm):
    """Somebody who is taken on."""

    email = forms.EmailField(label=spoken(say("E-mail address")), max_length=254)
    name = forms.CharField(label=spoken(say("Name")), max_length=200)
    language = forms.ChoiceField(
        label=spoken(say("Language")), choices=list(LANGUAGE_NAMES.items()), initial="en"
    )
    field_order = ("email", "name", "language", "role", "every_store", "stores", "sees_contacts")


class NameForm(Form):
    """How somebody is called."""

    name = forms.CharField(label=spoken(say("Name")), max_length=200)


class MeForm(NameForm):
    """How I am called, and what is spoken to me."""

    language = forms.ChoiceField(
        label=spoken(say("Language")), choices=list(LANGUAGE_NAMES.items())
    )


class KeyForm(Form):
    """A key to be made."""

    name = forms.CharField(
        label=spoken(say("Name of the program")),
        help_text=spoken(say("What will show the key, such as: till in the north.")),
        max_length=100,
    )
    role = forms.ChoiceField(
        label=spoken(say("Role")), choices=_roles, widget=forms.RadioSelect, initial=Role.MANAGER
    )
    scopes = forms.MultipleChoiceField(
        label=spoken(say("Only these rights of the role")),
        help_text=spoken(say("None ticked: all that the role may.")),
        choices=[(right.value, right.value) for right in Permission],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    days = forms.IntegerField(
        label=spoken(say("Days until it expires")),
        help_text=spoken(say("Empty: it lives until it is ended.")),
        required=False,
        min_value=1,
        max_value=3650,
    )

    @override
    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        told = self.cleaned_data
        beyond = set(told.get("scopes", ())) - GRANTS.get(told.get("role", ""), frozenset())
        if beyond:
            message = say("The role has no right {rights}.", rights=", ".join(sorted(beyond)))
            self.add_error("scopes", str(spoken(message)))
        return cleaned

    @property
    def only(self) -> frozenset[Permission] | None:
        """The rights that were ticked; None where all of the role's are meant."""
        return frozenset(map(Permission, self.cleaned_data["scopes"])) or None


class CompanyForm(Form):
    """Who the firm is."""

    name = forms.CharField(label=spoken(say("Name")), max_length=200, required=False)
    address = forms.CharField(
        label=spoken(say("Postal address")),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    currency = forms.CharField(
        label=spoken(say("Currency of the books")),
        help_text=spoken(say("Its code, such as EUR.")),
        max_length=3,
    )
    time_zone = forms.CharField(
        label=spoken(say("Time zone")),
        help_text=spoken(say("Where its days begin, such as Europe/Riga.")),
        max_length=64,
    )
    language = forms.ChoiceField(
        label=spoken(say("Language to customers whose own is not known")),
        choices=list(LANGUAGE_NAMES.items()),
    )
    week_start = forms.ChoiceField(
        label=spoken(say("First day of the week")),
        choices=[(day.value, spoken(WEEKDAYS[day])) for day in Weekday],
    )

    @property
    def company(self) -> Company:
        """What was told."""
        told = self.cleaned_data
        return Company(
            name=told["name"],
            address=told["address"],
            currency=told["currency"].upper(),
            time_zone=told["time_zone"],
            language=told["language"],
            week_start=Weekday(told["week_start"]),
        )


class PeriodForm(Form):
    """For how many days something is kept."""

    days = forms.IntegerField(
        label=spoken(say("Days")),
        help_text=spoken(say("Empty: it is kept for ever.")),
        required=False,
        min_value=1,
    )


class SecondStepForm(Form):
    """Which roles owe a second step."""

    roles = forms.MultipleChoiceField(
        label=spoken(say("Roles that show a second factor")),
        choices=lambda: [(role.value, spoken(ROLES[role])) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
