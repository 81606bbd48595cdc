"""Columns as values: each cell is read, or its row is rejected with the reason.

A column is looked at as a whole first (one pass over text columns, none over typed ones), because
a date or a number alone may not tell how it is meant.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from regulars.kernel.errors import InputError
from regulars.kernel.wording import Message, say
from regulars.warehouse import dates, numbers
from regulars.warehouse.options import Reading
from regulars.warehouse.quality import Reject
from regulars.warehouse.records import BROKEN, FILE, RECORD, Records

EARLIEST = date(1970, 1, 1)
_NOTHING = ("", "null", "nan", "\\n", "<na>")
_LONGEST_NOTHING = max(map(len, _NOTHING))
_SHOWN = 200
_FLOAT_ID = r"^\s*\d+\.0\s*$"
_TWO_WAYS = r"^(0?[1-9]|1[0-2])[-/.](0?[1-9]|1[0-2])[-/.]\d{4}"

type Test = Callable[[ir.Table], ir.BooleanValue]


@dataclass(frozen=True, slots=True)
class Rule:
    """Why a row is refused.

    Attributes:
        column: The canonical column that is at fault; None: the whole row.
        reason: What is wrong and what would be accepted.
        bad: Tells the rows at fault, given the table with the values read.
        shown: The column whose cell is shown; default: ``column``.
    """

    column: str | None
    reason: Message
    bad: Test
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over the text columns told about dates, numbers and ids."""

    figures: Mapping[str, int]

    def dates(self, column: str) -> dates.Seen:
        """How the dates of a column are written."""
        return dates.Seen(**self._of(column))

    def numbers(self, column: str) -> numbers.Seen:
        """How the numbers of a column are written."""
        return numbers.Seen(**self._of(column))

    def count(self, column: str, what: str) -> int:
        """One figure of a column; 0 where it was not counted."""
        return self.figures.get(f"{column}.{what}", 0)

    def _of(self, column: str) -> dict[str, int]:
        prefix = f"{column}."
        return {
            name.removeprefix(prefix): count
            for name, count in self.figures.items()
            if name.startswith(prefix)
        }


def survey(
    table: ir.Table, *, day: Iterable[str], number: Iterable[str], key: Iterable[str]
) -> Survey:
    """Look at whole columns, in one pass.

    Args:
        table: The records.
        day: Columns of dates.
        number: Columns of numbers.
        key: Columns of ids.
    """
    wanted: dict[str, ir.Scalar] = {"rows": table.count()}
    for names, count in ((day, _survey_day), (number, _survey_number), (key, _survey_key)):
        for name in names:
            if name in table.columns:
                figures = count(table[name])
                wanted |= {f"{name}.{what}": figure for what, figure in figures.items()}
    counted = table.aggregate(**wanted).to_pyarrow().to_pylist()[0]
    return Survey({name: int(figure or 0) for name, figure in counted.items()})


def _survey_day(column: ir.Column) -> dict[str, ir.Scalar]:
    kind = column.type()
    if isinstance(kind, dt.Timestamp):
        moment = dates.clock(column)
        timed = moment != moment.truncate("D")
        return {"timed": timed.ifelse(1, 0).sum()}
    return dates.survey(as_text(column)) if not isinstance(kind, dt.Date) else {}


def _survey_number(column: ir.Column) -> dict[str, ir.Scalar]:
    return numbers.survey(column) if isinstance(column.type(), dt.String) else {}


def _survey_key(column: ir.Column) -> dict[str, ir.Scalar]:
    kind = column.type()
    if isinstance(kind, dt.Floating):
        return {"broken": ((column != column.floor()) & ~column.isnan()).ifelse(1, 0).sum()}
    if not isinstance(kind, dt.String):
        return {}
    # a long cell is filled without a closer look, and few ids end like a float
    long = column.length() > _LONGEST_NOTHING
    filled = long.ifelse(ibis.literal(value=True), known_text(column).notnull())
    floats = column.contains(".0").ifelse(column.re_search(_FLOAT_ID), ibis.literal(value=False))
    return {"filled": filled.ifelse(1, 0).sum(), "floats": floats.ifelse(1, 0).sum()}


