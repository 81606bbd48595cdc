"""Records that are a list of tags and values."""

from collections.abc import Mapping


def tags_of(record: str) -> Mapping[str, str]:
    """The tags of a record of DKIM or DMARC; what is none is left out.

    >>> dict(tags_of("v=DMARC1; p=none;rua=mailto:a@b.example"))
    {'v': 'DMARC1', 'p': 'none', 'rua': 'mailto:a@b.example'}
    """
    parts = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, sign, value in parts if sign}
