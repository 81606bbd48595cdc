"""The report: one HTML file that opens from disk, needs no network and no script."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.progress import Progress, silent
from regulars.kernel.wording import Message, Value, say
from regulars.reports.charts.theme import NARROW, WIDE
from regulars.reports.drawing import svg_of
from regulars.reports.figures import Figure
from regulars.reports.sections import Section, sections_of
from regulars.reports.sheets.sheet import Cell, Sheet, written
from regulars.reports.speech import Speaker, speaker_of
from regulars.reports.words import retention as retention_words
from regulars.reports.words.definitions import Definition, definitions
from regulars.reports.words.evidence import footer, scope, unanswered
from regulars.reports.words.first import Pointer, Reply, pointers, replies
from regulars.studies.picture import Picture
from regulars.studies.retention import Retention

_TEMPLATES: Final = Path(__file__).parent / "templates"
_ROWS: Final = 120  # rows of one table; the command line and --json give them all
_CELL: Final = 160  # characters of one cell: a file may hold a field of megabytes


def render_report(
    picture: Picture,
    *,
    language: str = "en",
    currency: str | None = None,
    title: str | None = None,
    generated_at: datetime,
    progress: Progress = silent,
) -> str:
    """The retention picture as one self-contained HTML page.

    Its size does not grow with the data: charts and tables are limited and say so.

    Args:
        picture: All answers.
        language: ``en``, ``lt``, ``lv``, ``ru`` or ``zh-hans``.
        currency: ISO 4217 code for amounts whose currency the data does not name.
        title: What stands above the page, such as the firm's name.
        generated_at: When the page is made; the caller reads the clock.
        progress: Told which section is being drawn.

    Raises:
        OptionError: The language is not known.
    """
    speaker = speaker_of(language, currency=currency or picture.evidence.currency)
    writer = _Writer(speaker)
    sections = sections_of(picture)
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    page = {
        "lang": speaker.locale_tag,
        "title": title or speaker.say(say("Retention picture")),
        "scope": speaker.say(scope(picture.evidence)),
        "first": writer.first(picture),
        "sections": list(_drawn(sections, writer, progress)),
        "definitions": [writer.definition(it) for it in definitions()],
        "evidence": [speaker.say(it) for it in _evidence(picture, generated_at)],
    }
    template = writer.templates().get_template("report.html.jinja")
    return template.render(page=page, style=Markup(style), style_hash=_hash(style))  # noqa: S704 - our own stylesheet


def _drawn(
    sections: Sequence[Section], writer: "_Writer", progress: Progress
) -> Iterator[dict[str, object]]:
    for number, section in enumerate(sections):
        progress(say("Drawing: {section}", section=section.heading), number / len(sections))
        yield writer.section(section)


def _evidence(picture: Picture, generated_at: datetime) -> tuple[Message, ...]:
    made = say("Made by Regulars on {at}.", at=generated_at)
    return (*footer(picture.evidence), made)


def _hash(style: str) -> str:
    digest = hashlib.sha256(style.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Turns sections into the plain texts and drawings that the templates take."""

    speaker: Speaker

    def templates(self) -> Environment:
        """The templates, with the reader's language."""
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals["say"] = self._say
        return environment

    def _say(self, text: str, **values: Value) -> str:
        return self.speaker.say(Message(text, values))

    def first(self, picture: Picture) -> dict[str, object]:
        """The first screen."""
        answer = picture.retention
        return {
            **self._headline(answer),
            "answers": [self._reply(it) for it in replies(picture)],
            "pointers": [self._pointer(it) for it in pointers(picture)],
        }

    def _headline(self, answer: Retention | NotEnoughEvidence) -> dict[str, object]:
        say_it = self.speaker.say
        if isinstance(answer, NotEnoughEvidence):
            reason, *needs = unanswered(answer)
            return {
                "eyebrow": "",
                "headline": say_it(reason),
                "lead": [say_it(it) for it in needs],
                "dots": None,
            }
        return {
            "eyebrow": say_it(retention_words.when(answer)),
            "headline": say_it(retention_words.headline(answer)),
            "lead": [say_it(retention_words.how_sure(answer.overall))],
            "dots": self._dots(answer),
        }

    def _dots(self, answer: Retention) -> dict[str, object] | None:
        rate = answer.overall.rate
        if rate is None:
            return None
        sure, likely = round(rate.low * 100), round(rate.high * 100)
        return {
            "name": self.speaker.say(retention_words.headline(answer)),
            "caption": self.speaker.say(
                say("Each dot is one customer in a hundred. Pale dots: how far chance may reach.")
            ),
            "dots": list(_hundred(sure, likely)),
        }

    def _reply(self, reply: Reply) -> dict[str, object]:
        return {
            "question": self.speaker.say(reply.question),
            "short": self.speaker.say(reply.short),
            "sentences": [self.speaker.say(it) for it in reply.sentences],
            "sign": reply.sign,
        }

    def _pointer(self, pointer: Pointer) -> dict[str, str]:
        return {"key": pointer.key, "text": self.speaker.say(pointer.text)}

    def section(self, section: Section) -> dict[str, object]:
        """One section with its drawings."""
        return {
            "key": section.key,
            "heading": self.speaker.say(section.heading),
            "sentences": [self.speaker.say(it) for it in section.sentences],
            "figures": [self._figure(it) for it in section.figures],
        }

    def _figure(self, figure: Figure) -> dict[str, object]:
        return {
            "title": self.speaker.say(figure.title),
            "caption": self.speaker.say(figure.caption) if figure.caption else "",
            "wide": self._drawing(figure, narrow=False),
            "narrow": self._drawing(figure, narrow=True),
            "sheet": self._sheet(figure.sheet) if figure.sheet else None,
            "open": figure.open,
        }

    def _drawing(self, figure: Figure, *, narrow: bool) -> Markup | None:
        if figure.draw is None:
            return None
        svg = svg_of(
            figure.draw(self.speaker, NARROW if narrow else WIDE),
            name=self.speaker.say(figure.title),
            alternative=self.speaker.say(figure.alternative or figure.title),
            key=f"{figure.key}-{'narrow' if narrow else 'wide'}",
        )
        return Markup(svg)  # noqa: S704 - drawn by us, every text in it is escaped

    def _sheet(self, sheet: Sheet) -> dict[str, object]:
        shown = sheet.limited(_ROWS)
        return {
            "headings": [self.speaker.say(it) for it in shown.headings],
            "figures": [column not in shown.texts for column in range(len(shown.headings))],
            "rows": [[self.cell(it) for it in row] for row in shown.rows],
            "left_out": self._left_out(shown.left_out),
        }

    def _left_out(self, rows: int) -> str:
        if not rows:
            return ""
        return self.speaker.say(
            say("Rows left out to keep the page small: {rows}. The command line gives them all.",
                rows=rows)
        )  # fmt: skip

    def cell(self, cell: Cell) -> str:
        """A table's cell; a dash where nothing can be known."""
        return _cut(written(cell, self.speaker))

    def definition(self, definition: Definition) -> dict[str, str | None]:
        """One definition."""
        return {
            "term": self.speaker.say(definition.term),
            "text": self.speaker.say(definition.text),
            "source": definition.source,
        }


def _cut(text: str) -> str:
    return text if len(text) <= _CELL else text[:_CELL] + "\N{HORIZONTAL ELLIPSIS}"


def _hundred(sure: int, likely: int) -> Iterator[dict[str, object]]:
    """A hundred dots: kept for sure, perhaps, and not."""
    for number in range(100):
        state = "in" if number < sure else "maybe" if number < likely else "out"
        yield {
            "x": number % 10 * 10 + 5,
            "y": number // 10 * 10 + 5,
            "r": 3.1 if state == "out" else 3.4,
            "state": state,
        }
