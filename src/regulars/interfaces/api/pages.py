"""Lists by the page: what every list may be asked, and where its next page begins."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

from ninja import Path, Query
from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from regulars.interfaces.api.problems import FieldError, RefusedError

_YEARS = range(1900, 2200)

Id = Annotated[str, Path(description="Your own id: 1 to 200 characters that can be printed.")]
Limit = Annotated[int, Query(ge=1, le=500, description="How many at most.")]
After = Annotated[str, Query(description="The `next` of the page before; empty for the first.")]
OfCustomer = Annotated[
    str | None,
    Query(description="Only those of this person, under whichever of the merged ids."),
]


def _plus(value: object) -> object:
    """A ``+`` that was not escaped comes as a blank."""
    return re.sub(r" (?=\d\d:?\d\d$)", "+", value) if isinstance(value, str) else value


def _known(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise ValueError(f"give a year from {_YEARS[0]} to {_YEARS[-1]}")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_plus), AfterValidator(_known)]
"""An instant in an address."""


def page[R, O](
    rows: Sequence[R], limit: int, show: Callable[[R], O], cursor: Callable[[R], str]
) -> tuple[list[O], str | None]:
    """Rows of a page as they are shown, and the cursor of the next one.

    Args:
        rows: One more than fits, where there is one more.
        limit: How many fit.
        show: Shows a row.
        cursor: Says where the page behind a row begins.
    """
    shown = [show(row) for row in rows[:limit]]
    return shown, cursor(rows[limit - 1]) if len(rows) > limit else None


def cursor_of(moment: datetime, id_: str) -> str:
    """Where the page behind a row begins, in a list by time.

    >>> from datetime import UTC
    >>> read_cursor(cursor_of(datetime(2026, 1, 2, 3, tzinfo=UTC), "o1"))
    (datetime.datetime(2026, 1, 2, 3, 0, tzinfo=datetime.timezone.utc), 'o1')
    """
    return urlsafe_b64encode(f"{moment.isoformat()} {id_}".encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime, str] | None:
    """What a cursor says; None for the beginning.

    Raises:
        RefusedError: It is no cursor of a list by time.
    """
    if not text:
        return None
    try:
        told = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        moment, _, id_ = told.partition(" ")
        return _known(_aware(datetime.fromisoformat(moment))), id_
    except ValueError as error:
        refused = FieldError("after", "Give the `next` of the page before, as it stands.")
        raise RefusedError(422, "after is no place in this list.", [refused]) from error


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a cursor has an offset")
    return moment
