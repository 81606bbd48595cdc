"""How long to wait where a provider did not take something."""

from datetime import timedelta

ATTEMPTS = 16
"""After so many refusals that might pass it is given up: that takes about a day."""
LEASE = timedelta(minutes=5)
"""A worker that has not answered for so long is taken for dead."""
DOWN = timedelta(seconds=10)
"""How long a provider that cannot be reached is left alone."""
_FIRST = 5  # somebody may wait for a code that lives fifteen minutes
_LONGEST = 6 * 3600


def wait_after(attempts: int, seconds: int = 0) -> timedelta:
    """How long to wait after so many attempts, or for as long as the provider says.

    >>> [wait_after(tried).seconds for tried in (1, 2, 5, 8, 40)]
    [5, 10, 80, 640, 21600]
    >>> wait_after(1, 300).seconds
    300
    """
    return timedelta(seconds=max(min(_FIRST * 2 ** min(attempts - 1, 20), _LONGEST), seconds))
