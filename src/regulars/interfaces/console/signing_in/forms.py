"""Forms of allauth that also write down what failed, and take as long for a stranger."""

from typing import override

from allauth.account.forms import (
    ConfirmLoginCodeForm,
    ConfirmPasswordResetCodeForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django.core.exceptions import ValidationError

from regulars.apps.accounts.operations import post_to_nobody
from regulars.interfaces.clock import now
from regulars.interfaces.console.signing_in.adapter import note, note_failure


class AskForCode(RequestLoginCodeForm):
    """Asks for a code to be sent."""

    @override
    def clean_email(self) -> str:
        email = super().clean_email()
        if self._user is None:
            post_to_nobody(now())
        return str(email)


class ForgotPassword(ResetPasswordForm):
    """Asks for a code to set a new password by."""

    @override
    def clean_email(self) -> str:
        email = super().clean_email()
        if not self.users:
            post_to_nobody(now())
        return str(email)


class ShowCode(ConfirmLoginCodeForm):
    """Shows the code that was sent."""

    @override
    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError:
            note_failure("", "code")
            raise


class ShowPasswordCode(ConfirmPasswordResetCodeForm):
    """Shows the code that was sent for a new password."""

    @override
    def clean_code(self) -> str:
        try:
            return str(super().clean_code())
        except ValidationError:
            note_failure("", "password code")
            raise


class ShowFactor(AuthenticateForm):
    """Shows a code that an app counted, or a recovery code."""

    @override
    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        note(self.user.pk, "failed to sign in", {"by": "second step"})
        super()._emit_authentication_failed(authenticator)


class ShowPasskey(AuthenticateWebAuthnForm):
    """Shows a passkey as a second step."""

    @override
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except ValidationError:
            note(self.user.pk, "failed to sign in", {"by": "passkey"})
            raise


class EnterByPasskey(LoginWebAuthnForm):
    """Shows a passkey instead of anything else."""

    @override
    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except ValidationError:
            note_failure("", "passkey")
            raise
