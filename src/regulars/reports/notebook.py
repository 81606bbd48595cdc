"""How an answer looks in a notebook: its finding, its sentences, its chart and its table."""

from collections.abc import Sequence
from html import escape

from regulars.kernel.wording import Message
from regulars.reports.charts.theme import WIDE, Drawing
from regulars.reports.drawing import still, with_words
from regulars.reports.figures import Figure
from regulars.reports.saying import findings_of
from regulars.reports.sheets.by_answer import sheet_of
from regulars.reports.sheets.sheet import Sheet, written
from regulars.reports.shown import figures_of
from regulars.reports.speech import Speaker, speaker_of
from regulars.studies.answer import Answer
from regulars.studies.picture import Picture

_ROWS = 20


class NotebookPresenter:
    """Draws answers in English; the report and the command line speak the other languages."""

    def chart(self, answer: Answer) -> Drawing:
        """The answer's first chart, with its finding above it.

        Raises:
            LookupError: The answer has nothing that could be drawn.
        """
        speaker = _speaker_for(answer)
        for figure in figures_of(_drawn(answer)):
            if figure.draw is not None:
                return _standing_alone(figure, figure.draw(speaker, WIDE), speaker)
        raise LookupError(f"this {type(answer).__name__} has nothing to draw")

    def findings(self, answer: Answer) -> Sequence[Message]:
        """The answer in plain sentences."""
        return findings_of(answer)

    def html(self, answer: Answer) -> str:
        """The answer as a piece of a page: sentences, chart, table."""
        speaker = _speaker_for(answer)
        first, *others = [escape(speaker.say(it)) for it in findings_of(answer)]
        words = f"<p><strong>{first}</strong></p>" + "".join(f"<p>{it}</p>" for it in others)
        figures = [it for it in figures_of(_drawn(answer)) if it.draw is not None][:1]
        pictures = "".join(_picture(it, speaker) for it in figures)
        return words + pictures + _table(sheet_of(answer).limited(_ROWS), speaker)


def _drawn(answer: Answer) -> Answer:
    """The answer whose figures are shown: of a whole picture, that of its first question."""
    if isinstance(answer, Picture):
        return answer.retention if isinstance(answer.retention, Answer) else answer.check
    return answer


def _speaker_for(answer: Answer) -> Speaker:
    evidence = getattr(answer, "evidence", None)
    return speaker_of("en", currency=evidence.currency if evidence else None)


def _standing_alone(figure: Figure, drawing: Drawing, speaker: Speaker) -> Drawing:
    return with_words(
        drawing,
        title=speaker.say(figure.title),
        subtitle=speaker.say(figure.caption) if figure.caption else "",
        alternative=speaker.say(figure.alternative or figure.title),
    )


def _picture(figure: Figure, speaker: Speaker) -> str:
    if figure.draw is None:
        return ""
    svg = still(
        figure.draw(speaker, WIDE),
        name=speaker.say(figure.title),
        alternative=speaker.say(figure.alternative or figure.title),
        key=f"regulars-{figure.key}",
    )
    return f'<div style="max-width:44rem;background:#fffefb">{svg}</div>'


def _table(sheet: Sheet, speaker: Speaker) -> str:
    head = "".join(f"<th>{escape(speaker.say(it))}</th>" for it in sheet.headings)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(written(it, speaker))}</td>" for it in row) + "</tr>"
        for row in sheet.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
