"""The first page of the settings: what there is to set."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from regulars.apps.accounts.rules import Permission
from regulars.interfaces.console.pages import StaffRequest, page, show
from regulars.interfaces.console.sections import Section, sections_for
from regulars.kernel.wording import say

SETTINGS = (
    Section("company", say("The company"), Permission.READ_SETTINGS, "home"),
    Section("staff", say("Staff and roles"), Permission.READ_SETTINGS, "people"),
    Section("keys", say("Keys of programs"), Permission.READ_SETTINGS, "key"),
    Section("webhooks", say("Webhooks"), Permission.READ_SETTINGS, "out"),
    Section("policy", say("How we write"), Permission.READ_SETTINGS, "outbox"),
    Section("believed", say("Are our mails believed?"), Permission.READ_SETTINGS, "outbox"),
    Section("retention", say("How long what is kept"), Permission.READ_SETTINGS, "settings"),
    Section("trail", say("Audit trail"), Permission.READ_TRAIL, "trail"),
)
"""The pages of the settings, in their order."""
_TEXTS = {
    "company": say("Its name, its currency, where its days and weeks begin."),
    "staff": say("Who signs in, what he may do, and in which stores."),
    "keys": say("What tills, shops and scripts show to read and write."),
    "webhooks": say("Which programs of your own are told what happens."),
    "policy": say("Who mails are from, quiet hours, how often is often enough."),
    "believed": say("What mailbox providers find of your domain: SPF, DKIM, DMARC."),
    "retention": say("What goes for good once it is old."),
    "trail": say("Who did and saw what."),
}


@require_GET
@page(Permission.READ_SETTINGS)
def settings(request: StaffRequest) -> HttpResponse:
    """What there is to set."""
    offered = [(it, _TEXTS[it.name]) for it in sections_for(request.staff, SETTINGS)]
    return show(request, "console/settings/index.html.jinja", {"offered": offered})
