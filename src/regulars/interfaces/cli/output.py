"""Options that say how an answer is given, and the giving: a table, JSON, or a file."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from regulars.interfaces.cli.downloads import expect_table_at, save_table
from regulars.interfaces.cli.exits import Exit, refusals
from regulars.interfaces.cli.languages import Language, in_words
from regulars.interfaces.cli.waiting import waiting
from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.progress import Progress
from regulars.kernel.saving import replacing
from regulars.kernel.wording import Message, say

if TYPE_CHECKING:
    from rich.console import Console

    from regulars.studies.answer import Answer

_PANEL = "How the answer is given"
_PAGE_WIDTH = 160
"""Columns of a printed table where no terminal says how wide it is."""

LanguageOption = Annotated[
    Language,
    typer.Option(help="The language of the answer.", rich_help_panel=_PANEL),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputOptions:
    """How an answer is given, as the command line says it."""

    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print JSON, and nothing else.", rich_help_panel=_PANEL),
    ] = False
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the rows to a .csv or .parquet file instead of showing them.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    language: LanguageOption = Language.ENGLISH

    def give(self, ask: "Callable[[Progress], Answer | NotEnoughEvidence]") -> None:
        """Ask a question and give the answer; errors become a line and an exit code.

        Args:
            ask: Reads the orders and answers; it is told how to say where it is.

        Raises:
            typer.Exit: Nothing could be answered; :class:`Exit` says why.
        """
        with refusals(self.language):
            if self.out is not None:
                expect_table_at(self.out)
            with waiting(self.language) as tell:
                answer = ask(tell)
            if isinstance(answer, NotEnoughEvidence):
                self._regret(answer)
            self._hand_over(answer)

    def _hand_over(self, answer: "Answer") -> None:
        if self.out is not None:
            save_table(answer.table(), self.out)
            notice(say("Wrote {path}.", path=str(self.out)), self.language)
        if self.as_json:
            print_json(answer.json())
        elif self.out is None:
            print_answer(answer, self.language)

    def _regret(self, answer: NotEnoughEvidence) -> NoReturn:
        if self.as_json:
            print_json(answer.json())
        else:
            from regulars.reports.words.evidence import unanswered

            for sentence in unanswered(answer):
                notice(sentence, self.language)
        sys.stdout.flush()
        raise typer.Exit(Exit.NOT_ENOUGH_EVIDENCE)


def print_json(document: object) -> None:
    """Print a document as JSON, piece by piece: an answer may have a row per customer."""
    for piece in _pieces(document):
        sys.stdout.write(piece)


def save_json(document: object, path: Path) -> None:
    """Write a document as JSON to a file, whole or not at all."""
    with replacing(path) as place, place.open("w", encoding="utf-8") as file:
        for piece in _pieces(document):
            file.write(piece)


def _pieces(document: object) -> Iterator[str]:
    encoder = json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=2)
    yield from encoder.iterencode(document)
    yield "\n"


def print_answer(answer: "Answer", language: Language) -> None:
    """Print an answer as tables and sentences: in colour on a terminal, plain elsewhere."""
    from regulars.reports.speech import speaker_of
    from regulars.reports.terminal import show

    page().print(show(answer, speaker_of(language.value)))


def page() -> "Console":
    """Standard output as something to print tables on."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _PAGE_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False)


def notice(message: Message, language: Language) -> None:
    """Say something beside the result, on stderr."""
    typer.echo(in_words(message, language), err=True)
