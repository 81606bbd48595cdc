"""Lets every answer draw itself, without making anybody wait who only wants its numbers."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from regulars.kernel.wording import Message
from regulars.studies.answer import Answer, Presenter, present_with

if TYPE_CHECKING:
    import altair as alt

_HOME = "regulars.reports.notebook"  # it loads Altair, which takes a second: only when asked


class _OnDemand:
    """The presenter that loads the real one when an answer is first drawn."""

    def chart(self, answer: Answer) -> "alt.Chart | alt.LayerChart":
        return _presenter().chart(answer)

    def findings(self, answer: Answer) -> Sequence[Message]:
        return _presenter().findings(answer)

    def html(self, answer: Answer) -> str:
        return _presenter().html(answer)


def _presenter() -> Presenter:
    presenter: Presenter = import_module(_HOME).NotebookPresenter()
    return presenter


def introduce() -> None:
    """Let answers draw themselves: ``answer.chart()``, ``answer.findings()``, notebooks."""
    present_with(_OnDemand())
