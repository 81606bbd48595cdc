"""Tables of customers, products, refunds, …: read by the library, judged as bodies of the API."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ibis.expr.types as ir

from regulars.apps.intake.reading.bodies import write_bodies
from regulars.apps.intake.reading.columns import COLUMNS, Columns
from regulars.apps.intake.reading.job import Job, Read
from regulars.apps.intake.reading.raw import Place, hand_back
from regulars.apps.intake.reading.sheets import SheetWriter
from regulars.apps.intake.rules import BATCH, Fault
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.warehouse import parsing
from regulars.warehouse.dates import Zones, instant_and_day
from regulars.warehouse.headings import Wanted
from regulars.warehouse.opening import open_records
from regulars.warehouse.options import Reading
from regulars.warehouse.parsing import Rule, Survey
from regulars.warehouse.records import BROKEN, FILE, KEPT, RECORD, Records

_READ = "read_"
_BIRTHDAY = re.compile(r"(?:(?P<year>\d{4})-|--)?(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_BIRTHDAY_LAST = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})?")
_EVERY = {"weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"} | {
    "annual": "year",
    "annually": "year",
}
_SAID = {
    **dict.fromkeys(("yes", "true", "1", "subscribed", "active", "opted in"), "granted"),
    **dict.fromkeys(("no", "false", "0", "unsubscribed", "inactive", "opted out"), "withdrawn"),
}
"""What other systems call a yes and a no."""


def read_flat_rows(job: Job) -> Read:
    """Write the sheet of a table, and its refused rows.

    Raises:
        InputError: The source cannot be used as a whole.
        OptionError: Something in the job's reading does not fit the source.
    """
    columns = COLUMNS[job.kind]
    job.tell(say("Reading rows"), 0.0)
    records = open_records(job.engine, job.source, wanted_of(columns, job.reading), job.reading)
    judged, rules, total = _judged(records, columns, job.reading)
    kept = job.engine.keep(judged, "judged")
    refused: dict[Place, tuple[Fault, ...]] = {
        (records.files.index(one.source), one.line): (
            Fault(one.column or "", one.reason, one.value),
        )
        for one in parsing.rejects(kept, rules, records)
    }
    batches = _write(job, kept.filter(kept.problem == 0), columns, refused)
    return Read(
        rows=total,
        rejected=hand_back(job, refused),
        batches=batches,
        columns=records.columns,
        ignored=records.ignored,
        notes=(),
    )


def _write(
    job: Job, good: ir.Table, columns: Columns, refused: dict[Place, tuple[Fault, ...]]
) -> int:
    """Write the bodies that the API would take; return how many batches there are."""
    batches = 0
    with SheetWriter(job.folder) as sheets:
        for rows in _batches(job, good):
            taken = _checked(rows, columns, job, refused)
            if taken:
                write_bodies(sheets, batches, taken)
                batches += 1
    return batches


def wanted_of(columns: Columns, reading: Reading) -> Wanted:
    """What is looked for in the source."""
    return Wanted(
        ranks=columns.ranks,
        required={name: ((name,),) for name in columns.required},
        given=reading.columns,
        keep_rest=bool(columns.rest),
    )


def _judged(
    records: Records, columns: Columns, reading: Reading
) -> tuple[ir.Table, list[Rule], int]:
    """The rows with the values read and the number of the rule that refuses them."""
    table, moments = records.table, (*columns.days, *columns.moments)
    parsing.refuse_types(records, number=columns.numbers, day=moments)
    seen = parsing.survey(table, day=moments, number=columns.numbers, key=columns.keys)
    if not seen.figures["rows"]:
        raise InputError(
            say("{source} has a heading but no rows.", source=", ".join(records.files[:3])),
            accepted=say("Give a file with at least one row."),
        )
    present = set(table.columns)
    for name in moments:
        if name in present:
            parsing.refuse_ambiguous(table, records.columns[name], name, seen, reading)
    read = _read(table, columns, seen, reading)
    rules = list(_rules(columns, present, reading))
    return parsing.judged(read, rules), rules, seen.figures["rows"]


def _read(table: ir.Table, columns: Columns, seen: Survey, reading: Reading) -> ir.Table:
    present = set(table.columns)
    zones = Zones(reading.timezone, reading.times_in or "UTC")
    for name in (*columns.days, *columns.moments):
        if name in present:
            table, moment = parsing.when(table, name, seen, reading)
            at, on = instant_and_day(moment, zones)
            table = table.mutate({_READ + name: on if name in columns.days else at})
    for name in columns.numbers:
        if name in present:
            table, value = parsing.number(table, name, seen, reading)
            table = table.mutate({_READ + name: value})
    keys = {
        _READ + name: parsing.identifier(table[name], name, seen)
        for name in columns.keys
        if name in present
    }
    words = {
        _READ + name: parsing.known_text(table[name])
        for name in columns.ranks
        if name in present
        and name not in {*columns.keys, *columns.numbers, *columns.days}
        and name not in columns.moments
    }
    return table.mutate(**keys, **words)


def _rules(columns: Columns, present: set[str], reading: Reading) -> Iterator[Rule]:
    if BROKEN in present:
        yield parsing.broken_rule()
    for name in columns.required:
        yield parsing.missing_rule(
            name, say("The {column} is missing.", column=name), _READ + name
        )
    for name in (*columns.days, *columns.moments):
        if name in present:
            yield from _day_rules(name, reading)
    for name in columns.numbers:
        yield parsing.number_rule(name, _READ + name)


def _day_rules(name: str, reading: Reading) -> list[Rule]:
    """The library's rules of days; those of a column that may be blank hold where it is not."""
    read = _READ + name
    _, *rules = parsing.day_rules(name, read, read, reading)
    return [
        Rule(rule.column, rule.reason, lambda t, bad=rule.bad: ~parsing.blank(t[name]) & bad(t))  # type: ignore[misc]
        for rule in rules[:3]
    ]


