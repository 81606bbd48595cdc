"""Dates and times as people and programs write them, read the same way on every row.

Day and month are told apart by the whole column: 13/04/2020 can be read in one way only, and
then 03/04/2020 is read in the same way. Where no row tells, a column of such dates is refused
unless the order is given.
"""

from dataclasses import dataclass
from typing import Literal

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

_TAIL = r"(?:(?:,?\s+|T)(.+))?$"
_PLAIN = r"^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$"
_YEAR_FIRST = r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日.]?" + _TAIL
_COMPACT = r"^(\d{4})(\d{2})(\d{2})" + _TAIL
_YEAR_LAST = r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\.?" + _TAIL
_LOW, _HIGH = r"(?:0?[1-9]|1[0-2])", r"(?:1[3-9]|2\d|3[01])"
_SAME = "|".join(rf"0?{n}[-/.]0?{n}" for n in range(1, 13))
_DAY_FIRST = rf"^(?:{_HIGH}[-/.]{_LOW}|{_SAME})[-/.]\d{{4}}"
_MONTH_FIRST = rf"^{_LOW}[-/.]{_HIGH}[-/.]\d{{4}}"
_EITHER = rf"^{_LOW}[-/.]{_LOW}[-/.]\d{{4}}"
_SAME_TWICE = rf"^(?:{_SAME})[-/.]\d{{4}}"
_TIME = (
    r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?"
    r"\s*(?:([AaPp])\.?[Mm]\.?)?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$"
)
_SERIAL = r"^\d{5}(?:\.\d+)?$"
_SERIAL_ZERO = "1899-12-30"
_DAY_SECONDS = 86_400
_NOON = 12

_SHIFTING = frozenset({"clickhouse", "pyspark"})
"""Engines that know to_utc_timestamp() in place of timezone()."""

type Order = Literal["dmy", "mdy", "ymd"]


def _instant_of(zone: str, at: object) -> object: ...


instant_of = ibis.udf.scalar.builtin(
    _instant_of, name="timezone", signature=(("string", "timestamp"), "timestamp('UTC')")
)
"""The instant at which the clocks of a zone show a time."""


def _clock_at(zone: str, at: object) -> object: ...


clock_at = ibis.udf.scalar.builtin(
    _clock_at, name="timezone", signature=(("string", "timestamp('UTC')"), "timestamp")
)
"""What the clocks of a zone show at an instant."""


def _shifted(at: object, zone: str) -> object: ...


_shift = (("timestamp(6)", "string"), "timestamp(6)")
_to_utc = ibis.udf.scalar.builtin(_shifted, name="to_utc_timestamp", signature=_shift)
_from_utc = ibis.udf.scalar.builtin(_shifted, name="from_utc_timestamp", signature=_shift)
_day_in = ibis.udf.scalar.builtin(
    _shifted, name="toDate", signature=(("timestamp(6)", "string"), "date")
)


def _counted(at: object) -> object: ...


