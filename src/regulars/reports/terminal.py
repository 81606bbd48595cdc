"""Answers in the terminal: the finding, a table, and what else a careful reader should know."""

from collections.abc import Iterable, Sequence
from functools import singledispatch
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import Message, say
from regulars.reports.saying import findings_of
from regulars.reports.sheets import customers, expected, groups, purchases
from regulars.reports.sheets.by_answer import sheet_of
from regulars.reports.sheets.sheet import Sheet, written
from regulars.reports.speech import Speaker
from regulars.reports.words import first
from regulars.reports.words import retention as retention_words
from regulars.reports.words.evidence import footer, scope, unanswered
from regulars.studies.answer import Answer
from regulars.studies.basket import Basket
from regulars.studies.check import Check
from regulars.studies.cohorts import CohortCell, Cohorts
from regulars.studies.forecast import Forecast
from regulars.studies.growth import Growth
from regulars.studies.picture import Picture
from regulars.studies.repeat import Repeat
from regulars.studies.retention import Retention
from regulars.studies.value import Value

_ROWS: Final = 24  # what fits on a screen; --out writes them all
_AGES: Final = 13  # columns of a cohort matrix that fit on a screen
_QUIET: Final = "dim"
_STRONG: Final = "bold"
_ACCENT: Final = "cyan"
_BAD: Final = "yellow"


def show(answer: Answer | NotEnoughEvidence, speaker: Speaker) -> RenderableType:
    """An answer as something that ``rich`` prints.

    Args:
        answer: What a study gave back, a refusal included.
        speaker: In which language.
    """
    if isinstance(answer, NotEnoughEvidence):
        return _lines(unanswered(answer), speaker)
    return _shown(answer, _for_money(answer, speaker))


def _for_money(answer: Answer, speaker: Speaker) -> Speaker:
    evidence = getattr(answer, "evidence", None)
    known = evidence.currency if evidence else None
    return speaker if speaker.currency or known is None else speaker.in_currency(known)


@singledispatch
def _shown(answer: Answer, speaker: Speaker) -> RenderableType:
    sentences = findings_of(answer)
    return _page(answer, sentences, [sheet_of(answer)], speaker)


@_shown.register
def _(answer: Retention, speaker: Speaker) -> RenderableType:
    sentences = (retention_words.headline(answer), *findings_of(answer))
    return _page(answer, sentences, [customers.overall(answer), customers.trend(answer)], speaker)


@_shown.register
def _(answer: Growth, speaker: Speaker) -> RenderableType:
    sheets = [customers.growth_in_customers(answer), customers.growth_in_money(answer)]
    return _page(answer, findings_of(answer), sheets, speaker)


@_shown.register
def _(answer: Repeat, speaker: Speaker) -> RenderableType:
    sheets = [purchases.steps(answer), purchases.path(answer)]
    return _page(answer, findings_of(answer), sheets, speaker)


@_shown.register
def _(answer: Basket, speaker: Speaker) -> RenderableType:
    sheets = [purchases.pairs(answer), purchases.next_items(answer)]
    return _page(answer, findings_of(answer), sheets, speaker)


@_shown.register
def _(answer: Check, speaker: Speaker) -> RenderableType:
    sheets = [purchases.columns(answer), purchases.reasons(answer), purchases.rejects(answer)]
    return _page(answer, findings_of(answer), [*sheets, purchases.stores(answer)], speaker)


@_shown.register
def _(answer: Forecast, speaker: Speaker) -> RenderableType:
    sheets = [expected.candidates(answer), groups.effects(answer), groups.coefficients(answer)]
    return _page(answer, findings_of(answer), sheets, speaker)


@_shown.register
def _(answer: Value, speaker: Speaker) -> RenderableType:
    sheets = [expected.bands(answer), expected.worthiest(answer)]
    return _page(answer, findings_of(answer), sheets, speaker)


@_shown.register
def _(answer: Cohorts, speaker: Speaker) -> RenderableType:
    head = _sentences(findings_of(answer), speaker)
    return Group(*head, Text(), _matrix(answer, speaker), Text(), _footer(answer, speaker))


@_shown.register
def _(answer: Picture, speaker: Speaker) -> RenderableType:
    return Group(
        Text(speaker.say(scope(answer.evidence)), style=_QUIET),
        Text(),
        *_headline(answer, speaker),
        Text(),
        *_replies(answer, speaker),
        *_pointers(answer, speaker),
        *_trend(answer, speaker),
    )


