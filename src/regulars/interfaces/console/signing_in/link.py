"""The page of a sign-in link: looking at it uses nothing up, as previews of letters look."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from regulars.apps.accounts.operations import use_link
from regulars.apps.accounts.queries import find_link
from regulars.interfaces.clock import now
from regulars.interfaces.console.pages import show


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_variables("secret")
def sign_in_by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask whether to sign in, and on the answer do it, once."""
    moment = now()
    staff_id = use_link(secret, moment) if request.method == "POST" else None
    if staff_id is not None:
        user = get_user_model().objects.get(pk=staff_id)
        request.session.flush()
        record_authentication(request, user, "link")
        return perform_login(request, Login(user=user))
    link = find_link(secret, moment)
    if link is None:
        return show(request, "console/link_over.html.jinja", {}, status=410)
    return show(request, "console/link.html.jinja", {"link": link})
