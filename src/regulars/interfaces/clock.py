"""The one place of the ways in that reads the clock."""

from datetime import UTC, date, datetime


def now() -> datetime:
    """This instant."""
    return datetime.now(UTC)  # noqa: TID251 - the edge: everything below takes it as an argument


def today() -> date:
    """The day that it is on this machine; an order of a later day is in the future."""
    return now().astimezone().date()
