"""Everything known of a customer: given out as a file, or forgotten."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from regulars.apps.accounts.rules import Permission
from regulars.apps.people.operations import erase_person, export_person
from regulars.interfaces.clock import now
from regulars.interfaces.console.customers.card import card_of, name_on
from regulars.interfaces.console.pages import Question, StaffRequest, ask, done, page
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say


@require_GET
@page(Permission.EXPORT_CUSTOMERS)
def export(request: StaffRequest, number: int) -> HttpResponse:
    """Everything that every app knows of a customer, as a file; that it was given out is kept."""
    card, moment = card_of(request, number), now()
    try:
        told = export_person(card.number, actor=request.staff.actor, now=moment)
    except InputError as error:
        messages.error(request, request.speaker.say(error.message))
        return redirect("customer", card.number)
    answer = JsonResponse(
        {"customer": card.number, "exported_at": moment, "apps": told},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    answer["Content-Disposition"] = f'attachment; filename="customer-{card.number}.json"'
    return answer


@require_http_methods(["GET", "POST"])
@page(Permission.ERASE_CUSTOMERS)
def erase(request: StaffRequest, number: int) -> HttpResponse:
    """Forget everything personal of a customer, once it was asked."""
    card = card_of(request, number)
    if request.method == "POST":
        try:
            erase_person(card.number, actor=request.staff.actor, now=now())
        except InputError as error:
            messages.error(request, request.speaker.say(error.message))
            return redirect("customer", card.number)
        return done(request, say("Everything about the customer is erased."), "customers")
    question = Question(
        title=say("Erase {name}?", name=name_on(card, request)),
        text=say(
            "Name, ids, birthday, attributes, notes and what the trail says of this customer are "
            "forgotten, merged records included. Orders stay, without a name. "
            "This cannot be undone."
        ),
        button=say("Erase everything"),
        back=reverse("customer", args=[card.number]),
        grave=True,
    )
    return ask(request, question, "customers")
