"""The addresses of signing in: only those of allauth's that have a page of ours."""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from regulars.interfaces.console.signing_in.link import sign_in_by_link

urlpatterns = [
    path("sign-in", account.login, name="account_login"),
    path("sign-in/code", account.request_login_code, name="account_request_login_code"),
    path("sign-in/code/show", account.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/second-step", second.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/closed", account.account_inactive, name="account_inactive"),
    path("sign-in/link/<str:secret>", sign_in_by_link, name="sign_in_by_link"),
    path("sign-in/password", account.password_reset, name="account_reset_password"),
    path(
        "sign-in/password/code",
        account.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path(
        "sign-in/password/new",
        account.complete_password_reset,
        name="account_complete_password_reset",
    ),
    path(
        "sign-in/password/done",
        account.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("sign-out", account.logout, name="account_logout"),
    path("me/again", account.reauthenticate, name="account_reauthenticate"),
    path("me/again/code", second.reauthenticate, name="mfa_reauthenticate"),
    path(
        "me/again/passkey",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("me/password", account.password_change, name="account_change_password"),
    path("me/password/first", account.password_set, name="account_set_password"),
    path("me/app", totp.activate_totp, name="mfa_activate_totp"),
    path("me/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("me/passkeys/add", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("me/passkeys/<int:pk>", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("me/passkeys/<int:pk>/remove", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("me/recovery-codes", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "me/recovery-codes/new",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
