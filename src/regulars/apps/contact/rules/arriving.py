"""How long to wait where a provider did not take something."""

from datetime import timedelta

ATTEMPTS = 12
"""After so many refusals that might pass, it is given up."""
LEASE = timedelta(minutes=5)
"""A worker that has not answered for so long is taken for dead."""
DOWN = timedelta(minutes=1)
"""How long a provider that cannot be reached is left alone."""
_LONGEST = 6 * 3600


def wait_after(attempts: int, seconds: int = 0) -> timedelta:
    """How long to wait after so many attempts, or for as long as the provider says.

    >>> [wait_after(tried).seconds for tried in (1, 2, 5, 40)]
    [60, 120, 960, 21600]
    >>> wait_after(1, 300).seconds
    300
    """
    return timedelta(seconds=max(min(60 * 2 ** min(attempts - 1, 20), _LONGEST), seconds))
