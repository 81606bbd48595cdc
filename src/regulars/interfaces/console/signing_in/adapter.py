"""What allauth asks of us: letters in the reader's language, and a line in the trail."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse

from regulars.apps.accounts.letters import news_of_access, password_code, sign_in_code
from regulars.apps.accounts.operations import post_letter
from regulars.apps.accounts.queries import find_staff_by_email
from regulars.apps.accounts.sessions import BEGAN, BROWSER, SEEN
from regulars.apps.journal.operations import record
from regulars.interfaces.clock import now
from regulars.kernel.actors import Actor, ActorKind
from regulars.kernel.wording import Message, say

CODE_LIVES = timedelta(minutes=15)
_NEWS_LIVES = timedelta(days=3)
_LETTERS = {
    "account/email/login_code": sign_in_code,
    "account/email/password_reset_code": password_code,
}
_CHANGES: Mapping[str, tuple[str, Message]] = {
    "account/email/password_changed": (
        "changed password",
        say("Your password was changed."),
    ),
    "account/email/password_set": ("set password", say("You have a password now.")),
    "account/email/password_reset": (
        "reset password",
        say("Your password was replaced, with a code that was sent to you."),
    ),
    "mfa/email/totp_activated": (
        "added factor",
        say("An app that counts codes was added to your sign-in."),
    ),
    "mfa/email/totp_deactivated": (
        "removed factor",
        say("The app that counts codes was taken from your sign-in."),
    ),
    "mfa/email/webauthn_added": ("added factor", say("A passkey was added to your sign-in.")),
    "mfa/email/webauthn_removed": (
        "removed factor",
        say("A passkey was taken from your sign-in."),
    ),
    "mfa/email/recovery_codes_generated": (
        "made recovery codes",
        say("New recovery codes were made; the old ones are of no use any more."),
    ),
}
_JUST_SHOWN = {"mfa/email/totp_activated": "totp", "mfa/email/webauthn_added": "webauthn"}


class Adapter(DefaultAccountAdapter):
    """The hooks of allauth's sign-in."""

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        moment, staff = now(), find_staff_by_email(email)
        if staff is not None:
            letter = _LETTERS[template_prefix](
                staff.email, staff.language, context["code"], moment + CODE_LIVES
            )
            post_letter(letter, moment)

    @override
    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        user.backend = "allauth.account.auth_backends.AuthenticationBackend"
        login(request, user)  # type: ignore[arg-type]
        moment = now()
        told = {BEGAN: moment.isoformat(), SEEN: moment.isoformat()}
        request.session.update(told | {BROWSER: request.headers.get("User-Agent", "")[:200]})
        note(user.pk, "signed in", _methods(request))

    @override
    def logout(self, request: HttpRequest) -> None:
        if request.user.pk is not None:
            note(request.user.pk, "signed out")
        super().logout(request)

    @override
    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note_failure(str(credentials.get("email", "")), "password")

    @override
    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        verb, news = _CHANGES[template_prefix]
        note(user.pk, verb, {"what": template_prefix.rpartition("/")[2]})
        if kind := _JUST_SHOWN.get(template_prefix):
            # who has just shown the new factor is not asked for it again to see recovery codes
            record_authentication(self.request, user, "mfa", type=kind, reauthenticated=True)
        staff = find_staff_by_email(getattr(user, "email", ""))
        if staff is not None:
            moment = now()
            until = moment + _NEWS_LIVES
            post_letter(news_of_access(staff.email, staff.language, news, until), moment)

    @override
    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        note(user.pk, "failed to sign in", {"by": "not active"})
        return super().respond_user_inactive(request, user)


def note(staff_id: int, verb: str, data: Mapping[str, object] | None = None) -> None:
    """Write into the trail what somebody did at the door."""
    person = Actor(ActorKind.STAFF, str(staff_id))
    record(person, verb, str(person), now(), data)


def note_failure(email: str, by: str) -> None:
    """Write into the trail that a sign-in failed; an address that nobody here has is not kept."""
    staff = find_staff_by_email(email) if email else None
    person = Actor(ActorKind.STAFF, "unknown" if staff is None else str(staff.id))
    record(person, "failed to sign in", str(person), now(), {"by": by})


def _methods(request: HttpRequest) -> Mapping[str, object]:
    """By which ways somebody came in, as allauth wrote them into the session."""
    told = request.session.get("account_authentication_methods", [])
    return {"by": [str(it.get("type") or it.get("method")) for it in told]}
