"""Reads: records that may be one person, found by the database in one statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from regulars.apps.people.models import Customer, Identity
from regulars.apps.people.queries.customers import birthday_of
from regulars.apps.people.queries.seen import seen_in
from regulars.apps.people.rules import Birthday, Reason
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import say

_LONGEST_COMMON_ID = 8
"""A shorter id, such as a running number, says nothing when two sources have it."""

# The groups come first: each is one walk along an index, so that nobody is compared with a million
# others. NOT (… = '') is written as in the index, or SQLite would not see that it fits.
_ALIKE = """
WITH same_name AS (
    SELECT birth_month, birth_day, name_key FROM people_customer
    WHERE birth_month IS NOT NULL AND NOT (name_key = '')
    GROUP BY birth_month, birth_day, name_key HAVING COUNT(*) > 1
), same_id AS (
    SELECT external_id FROM people_identity
    GROUP BY external_id HAVING COUNT(*) > 1 AND LENGTH(external_id) >= %(length)s
)
SELECT first, second, MAX(by_name) AS by_name, MAX(by_id) AS by_id FROM (
    SELECT a.id AS first, b.id AS second, 1 AS by_name, 0 AS by_id
    FROM same_name s
    JOIN people_customer a
      ON a.birth_month = s.birth_month AND a.birth_day = s.birth_day
     AND a.name_key = s.name_key AND a.birth_month IS NOT NULL AND NOT (a.name_key = '')
    JOIN people_customer b
      ON b.birth_month = s.birth_month AND b.birth_day = s.birth_day
     AND b.name_key = s.name_key AND b.birth_month IS NOT NULL AND NOT (b.name_key = '')
    WHERE a.id < b.id
      AND (a.birth_year = b.birth_year OR a.birth_year IS NULL OR b.birth_year IS NULL)
  UNION ALL
    SELECT a.id, b.id, 0, 1
    FROM same_id s
    JOIN people_identity i ON i.external_id = s.external_id
    JOIN people_identity j ON j.external_id = s.external_id
    JOIN people_customer a ON a.id = i.customer_id
    JOIN people_customer b ON b.id = j.customer_id
    WHERE a.id < b.id AND i.source <> j.source
      AND (a.name_key = b.name_key OR a.name_key = '' OR b.name_key = '')
) alike
WHERE (first > %(first)s OR (first = %(first)s AND second > %(second)s))
  AND NOT EXISTS (SELECT 1 FROM people_dismissal d
                  WHERE d.first_id = alike.first AND d.second_id = alike.second)
  AND NOT EXISTS (SELECT 1 FROM people_alias m
                  WHERE m.undone_at IS NULL AND m.customer_id IN (alike.first, alike.second))
  {seen}
GROUP BY first, second ORDER BY first, second LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeRow:
    """One of two records that may be one person."""

    number: int
    name: str
    birthday: Birthday | None
    ids: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Two records that may be one person, and why."""

    first: AlikeRow
    second: AlikeRow
    reasons: tuple[Reason, ...]

    @property
    def cursor(self) -> str:
        """Where the page behind this one begins."""
        return f"{self.first.number}:{self.second.number}"


def list_merge_suggestions(
    *, stores: frozenset[str] | None = None, after: str = "", limit: int = 50
) -> list[Suggestion]:
    """Records that may be one person, without those that were dismissed or are merged already.

    Args:
        stores: The stores that the reader is limited to; None where he is not. He gets records
            of which he may see both.
        after: The cursor of the last suggestion seen.
        limit: At most so many.

    Raises:
        OptionError: The cursor is none.
    """
    first, second = _read_cursor(after)
    values = {"first": first, "second": second, "length": _LONGEST_COMMON_ID, "limit": limit}
    seen, told = _both_seen(stores)
    with connection.cursor() as cursor:
        cursor.execute(_ALIKE.format(seen=seen), {**values, **told})
        found = cursor.fetchall()
    rows = _rows({number for pair in found for number in pair[:2]})
    return [
        Suggestion(first=rows[one], second=rows[other], reasons=_reasons(by_name, by_id))
        for one, other, by_name, by_id in found
    ]


def _both_seen(stores: frozenset[str] | None) -> tuple[str, Mapping[str, Any]]:
    """The condition that both records of a pair are seen, with its values by name."""
    if stores is None:
        return "", {}
    texts: list[str] = []
    values: dict[str, Any] = {}
    for side in ("first", "second"):
        itself = RawSQL(f"alike.{side}", ())  # noqa: S611 - the names are our own
        seen = Customer.objects.filter(seen_in(stores), pk=itself).values("pk")
        text, told = seen.query.sql_with_params()
        named = {f"{side}_{place}": value for place, value in enumerate(told)}
        texts.append(f"AND EXISTS ({text % tuple(f'%({name})s' for name in named)})")
        values |= named
    return " ".join(texts), values


def _read_cursor(cursor: str) -> tuple[int, int]:
    if not cursor:
        return 0, 0
    first, _, second = cursor.partition(":")
    try:
        return int(first), int(second)
    except ValueError as error:
        raise OptionError(
            say("{cursor} is no place in this list.", cursor=cursor),
            accepted=say("Give the cursor of a suggestion, or none."),
        ) from error


def _reasons(by_name: int, by_id: int) -> tuple[Reason, ...]:
    told = ((by_name, Reason.NAME_AND_BIRTHDAY), (by_id, Reason.SAME_ID))
    return tuple(reason for holds, reason in told if holds)


def _rows(numbers: Iterable[int]) -> dict[int, AlikeRow]:
    wanted = list(numbers)
    ids: dict[int, list[tuple[str, str]]] = {number: [] for number in wanted}
    known = Identity.objects.filter(customer__in=wanted).order_by("source", "external_id")
    for number, source, external_id in known.values_list("customer_id", "source", "external_id"):
        ids[number].append((source, external_id))
    return {
        customer.pk: AlikeRow(
            number=customer.pk,
            name=customer.name,
            birthday=birthday_of(customer),
            ids=tuple(ids[customer.pk]),
        )
        for customer in Customer.objects.filter(pk__in=wanted)
    }
