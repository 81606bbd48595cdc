"""Whether mails of the firm's domain are believed: asked of the name system when staff press."""

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.deliverability.checking import check_domain
from regulars.apps.contact.deliverability.findings import About, Report, Severity
from regulars.apps.contact.deliverability.names import Dns
from regulars.apps.contact.queries.own_domain import own_sender, sending_from
from regulars.interfaces.console.forms import Form
from regulars.interfaces.console.pages import StaffRequest, page, show
from regulars.interfaces.console.words import spoken
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

_MOST_SELECTORS = 10
ABOUT = {
    About.DOMAIN: say("The domain"),
    About.SPF: say("Servers that may send (SPF)"),
    About.DKIM: say("Signature (DKIM)"),
    About.DMARC: say("What happens to forged mails (DMARC)"),
    About.ALIGNMENT: say("Where mails come back to"),
    About.ONE_CLICK: say("Unsubscribing with one click"),
}
"""What findings are about, for people."""
SEVERITIES = {
    Severity.GOOD: (say("in order"), "good"),
    Severity.NOTE: (say("could be better"), ""),
    Severity.WARNING: (say("to be mended"), "warn"),
    Severity.PROBLEM: (say("keeps mails from arriving"), "bad"),
}
"""How grave a finding is, for people, and its tone."""


class CheckForm(Form):
    """The domain that is looked at."""

    domain = forms.CharField(
        label=spoken(say("Domain or address that mails are from")),
        max_length=320,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    selectors = forms.CharField(
        label=spoken(say("DKIM selectors")),
        help_text=spoken(
            say("Names that your provider gives its keys, with spaces between them.")
        ),
        max_length=400,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def report(self) -> Report | None:
        """What is found; None where the domain is none, which is said beside its field."""
        if not self.is_valid():
            return None
        selectors = self.cleaned_data["selectors"].replace(",", " ").split()[:_MOST_SELECTORS]
        try:
            sending = sending_from(self.cleaned_data["domain"], selectors)
        except InputError as error:
            self.refuse(error, "domain")
            return None
        return check_domain(sending, Dns())


@require_GET
@page(Permission.READ_SETTINGS)
def believed(request: StaffRequest) -> HttpResponse:
    """Whether mails of the firm's domain are believed."""
    asked = "domain" in request.GET
    form = CheckForm(request.GET if asked else None, initial={"domain": own_sender()})
    context = {
        "form": form,
        "report": form.report() if asked else None,
        "about": ABOUT,
        "severities": SEVERITIES,
    }
    return show(request, "console/contact/believed.html.jinja", context)
