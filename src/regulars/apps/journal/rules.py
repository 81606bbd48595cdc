"""How often a follower is asked again, and how long what the journal keeps may be."""

from datetime import timedelta

ATTEMPTS = 12
"""After so many failures a person has to look."""
LONGEST_ADDRESS = 500
"""Of a webhook, in characters."""
LEASE = timedelta(minutes=5)
"""A worker that has not answered for so long is taken for dead."""


def back_off(attempts: int) -> timedelta:
    """How long to wait after that many failures.

    >>> [back_off(failures).seconds for failures in (1, 4, 40)]
    [2, 16, 3600]
    """
    return timedelta(seconds=min(2 ** min(attempts, 12), 3600))