def as_text(column: ir.Column) -> ir.StringColumn:
    """A column as text."""
    return column if isinstance(column.type(), dt.String) else column.cast("string")


def known_text(column: ir.Column) -> ir.StringColumn:
    """A column as trimmed text; null where nothing stands there."""
    text = as_text(column).strip()
    bare, null = text.lower(), ibis.null("string")
    # one by one: DuckDB makes a join of isin(), and reads the column even where nobody asks for it
    nothing = [(bare == word, null) for word in _NOTHING]
    return ibis.cases((text.length() > _LONGEST_NOTHING, text), *nothing, else_=text)


def blank(column: ir.Column) -> ir.BooleanValue:
    """Whether nothing stands in a cell."""
    kind = column.type()
    if isinstance(kind, dt.String):
        return known_text(column).isnull()
    if isinstance(kind, dt.Floating):
        return column.isnull() | column.isnan()
    return column.isnull()


def identifier(column: ir.Column, name: str, seen: Survey) -> ir.Column:
    """Ids: whole numbers stay numbers, text stays as it is but for blanks around it."""
    kind = column.type()
    if isinstance(kind, dt.Integer):
        return column.cast("int64")
    if isinstance(kind, dt.Floating) and not seen.count(name, "broken"):
        return column.isnan().ifelse(ibis.null("int64"), column.try_cast("int64"))
    text = known_text(column)
    filled = seen.count(name, "filled")
    if filled and filled == seen.count(name, "floats"):
        return text.re_replace(r"\.0$", "")  # a spreadsheet or data frame made the ids floats
    return text


def number(
    table: ir.Table, name: str, seen: Survey, reading: Reading
) -> tuple[ir.Table, ir.DecimalColumn]:
    """Amounts and quantities; null where a cell cannot be read."""
    if isinstance(table[name].type(), dt.String):
        return numbers.written(table, name, reading.decimal or seen.numbers(name).sign)
    return table, numbers.typed(table[name])


def when(
    table: ir.Table, name: str, seen: Survey, reading: Reading
) -> tuple[ir.Table, dates.When]:
    """Dates and times; null where a cell cannot be read."""
    column = table[name]
    if isinstance(column.type(), dt.Date | dt.Timestamp):
        return table, dates.typed(column, whole_days=not seen.count(name, "timed"))
    shown = seen.dates(name)
    order = reading.date_order or shown.order
    return dates.written(table, name, order, serials=shown.serials)


def refuse_types(records: Records, *, number: Iterable[str], day: Iterable[str]) -> None:
    """Refuse columns of a type that cannot hold what they should.

    Raises:
        InputError: A nested column, or a type such as true/false for an amount.
    """
    schema = records.table.schema()
    for name, kind in schema.items():
        if kind.is_nested() or kind.is_binary() or kind.is_unknown():
            raise _wrong_type(records, name, kind)
    numeric = (dt.String, dt.Numeric)
    for names, kinds in ((number, numeric), (day, (*numeric, dt.Date, dt.Timestamp))):
        for name in names:
            kind = schema.get(name)
            if kind is not None and (not isinstance(kind, kinds) or kind.is_boolean()):
                raise _wrong_type(records, name, kind)


def _wrong_type(records: Records, name: str, kind: dt.DataType) -> InputError:
    return InputError(
        say(
            "The column {heading} holds {kind} values and cannot be {column}.",
            heading=records.columns.get(name, name),
            kind=str(kind),
            column=name,
        ),
        accepted=say("Give a plain column of text, numbers or dates."),
    )


def refuse_ambiguous(
    table: ir.Table, heading: str, day: str, seen: Survey, reading: Reading
) -> None:
    """Refuse a column in which no date tells whether the day or the month stands first.

    Raises:
        InputError: Every date can be read in two ways.
    """
    figures = seen.dates(day) if seen.count(day, "filled") else None
    if figures is not None and figures.ambiguous and reading.date_order is None:
        cells = as_text(table[day])
        example = cells.max().to_pyarrow().as_py()
        raise InputError(
            say(
                "The dates in {heading} are ambiguous: {example} can be read in two ways.",
                heading=heading,
                example=str(example),
            ),
            accepted=say("Say which part is the day: --date-order dmy or --date-order mdy."),
        )


