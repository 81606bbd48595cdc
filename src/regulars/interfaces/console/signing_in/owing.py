"""Who owes a second factor sets it up before anything else opens."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from regulars.apps.accounts.queries import StaffRow
from regulars.kernel.wording import say

_OPEN = (
    "/me/",
    "/sign-in/",
    "/sign-out/",
    "/language/",
    "/static/",
    "/api/",
    "/healthz/",
    "/readyz/",
)


def settle(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: lead somebody who owes a second factor to the page where he adds one."""

    def settled(request: HttpRequest) -> HttpResponse:
        staff: StaffRow | None = request.staff  # type: ignore[attr-defined]
        if staff is None or not staff.owes_second_step or f"{request.path}/".startswith(_OPEN):
            return answer(request)
        told = say("Your role needs a second step at the sign-in. Add an app or a passkey.")
        messages.warning(request, request.speaker.say(told))  # type: ignore[attr-defined]
        return redirect("me")

    return settled
