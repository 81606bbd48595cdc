"""Subscriptions: who was a customer from which day to which."""

from collections.abc import Mapping
from typing import NoReturn

import ibis
import ibis.expr.types as ir

from regulars.kernel.errors import InputError
from regulars.kernel.wording import say
from regulars.warehouse import aliases, parsing
from regulars.warehouse.dates import Zones, instant_and_day
from regulars.warehouse.engines import Engine, open_engine
from regulars.warehouse.headings import Wanted
from regulars.warehouse.opening import open_records
from regulars.warehouse.options import Reading
from regulars.warehouse.parsing import Rule, Survey
from regulars.warehouse.quality import Reject
from regulars.warehouse.records import BROKEN, Records
from regulars.warehouse.sources import Source

_DAYS = ("started_on", "ended_on")
_READ = "read_"


def read_spans(source: Source, reading: Reading | None = None) -> ir.Table:
    """Read subscriptions.

    Args:
        source: A path, a database URL or a table with one row a subscription.
        reading: What the source does not say itself.

    Returns:
        ``customer_id`` · ``started_on`` · ``ended_on`` (the first day without; null: running) ·
        ``amount`` where there is one. Spans are half-open: ``[started_on, ended_on)``.

    Raises:
        InputError: The source cannot be read, or a row of it: a subscription left out would be
            a customer lost or won, so none is left out silently.
    """
    reading = reading or Reading()
    engine = open_engine(reading.memory_limit, reading.engine)
    records = open_records(engine, source, _wanted(reading), reading)
    parsing.refuse_types(records, number=("amount",), day=_DAYS)
    table = records.table
    seen = parsing.survey(table, day=_DAYS, number=("amount",), key=("customer_id",))
    if not seen.figures["rows"]:
        raise InputError(
            say("{source} has a heading but no rows.", source=", ".join(records.files[:3])),
            accepted=say("Give a file with at least one subscription."),
        )
    for name in _present(table):
        parsing.refuse_ambiguous(table, records.columns[name], name, seen, reading)
    read = _read(table, seen, reading)
    rules = _rules(read, reading)
    judged = parsing.judged(read, rules)
    rejected = parsing.rejects(judged, rules, records)
    if rejected:
        _refuse(rejected)
    return _spans(engine, judged, records)


def _wanted(reading: Reading) -> Wanted:
    return Wanted(
        ranks=aliases.SPANS,
        required={name: ((name,),) for name in ("customer_id", "started_on")},
        given=_only(reading.columns),
    )


def _only(columns: Mapping[str, str]) -> dict[str, str]:
    """The mappings that concern subscriptions; others are meant for the orders beside them."""
    return {name: heading for name, heading in columns.items() if name in aliases.SPANS}


def _present(table: ir.Table) -> list[str]:
    return [name for name in _DAYS if name in table.columns]


def _read(table: ir.Table, seen: Survey, reading: Reading) -> ir.Table:
    zones = Zones(reading.timezone, reading.times_in or "UTC")
    for name in _present(table):
        table, moment = parsing.when(table, name, seen, reading)
        table = table.mutate({_READ + name: instant_and_day(moment, zones)[1]})
    if "ended_on" not in table.columns:
        table = table.mutate(read_ended_on=ibis.null("date"))
    if "amount" in table.columns:
        table, amount = parsing.number(table, "amount", seen, reading)
        table = table.mutate(read_amount=amount)
    customer = parsing.identifier(table.customer_id, "customer_id", seen)
    return table.mutate(read_customer_id=customer)


def _rules(table: ir.Table, reading: Reading) -> list[Rule]:
    started = _READ + "started_on"
    rules = [parsing.broken_rule()] if BROKEN in table.columns else []
    rules.append(
        parsing.missing_rule("customer_id", say("The customer is missing."), _READ + "customer_id")
    )
    rules += parsing.day_rules("started_on", started, started, reading)
    if "ended_on" in table.columns:
        rules += [
            Rule(
                "ended_on",
                say("This is not a date; accepted are dates such as 2024-03-31 or 31.03.2024."),
                lambda t: t.read_ended_on.isnull() & ~parsing.blank(t.ended_on),
            ),
            Rule(
                "ended_on",
                say("The subscription ends before it starts."),
                lambda t: t.read_ended_on < t.read_started_on,
            ),
        ]
    if "amount" in table.columns:
        rules.append(parsing.number_rule("amount", "read_amount"))
    return rules


def _refuse(rejected: list[Reject]) -> NoReturn:
    first = rejected[0]
    raise InputError(
        say(
            "{n} rows of subscriptions cannot be used; the first is line {line}, {column}: "
            "{value}. {reason}",
            n=len(rejected),
            line=first.line,
            column=first.column or "",
            value=first.value or "",
            reason=first.reason,
        ),
        accepted=say("Mend them and try again."),
    )


def _spans(engine: Engine, judged: ir.Table, records: Records) -> ir.Table:
    columns = ["customer_id", "started_on", "ended_on"]
    columns += ["amount"] if "amount" in records.columns else []
    spans = judged.select(**{name: judged[_READ + name] for name in columns})
    return engine.settle_in(engine.keep(spans, "spans"))
