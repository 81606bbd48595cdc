"""Django's settings, from the environment alone."""

import os
import sys
from importlib.resources import files

from django.utils.csp import CSP

from regulars.project.environment import read_installation
from regulars.project.logs import log_settings

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
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "regulars.apps.journal",
    "regulars.apps.firm",
    "regulars.apps.accounts",
    "regulars.apps.people",
    "regulars.apps.orders",
    "regulars.apps.intake",
    "regulars.interfaces.console",
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
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "regulars.interfaces.console.language.reader",
    "regulars.interfaces.api.limits.tell_limits",
    "regulars.interfaces.api.protocol.speak_http",
    "regulars.interfaces.api.bodies.refuse_unwritable",
]
ROOT_URLCONF = "regulars.project.urls"
WSGI_APPLICATION = "regulars.project.web.application"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
# names with the hash of what is in the file: a browser may keep them for ever
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
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
API_REQUESTS_PER_MINUTE = _HERE.rate_per_key
API_WRONG_KEYS_PER_MINUTE = _HERE.rate_wrong_keys
LARGEST_UPLOAD = int(os.environ.get("REGULARS_LARGEST_UPLOAD") or 2 * 1024**3)
"""Bytes of a file that is sent to be imported."""
