"""How the firm writes to people, in plain words."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.policy import put_policy
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.policy import Policy, problems_of_policy
from regulars.interfaces.clock import now
from regulars.interfaces.console.contact.policy_form import CAPS, GROUPS, PolicyForm
from regulars.interfaces.console.contact.words import KINDS, PURPOSES
from regulars.interfaces.console.pages import StaffRequest, done, page, show
from regulars.kernel.wording import Message, say
from regulars.reports.speech import Speaker


@require_http_methods(["GET", "HEAD", "POST"])
@page(Permission.READ_SETTINGS, to_write=Permission.WRITE_SETTINGS)
def policy(request: StaffRequest) -> HttpResponse:
    """How the firm writes to people."""
    kept = get_policy()
    form = PolicyForm(kept, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        problems = list(problems_of_policy(form.policy))
        form.refuse_each(problems)
        if not problems:
            put_policy(form.policy, actor=request.staff.actor, now=now())
            return done(request, say("Saved."), "policy")
    context = {
        "form": form,
        "groups": GROUPS,
        "caps": CAPS,
        "told": _told(kept, request.speaker),
        "writes": request.staff.may(Permission.WRITE_SETTINGS),
    }
    return show(request, "console/contact/policy.html.jinja", context)


def _told(kept: Policy, speaker: Speaker) -> list[tuple[Message, str]]:
    """The policy for whoever may not change it."""
    asked = [speaker.say(PURPOSES[it]) for it in PURPOSES if it in kept.asked_for]
    caps = [
        speaker.say(
            say(
                "{kind}: {n} within {hours} hours",
                kind=KINDS[it.kind],
                n=it.most,
                hours=int(it.window.total_seconds()) // 3600,
            )
        )
        for it in kept.caps
    ]
    return [
        (say("Name that mails are from"), kept.sender_name),
        (say("Address that mails are from"), kept.sender_address),
        (say("Address that answers go to"), kept.reply_to),
        (say("Quiet from"), f"{kept.quiet_from:%H:%M}"),
        (say("Quiet until"), f"{kept.quiet_until:%H:%M}"),
        (say("Goes only to whoever said yes"), " · ".join(asked)),
        (say("How often is often enough"), " · ".join(caps)),
        (
            say("Days until somebody who was asked is asked again"),
            speaker.value(kept.ask_days),
        ),
        (
            say("Mails a minute to a provider"),
            " · ".join(f"{domain} {most}" for domain, most in kept.throttles.items()),
        ),
    ]