def _batches(job: Job, good: ir.Table) -> Iterator[list[dict[str, Any]]]:
    names = [
        name for name in good.columns if name in {FILE, RECORD} or name.startswith((_READ, KEPT))
    ]
    kept = job.engine.keep(good.select(*names), "good").get_name()
    rows = job.engine.connection.table(kept).order("file, record")
    for batch in rows.to_arrow_reader(BATCH):
        yield batch.to_pylist()


def _checked(
    rows: Sequence[dict[str, Any]],
    columns: Columns,
    job: Job,
    refused: dict[Place, tuple[Fault, ...]],
) -> list[object]:
    """The bodies of rows that the API would take; the others are noted as refused."""
    told: list[object] = [_body(row, columns, job.reading) for row in rows]
    checked = job.bodies.check(told)
    headings = {field: name for name, field in columns.names.items()}
    for place, faults in checked.bad.items():
        row = rows[place]
        refused[row[FILE], row[RECORD]] = tuple(
            Fault(headings.get(fault.field, fault.field), fault.message) for fault in faults
        )
    return [told[place] for place in sorted(checked.good)]


def _body(row: Mapping[str, Any], columns: Columns, reading: Reading) -> dict[str, object]:
    """A row in the words of the API; what it lacks is left out."""
    body: dict[str, object] = {}
    for name in columns.ranks:
        value = row.get(_READ + name)
        if value is not None:
            body[columns.names.get(name, name)] = _value(name, value, columns)
    if "currency" in columns.ranks and "currency" not in body and reading.currency:
        body["currency"] = reading.currency.upper()
    if columns.rest:
        body[columns.rest] = {
            name.removeprefix(KEPT): _plain(value)
            for name, value in row.items()
            if name.startswith(KEPT) and value is not None
        }
    return body


def _value(name: str, value: object, columns: Columns) -> object:
    if name in columns.moments:
        return f"{value:%Y-%m-%dT%H:%M:%S.%f}+00:00"
    text = str(value)
    special = _SPECIAL.get(name)
    return text if special is None else special(text)


def _birthday(text: str) -> object:
    """A day of the year as the API has it; what is none goes there as it is, to be refused."""
    found = _BIRTHDAY.fullmatch(text.partition(" ")[0]) or _BIRTHDAY_LAST.fullmatch(text)
    if found is None:
        return text
    parts = {name: int(part) for name, part in found.groupdict().items() if part is not None}
    return dict(parts)


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | bool) else str(value)


_SPECIAL: Mapping[str, Callable[[str], object]] = {
    "birthday": _birthday,
    "every": lambda text: _EVERY.get(text.casefold(), text.casefold()),
    "kind": str.casefold,
    "currency": str.upper,
    "purpose": str.casefold,
    "channel": str.casefold,
    "basis": str.casefold,
    "state": lambda text: _SAID.get(text.casefold(), text.casefold()),
}
