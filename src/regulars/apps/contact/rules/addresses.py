"""How an address is written, and the hash by which it is known."""

import hashlib

from regulars.apps.contact.rules.purposes import Channel


def address_key(channel: Channel, value: str) -> str:
    """The hash by which an address is known once it is forgotten.

    It is a hash of ours, so that lists of hashed addresses that others sell do not open it.

    >>> address_key(Channel.EMAIL, "a@example.com")[:8]
    '644a96d8'
    """
    return hashlib.sha256(f"regulars {channel}: {value}".encode()).hexdigest()