_microseconds = ibis.udf.scalar.builtin(
    _counted, name="epoch_us", signature=(("timestamp('UTC')",), "int64")
)
_clock_of = ibis.udf.scalar.builtin(
    _counted, name="make_timestamp", signature=(("int64",), "timestamp")
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a column of dates in text holds, counted.

    Attributes:
        filled: Cells that are not blank.
        day_first: Cells such as 13/04/2020, which can be read in one way only.
        month_first: Cells such as 04/13/2020.
        either: Cells such as 03/04/2020, which can be read in two ways.
        serial: Cells that may be day numbers of a workbook.
    """

    filled: int
    day_first: int
    month_first: int
    either: int
    serial: int

    @property
    def order(self) -> Order | None:
        """The order of day and month that the column shows; None: it does not tell."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return "dmy" if self.day_first else "mdy"

    @property
    def ambiguous(self) -> bool:
        """Whether every cell can be read in two ways and none of them tells which."""
        return self.either > 0 and self.either == self.filled

    @property
    def serials(self) -> bool:
        """Whether all cells are day numbers of a workbook."""
        return 0 < self.filled == self.serial


def survey(text: ir.StringColumn) -> dict[str, ir.IntegerScalar]:
    """What :class:`Seen` counts, as aggregates of a text column."""
    whole = text.strip()
    # most columns are plain: only what is not is looked at closely
    cell = whole.re_search(_PLAIN).ifelse(ibis.null("string"), whole)
    same = cell.re_search(_SAME_TWICE)
    return {
        "filled": _count(whole.length() > 0),
        "day_first": _count(cell.re_search(_DAY_FIRST) & ~same),
        "month_first": _count(cell.re_search(_MONTH_FIRST)),
        "either": _count(cell.re_search(_EITHER) & ~same),
        "serial": _count(cell.re_search(_SERIAL)),
    }


def _count(condition: ir.BooleanValue) -> ir.IntegerScalar:
    return condition.ifelse(1, 0).sum().fill_null(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date or time as read.

    Attributes:
        at: The time as written, or UTC where an offset is written; null: cannot be read.
        bare: Whether it is a date without a time.
        zoned: Whether its offset from UTC is known.
    """

    at: ir.TimestampColumn
    bare: ir.BooleanValue
    zoned: ir.BooleanValue


def written(
    table: ir.Table, name: str, order: Order | None, *, serials: bool = False
) -> tuple[ir.Table, When]:
    """Read a text column of a table.

    The steps are columns of their own (``name/…``), so that no expression is computed twice.

    Args:
        table: The table.
        name: The column.
        order: The order of day and month where the year stands last; None: only dates that can
            be read in one way are read.
        serials: The cells are day numbers of a workbook.
    """
    cell = table[name].cast("string").strip()
    if serials:
        return table, _from_serial(cell)
    parts = f"{name}/parts"
    table = table.mutate({parts: _parts(cell, order), f"{name}/plain": cell.re_search(_PLAIN)})
    day = table[parts].re_extract(r"^([^|]*)\|", 1)
    clock = table[parts].re_extract(r"\|(.*)$", 1)
    table = table.mutate({f"{name}/day": day, f"{name}/clock": clock})
    clock = table[f"{name}/clock"]
    zone, stamp = clock.re_extract(_TIME, 6), _stamp(table[f"{name}/day"], clock)
    table = table.mutate({f"{name}/zone": zone, f"{name}/stamp": stamp})
    return table, _assembled(table, name)


def _assembled(table: ir.Table, name: str) -> When:
    cell = table[name].cast("string").strip()
    day, clock, zone, stamp, plain = (
        table[f"{name}/{part}"] for part in ("day", "clock", "zone", "stamp", "plain")
    )
    at = ibis.cases(
        (plain, cell.try_cast("timestamp")),
        (clock == "", day.try_cast("date").cast("timestamp")),
        (zone == "", stamp.try_cast("timestamp")),
        else_=(stamp + _offset(zone)).try_cast("timestamp('UTC')").cast("timestamp"),
    )
    bare = plain.ifelse(cell.length() == len("2024-01-31"), clock == "")
    return When(at=at, bare=bare, zoned=plain.ifelse(ibis.literal(value=False), zone != ""))


def _parts(cell: ir.StringColumn, order: Order | None) -> ir.StringColumn:
    """The cell as ``2024-1-31|10:00 +02``; null where it is no date, and where it is plain."""
    dmy, mdy = r"\3-\2-\1|\4", r"\3-\1-\2|\4"
    match order:
        case "dmy":
            last = [(cell.re_search(_YEAR_LAST), cell.re_replace(_YEAR_LAST, dmy))]
        case "mdy":
            last = [(cell.re_search(_YEAR_LAST), cell.re_replace(_YEAR_LAST, mdy))]
        case _:
            last = [
                (cell.re_search(_DAY_FIRST), cell.re_replace(_YEAR_LAST, dmy)),
                (cell.re_search(_MONTH_FIRST), cell.re_replace(_YEAR_LAST, mdy)),
            ]
    return ibis.cases(
        (cell.re_search(_PLAIN), ibis.null("string")),
        (cell.re_search(_YEAR_FIRST), cell.re_replace(_YEAR_FIRST, r"\1-\2-\3|\4")),
        (cell.re_search(_COMPACT), cell.re_replace(_COMPACT, r"\1-\2-\3|\4")),
        *last,
    )


def _stamp(day: ir.StringColumn, clock: ir.StringColumn) -> ir.StringColumn:
    hour = clock.re_extract(_TIME, 1).try_cast("int32")
    half = clock.re_extract(_TIME, 5).lower()
    second, fraction = clock.re_extract(_TIME, 3), clock.re_extract(_TIME, 4)
    hour = ibis.cases(
        (half == "", hour),
        ((half == "p") & (hour < _NOON), hour + _NOON),
        ((half == "a") & (hour == _NOON), 0),
        (hour.between(1, _NOON), hour),
    )
    return (
        day
        + " "
        + hour.cast("string").lpad(2, "0")
        + ":"
        + clock.re_extract(_TIME, 2)
        + ":"
        + (second == "").ifelse("00", second)
        + (fraction == "").ifelse("", ibis.literal(".") + fraction)
    )


def _offset(zone: ir.StringColumn) -> ir.StringColumn:
    """An offset as ``+02:00``."""
    digits = zone.re_replace(r"[^0-9]", "")
    return ibis.cases(
        (digits == "", "+00:00"),
        else_=zone.left(1)
        + digits.left(2)
        + ":"
        + (digits.length() > 2).ifelse(digits.right(2), "00"),  # noqa: PLR2004 hours are two
    )


def _from_serial(cell: ir.StringColumn) -> When:
    """Day numbers of a workbook: days since 30 December 1899, the fraction being the time."""
    days = cell.try_cast("float64")
    seconds = (days * _DAY_SECONDS).round().cast("int64")
    zero = ibis.timestamp(_SERIAL_ZERO)
    at = zero + seconds.as_interval("s")
    return When(at=at, bare=days == days.floor(), zoned=ibis.literal(value=False))


def typed(column: ir.Column, *, whole_days: bool) -> When:
    """Read a column of dates, timestamps or instants.

    Args:
        column: The column.
        whole_days: Its timestamps all are midnight: it holds dates.
    """
    kind = column.type()
    yes, no = ibis.literal(value=True), ibis.literal(value=False)
    if isinstance(kind, dt.Date):
        return When(at=clock(column), bare=yes, zoned=no)
    if kind.timezone is not None:
        return When(at=_in_utc(column), bare=no, zoned=yes)
    return When(at=clock(column), bare=yes if whole_days else no, zoned=no)


def clock(column: ir.Column) -> ir.TimestampColumn:
    """A date, timestamp or instant as what the clocks show: those of UTC for an instant."""
    # of its plain type ClickHouse keeps whole seconds of the years 1970 to 2106 only
    plain = ibis.get_backend(column).name != "clickhouse"
    return column.cast("timestamp" if plain else "timestamp(6)")


def _in_utc(instant: ir.TimestampColumn) -> ir.TimestampColumn:
    """What the clocks of UTC show at an instant."""
    if ibis.get_backend(instant).name != "duckdb":
        return clock(instant)
    # there a cast goes through the tables of time zones, five times as dear
    return _clock_of(_microseconds(instant.cast("timestamp('UTC')")))


@dataclass(frozen=True, slots=True)
class Zones:
    """The zone in which days are counted and that of times without one."""

    days: str
    times: str

    @property
    def plain(self) -> bool:
        """Whether nothing has to be shifted."""
        return self.days == self.times == "UTC"


def instant_and_day(when: When, zones: Zones) -> tuple[ir.TimestampColumn, ir.DateColumn]:
    """The instant in UTC and the local day; a bare date is its own day in ``zones.days``."""
    if zones.plain:
        return when.at, when.at.date()
    if ibis.get_backend(when.at).name in _SHIFTING:
        return _shifted_instant_and_day(when, zones)
    read_in = when.bare.ifelse(zones.days, zones.times)
    instant = when.zoned.ifelse(when.at.cast("timestamp('UTC')"), instant_of(read_in, when.at))
    day = when.bare.ifelse(when.at.date(), clock_at(ibis.literal(zones.days), instant).date())
    return instant.cast("timestamp"), day


def _shifted_instant_and_day(when: When, zones: Zones) -> tuple[ir.TimestampColumn, ir.DateColumn]:
    read = when.bare.ifelse(_to_utc(when.at, zones.days), _to_utc(when.at, zones.times))
    instant = when.zoned.ifelse(when.at, read)
    if ibis.get_backend(when.at).name == "clickhouse":
        there = _day_in(instant, zones.days)  # it shifts no time whose zone is written
    else:
        there = _from_utc(instant, zones.days).date()
    return instant, when.bare.ifelse(when.at.date(), there)
