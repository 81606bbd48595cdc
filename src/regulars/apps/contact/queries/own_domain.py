"""Reads: from which domain, and how, the firm sends."""

from collections.abc import Sequence

from django.conf import settings

from regulars.apps.contact.deliverability.checking import Sending, read_domain
from regulars.apps.contact.queries.policy import get_policy

_NO_PROVIDERS = frozenset({"smtp", "file", "null"})


def own_sender() -> str:
    """The address that mails are from."""
    return get_policy().sender_address or str(settings.DEFAULT_FROM_EMAIL)


def sending_from(domain: str, selectors: Sequence[str] = ()) -> Sending:
    """How the firm sends from a domain.

    Args:
        domain: The domain, or an address of it.
        selectors: The names of its DKIM keys, where they are known.

    Raises:
        InputError: It is no domain.
    """
    way = settings.TRANSPORTS.get("email", "")
    bounces = settings.BOUNCE_ADDRESS
    return Sending(
        domain=read_domain(domain),
        bounces=read_domain(bounces) if bounces else "",
        address=settings.PUBLIC_ADDRESS,
        provider="" if way in _NO_PROVIDERS else way,
        selectors=selectors,
    )