def _headline(picture: Picture, speaker: Speaker) -> Iterable[RenderableType]:
    answer = picture.retention
    if isinstance(answer, NotEnoughEvidence):
        yield _lines(unanswered(answer), speaker)
        return
    yield Text(speaker.say(retention_words.when(answer)), style=_ACCENT)
    yield Text(speaker.say(retention_words.headline(answer)), style=_STRONG)
    yield Text(speaker.say(retention_words.how_sure(answer.overall)))


def _replies(picture: Picture, speaker: Speaker) -> Iterable[RenderableType]:
    for reply in first.replies(picture):
        yield Text.assemble(
            (speaker.say(reply.question), _QUIET), "  ", (speaker.say(reply.short), _STRONG)
        )
        for sentence in reply.sentences:
            yield Padding(Text(speaker.say(sentence)), (0, 0, 0, 2))
    yield Text()


def _pointers(picture: Picture, speaker: Speaker) -> Iterable[RenderableType]:
    found = first.pointers(picture)
    if not found:
        return
    yield Text(speaker.say(say("What to look at")), style=_ACCENT)
    for number, pointer in enumerate(found, 1):
        yield Text(f"{number}. {speaker.say(pointer.text)}")
    yield Text()


def _trend(picture: Picture, speaker: Speaker) -> Iterable[RenderableType]:
    if isinstance(picture.retention, Retention):
        yield _table(customers.trend(picture.retention), speaker)


def _page(
    answer: Answer, sentences: Sequence[Message], sheets: Sequence[Sheet], speaker: Speaker
) -> RenderableType:
    tables: list[RenderableType] = []
    for sheet in sheets:
        if sheet.rows:
            tables += [Text(), _table(sheet, speaker)]
    return Group(*_sentences(sentences, speaker), *tables, Text(), _footer(answer, speaker))


def _sentences(sentences: Sequence[Message], speaker: Speaker) -> list[Text]:
    return [
        Text(speaker.say(sentence), style="" if number else _STRONG)
        for number, sentence in enumerate(sentences)
    ]


def _lines(sentences: Sequence[Message], speaker: Speaker) -> RenderableType:
    reason, *needs = sentences
    return Group(
        Text(speaker.say(reason), style=_BAD),
        *(Padding(Text(speaker.say(it)), (0, 0, 0, 2)) for it in needs),
    )


def _footer(answer: Answer, speaker: Speaker) -> Text:
    evidence = getattr(answer, "evidence", None)
    words = " ".join(speaker.say(it) for it in footer(evidence)) if evidence else ""
    return Text(words, style=_QUIET)


def _table(sheet: Sheet, speaker: Speaker) -> RenderableType:
    shown = sheet.limited(_ROWS)
    table = _empty()
    for column, heading in enumerate(shown.headings):
        text = column in shown.texts
        table.add_column(
            speaker.say(heading),
            justify="left" if text else "right",
            overflow="fold" if text else "ellipsis",
        )
    for row in shown.rows:
        table.add_row(*(Text(written(cell, speaker)) for cell in row))
    if not shown.left_out:
        return table
    rest = speaker.say(say("And {rows} rows more.", rows=shown.left_out))
    return Group(table, Text(rest, style=_QUIET))


def _empty() -> Table:
    return Table(box=None, header_style=_QUIET, pad_edge=False, padding=(0, 2, 0, 0))


def _matrix(answer: Cohorts, speaker: Speaker) -> Table:
    """The cohort matrix in percent, one row a cohort."""
    ages = min(answer.max_age + 1, _AGES)
    table = _empty()
    table.add_column(speaker.say(say("First seen")))
    table.add_column(speaker.say(say("Customers")), justify="right")
    for age in range(ages):
        table.add_column(str(age), justify="right")
    for cells in _rows_of(answer)[-_ROWS:]:
        start = speaker.period(cells[0].cohort, answer.period, short=True)
        size = speaker.value(cells[0].customers)
        table.add_row(start, size, *(_percent(cell, speaker) for cell in cells[:ages]))
    return table


def _rows_of(answer: Cohorts) -> list[list[CohortCell]]:
    rows: dict[str, list[CohortCell]] = {}
    for cell in answer.cells:
        rows.setdefault(cell.cohort.isoformat(), []).append(cell)
    return list(rows.values())


def _percent(cell: CohortCell, speaker: Speaker) -> Text:
    if cell.retention is None:
        return Text("")
    return Text(speaker.percent(cell.retention.value, 0), style="" if cell.age else _QUIET)