def day_rules(column: str, at: str, on: str, reading: Reading) -> list[Rule]:
    """Why a row's date may be refused; ``at`` and ``on`` are the columns of values read."""

    def unread(pattern: str) -> Test:
        return lambda t: _where_null(t[at], as_text(t[column]).strip().re_search(pattern))

    rules = [
        missing_rule(column, say("The date is missing."), at),
        Rule(
            column,
            say("The date can be read in two ways; give the date order (dmy or mdy)."),
            unread(_TWO_WAYS),
        ),
        Rule(
            column,
            say("The year has two digits; four are needed, as in 2024-03-31."),
            unread(r"^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}(\D|$)"),
        ),
        Rule(
            column,
            say("This is not a date; accepted are dates such as 2024-03-31 or 31.03.2024."),
            lambda t: t[at].isnull(),
        ),
        Rule(
            column,
            say("The date is before 1970."),
            lambda t: _too_early(t[at], t[on]),
        ),
    ]
    now = reading.now
    if now is not None:
        rules.append(
            Rule(column, say("The date is in the future."), lambda t: t[on] > ibis.date(now))
        )
    return rules


def _where_null(value: ir.Column, test: ir.BooleanValue) -> ir.BooleanValue:
    """A test of the few cells that could not be read; on the others it is not computed."""
    return value.isnull().ifelse(test, ibis.literal(value=False))


def missing_rule(column: str, reason: Message, value: str) -> Rule:
    """A cell that must not be blank; ``value`` is the column of values read."""
    return Rule(column, reason, lambda t: _where_null(t[value], blank(t[column])))


def _too_early(at: ir.TimestampColumn, on: ir.DateColumn) -> ir.BooleanValue:
    if ibis.get_backend(on).name == "clickhouse":
        return at < ibis.timestamp(EARLIEST.isoformat())  # days begin in 1970 there
    return on < ibis.date(EARLIEST)


def number_rule(column: str, value: str) -> Rule:
    """Why a number may be refused; ``value`` is the column of values read."""
    return Rule(
        column,
        say(
            "This is not a number that can be read in one way; accepted is, for example, 1234.56."
        ),
        lambda t: _where_null(t[value], ~blank(t[column])),
    )


def broken_rule() -> Rule:
    """Why a row of a text file may be refused as a whole."""
    return Rule(
        None,
        say("The record does not have the shape of the others: its columns or marks do not fit."),
        lambda t: t[BROKEN].notnull(),
        shown=BROKEN,
    )


def judged(table: ir.Table, rules: Sequence[Rule]) -> ir.Table:
    """Add ``problem`` (number of the first rule that refuses the row, from 1) and its cell."""
    tests = [(rule.bad(table), place) for place, rule in enumerate(rules, 1)]
    table = table.mutate(problem=ibis.cases(*tests, else_=0).cast("int8"))
    shown = {rule.shown or rule.column for rule in rules} - {None}
    cells = [
        (table.problem.isin(_places(rules, name)), as_text(table[name]).left(_SHOWN))
        for name in sorted(name for name in shown if name is not None)
        if name in table.columns
    ]
    value = ibis.cases(*cells) if cells else ibis.null("string")
    return table.mutate(problem_value=value)


def _places(rules: Sequence[Rule], name: str) -> list[int]:
    return [place for place, rule in enumerate(rules, 1) if name in (rule.shown, rule.column)]


def rejects(judged_rows: ir.Table, rules: Sequence[Rule], records: Records) -> list[Reject]:
    """The rows that were refused, in the order of files and lines."""
    bad = judged_rows.filter(judged_rows.problem > 0)
    found = bad.select(FILE, RECORD, "problem", "problem_value").order_by([FILE, RECORD])
    return [
        reject(records, rules[row["problem"] - 1], row, row["problem_value"])
        for row in found.to_pyarrow().to_pylist()
    ]


def reject(records: Records, rule: Rule, row: Mapping[str, int], value: str | None) -> Reject:
    """One refused row, its column called as its file calls it."""
    file = row[FILE]
    heading = records.found[file].columns.get(rule.column) if rule.column else None
    return Reject(
        line=row[RECORD],
        column=heading or rule.column,
        value=value or None,
        reason=rule.reason,
        source=records.files[file],
    )
