"""Secrets of webhooks: made of a salt in the records and of the installation's own secret.

So they can sign, while neither a copy of the database nor a backup of it tells them. Where the
installation's secret becomes another, so do these, which :func:`is_kept` finds out.
"""

import secrets

from django.utils.crypto import salted_hmac

from regulars.apps.journal.models import WebhookSecret
from regulars.apps.journal.webhooks.rules import hint_of

_OF = "regulars.webhooks"


def new_salt() -> str:
    """A salt."""
    return secrets.token_hex(32)


def secret_of(salt: str) -> bytes:
    """The secret of a salt, in this installation."""
    return salted_hmac(_OF, salt, algorithm="sha256").digest()


def is_kept(row: WebhookSecret) -> bool:
    """Whether a secret is still what it was when it was shown."""
    return hint_of(secret_of(row.salt)) == row.hint
