"""The sections of the page, in the order in which a shop owner asks."""

from dataclasses import dataclass, replace

from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import Message, say
from regulars.reports.figures import Figure
from regulars.reports.saying import findings_of
from regulars.reports.shown import figures_of
from regulars.reports.words.evidence import unanswered
from regulars.studies.answer import Answer
from regulars.studies.picture import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One study on the page.

    Attributes:
        key: The anchor.
        heading: What it is about.
        sentences: What it says, the first being the finding.
        figures: Its pictures and tables.
    """

    key: str
    heading: Message
    sentences: tuple[Message, ...]
    figures: tuple[Figure, ...] = ()


def sections_of(picture: Picture) -> tuple[Section, ...]:
    """Every section; a study without an answer says why it has none."""
    return (
        _retention(picture),
        _section("cohorts", say("Groups of new customers"), picture.cohorts),
        _section("returning", say("How many come back"), picture.curve),
        _section("growth", say("Won and lost"), picture.growth),
        _section("consistency", say("Growth and quality"), picture.consistency),
        _section("spend", say("Spend per customer"), picture.spend),
        _section("repeat", say("From first-timer to regular"), picture.repeat),
        _section("concentration", say("The few who carry much"), picture.concentration),
        _section("rfm", say("Who the customers are"), picture.rfm),
        _section("basket", say("Bought together"), picture.basket),
        _section("forecast", say("What to expect"), picture.forecast),
        _section("value", say("What customers are still worth"), picture.value),
        _section("at-risk", say("Whom to call today"), picture.at_risk),
        _section("quality", say("How good the data is"), picture.check),
    )


def _retention(picture: Picture) -> Section:
    """The first section says as well why its period was taken, where nobody named one."""
    section = _section("retention", say("Retention over time"), picture.retention)
    chosen = () if picture.chosen is None else (picture.chosen,)
    return replace(section, sentences=section.sentences + chosen)


def _section(key: str, heading: Message, answer: Answer | NotEnoughEvidence) -> Section:
    if isinstance(answer, NotEnoughEvidence):
        return Section(key=key, heading=heading, sentences=unanswered(answer))
    return Section(
        key=key, heading=heading, sentences=findings_of(answer), figures=figures_of(answer)
    )
