"""Django's settings, from the environment alone."""

import os
import sys
from importlib.resources import files

from django.utils.csp import CSP

from regulars.project.environment import read_installation
from regulars.project.logs import log_settings
from regulars.project.ways_out import OUTBOX

_HERE = read_installation(os.environ)
_TLS = not _HERE.insecure

SECRET_KEY = _HERE.secret_key
DATA_FOLDER = _HERE.data
LOGGING = log_settings(readable=sys.stderr.isatty())
DEBUG = False
ALLOWED_HOSTS = list(_HERE.hosts)
DATABASES = {"default": dict(_HERE.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.Staff"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "regulars.apps.journal",
    "regulars.apps.firm",
    "regulars.apps.accounts",
    "regulars.apps.people",
    "regulars.apps.contact",
    "regulars.apps.orders",
    "regulars.apps.intake",
    "regulars.interfaces.console",
    "regulars.interfaces.pages",
    "regulars.project",
]
MIDDLEWARE = [
    "regulars.interfaces.requests.tell_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "regulars.interfaces.console.signing_in.staying.stay",
    "regulars.interfaces.console.language.reader",
    "regulars.interfaces.api.limits.tell_limits",
    "regulars.interfaces.api.protocol.speak_http",
    "regulars.interfaces.console.signing_in.owing.settle",
    "regulars.interfaces.api.bodies.refuse_unwritable",
]
ROOT_URLCONF = "regulars.project.urls"
WSGI_APPLICATION = "regulars.project.web.application"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
CSRF_FAILURE_VIEW = "regulars.interfaces.console.wrong.stale"
STATIC_ROOT = DATA_FOLDER / "static"
# names with the hash of what is in the file: a browser may keep them for ever
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    }
]

# Sign-in: by a code that is sent, by a password, by a passkey; nobody signs himself up.
ACCOUNT_ADAPTER = "regulars.interfaces.console.signing_in.adapter.Adapter"
ACCOUNT_TEMPLATE_EXTENSION = "html.jinja"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an owner names the address, and what is sent there proves it
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True  # the session's own limits hold, not the browser's closing
ACCOUNT_FORMS = {
    name: f"regulars.interfaces.console.signing_in.forms.{form}"
    for name, form in (
        ("request_login_code", "AskForCode"),
        ("confirm_login_code", "ShowCode"),
        ("reset_password", "ForgotPassword"),
        ("confirm_password_reset_code", "ShowPasswordCode"),
    )
}
MFA_ADAPTER = "regulars.interfaces.console.signing_in.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _TLS  # browsers let only localhost do it
MFA_TOTP_ISSUER = "Regulars"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    name: f"regulars.interfaces.console.signing_in.forms.{form}"
    for name, form in (
        ("authenticate", "ShowFactor"),
        ("authenticate_webauthn", "ShowPasskey"),
        ("login_webauthn", "EnterByPasskey"),
    )
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _TLS else 0  # the one that ends TLS

SESSION_ENGINE = "regulars.apps.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_remembered",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # nobody makes it forget his tries by many others
    }
}
PUBLIC_ADDRESS = _HERE.address
MAY_BE_INSECURE = _HERE.insecure
MAILERS = {"default": dict(_HERE.ways.mailer)}
ANYMAIL = dict(_HERE.ways.anymail)
TRANSPORTS = dict(_HERE.ways.transports)
"""What takes messages out, by channel."""
OUTBOX_FOLDER = str(_HERE.data / OUTBOX)
MAIL_FOLDER = OUTBOX_FOLDER if TRANSPORTS["email"] == "file" else ""
DEFAULT_FROM_EMAIL = _HERE.ways.sender
BOUNCE_ADDRESS = _HERE.ways.bounces
"""Where mail servers send back what they cannot deliver; empty for the sender."""
TEMPLATES = [
    {
        "NAME": "console",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [files("regulars.interfaces.console") / "templates"],
        "OPTIONS": {
            "environment": "regulars.interfaces.console.engine.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "regulars.interfaces.console.pages.frame",
            ],
        },
    },
    {
        "NAME": "pages",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [files("regulars.interfaces.pages") / "templates"],
        "OPTIONS": {"environment": "regulars.interfaces.pages.engine.environment"},
    },
]

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "img-src": [CSP.SELF, "data:"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _TLS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # a supervisor asks on this machine
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _TLS
SECURE_HSTS_PRELOAD = _TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SESSION_COOKIE_SECURE = _TLS
CSRF_COOKIE_SECURE = _TLS

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["regulars.interfaces.console.uploading.BoundedUploads"]
API_REQUESTS_PER_MINUTE = _HERE.rate_per_key
API_WRONG_KEYS_PER_MINUTE = _HERE.rate_wrong_keys
LARGEST_UPLOAD = _HERE.largest_upload or sys.maxsize
"""Bytes of a file that is sent to be imported."""
PRIVATE_WEBHOOKS = _HERE.private_webhooks
"""Whether webhooks may be within the firm's own network."""
