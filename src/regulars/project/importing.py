"""The commands that import: in the foreground, with progress and the refused rows at the end."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regulars.interfaces.cli import values
from regulars.interfaces.cli.exits import Exit, refusals
from regulars.interfaces.cli.groups import with_groups
from regulars.interfaces.cli.languages import Language, in_words
from regulars.interfaces.cli.output import LanguageOption, notice
from regulars.interfaces.cli.reading import TableOptions
from regulars.interfaces.cli.waiting import waiting
from regulars.interfaces.clock import now
from regulars.kernel.wording import Message, say, say_count
from regulars.project.commands import DataOption
from regulars.project.opening import open_installation, require_tables

if TYPE_CHECKING:
    from regulars.apps.intake.queries import RunRow
    from regulars.apps.intake.rules import How, Kind, Named

_PANEL = "Run the platform"
_LOOK = 0.5
_SHOWN = 5


def mount(app: typer.Typer) -> None:
    """Add the commands to the others."""
    app.command("import", rich_help_panel=_PANEL)(import_source)
    for command in (imports, undo):
        app.command(rich_help_panel=_PANEL)(command)


@with_groups
def import_source(  # noqa: PLR0913 - each is an option of the command line
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A file or folder of any format that the library reads, or a database URL.",
            show_default=False,
        ),
    ],
    *,
    data: DataOption = None,
    kind: Annotated[
        str, typer.Option(help="orders, customers, products, refunds, subscriptions or costs.")
    ] = "orders",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where rejected rows go: .csv or .ndjson."),
    ] = None,
    reading: TableOptions,
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """Import a file or a table; the same again changes nothing."""
    with refusals(language):
        wanted = kind_of(kind)
        _check_rejects(rejects)
        open_installation(data)
        require_tables()
        row = _done(source, wanted, how_of(reading), language, dry_run=dry_run)
        for line in _summary(row):
            typer.echo(in_words(line, language))
        if rejects is not None:
            _write_rejects(row, rejects, language)
    if row.reason is not None:
        notice(row.reason, language)
        raise typer.Exit(Exit.INPUT)


def imports(
    *,
    data: DataOption = None,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 20,
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """List the imports, the newest first."""
    with refusals(language):
        open_installation(data)
        require_tables()
        from regulars.apps.intake.queries import list_runs

        for row in list_runs(limit=limit):
            state = f"{row.aim} {row.state}"
            typer.echo(f"{row.id:>6}  {row.kind:<13} {state:<16} {row.name}: {_counts(row)}")


def undo(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="Of the import.")],
    *,
    data: DataOption = None,
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """Take back what an import wrote; what was changed since is left."""
    with refusals(language):
        open_installation(data)
        require_tables()
        from regulars.apps.intake.operations import undo_import
        from regulars.kernel.actors import COMMAND

        undo_import(number, actor=COMMAND, now=now())
        row = _worked(number, None, language)
        undone = row.findings.undone
        told = say(
            "{removed} removed, {restored} restored, {left} left.",
            removed=undone.get("removed", 0),
            restored=undone.get("restored", 0),
            left=undone.get("left", 0),
        )
        typer.echo(in_words(told, language))


def _done(source: str, kind: "Kind", how: "How", language: Language, *, dry_run: bool) -> "RunRow":
    """Ask for the import and do it."""
    from regulars.apps.intake.operations import take_source
    from regulars.apps.intake.rules import Aim
    from regulars.apps.intake.tasks import new_worker
    from regulars.kernel.actors import COMMAND

    worker = new_worker()
    named, secret = _named(source)
    number = take_source(
        named,
        kind,
        how,
        aim=Aim.TRIAL if dry_run else Aim.IMPORT,
        actor=COMMAND,
        now=now(),
        worker=worker,
    )
    return _worked(number, secret, language, worker)


def _worked(number: int, secret: str | None, language: Language, worker: str = "") -> "RunRow":
    """Do every step of an import, or wait for the worker that took it up."""
    from regulars.apps.intake.queries import get_run
    from regulars.apps.intake.rules import State
    from regulars.apps.intake.tasks import new_worker, run_due_imports
    from regulars.interfaces.api.import_rows import BODIES

    worker = worker or new_worker()
    with waiting(language) as tell:
        while (row := get_run(number)).state in {State.WAITING, State.RUNNING}:
            done = run_due_imports(worker, now(), BODIES, only=number, tell=tell, secret=secret)
            if not done:
                time.sleep(_LOOK)
    return row


def _named(source: str) -> "tuple[Named, str | None]":
    """The source as it is kept; with the URL where it must not be kept as it is."""
    from regulars.apps.intake.operations.watching import has_password
    from regulars.apps.intake.rules import Named
    from regulars.apps.intake.uploads import digest_of
    from regulars.kernel.errors import InputError
    from regulars.warehouse.readers.databases import shown_url
    from regulars.warehouse.sources import is_url

    if is_url(source):
        shown = shown_url(source)
        # a password that is a variable is kept: what is kept is its name
        kept = shown if has_password(source) and "${" not in source else source
        return Named(kept, shown), source if kept != source else None
    path = Path(source).absolute()
    if not path.exists():
        raise InputError(
            say("There is no file {file}.", file=source),
            accepted=say("Give the path of a file or folder, or a database URL."),
        )
    size = path.stat().st_size if path.is_file() else 0
    return Named(str(path), path.name, digest_of(path), size), None


def how_of(reading: TableOptions) -> "How":
    """The options as an import keeps them."""
    from regulars.apps.intake.rules import How

    return How(
        columns=values.pairs(reading.columns or ()),
        timezone=reading.timezone,
        times_in=reading.times_in,
        currency=reading.currency,
        date_order=reading.date_order.value if reading.date_order else None,
        decimal=reading.decimal.value if reading.decimal else None,
        vat=None if reading.vat is None else str(reading.vat),
        encoding=reading.encoding,
        table=reading.table,
    )


def kind_of(text: str) -> "Kind":
    """What is imported.

    Raises:
        OptionError: Nothing is called so.
    """
    from regulars.apps.intake.rules import Kind
    from regulars.kernel.errors import OptionError

    if text not in {kind.value for kind in Kind}:
        raise OptionError(
            say("{text} cannot be imported.", text=text),
            accepted=say("Give one of {kinds}.", kinds=", ".join(Kind)),
        )
    return Kind(text)


def _check_rejects(place: Path | None) -> None:
    from regulars.kernel.errors import OptionError
    from regulars.kernel.saving import check_place

    if place is None:
        return
    if place.suffix.lower() not in {".csv", ".ndjson", ".jsonl"}:
        raise OptionError(
            say("Rejected rows cannot be written to '{name}'.", name=place.name),
            accepted=say("Give it a name that ends in .csv or .ndjson."),
        )
    check_place(place)


def _write_rejects(row: "RunRow", place: Path, language: Language) -> None:
    from regulars.apps.intake.handing_back import rejects_as_csv, rejects_as_json
    from regulars.kernel.saving import replacing

    lines = (rejects_as_csv if place.suffix.lower() == ".csv" else rejects_as_json)(row.id)
    with replacing(place) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
    notice(say("Wrote {path}.", path=str(place)), language)


def _summary(row: "RunRow") -> list[Message]:
    from regulars.apps.intake.queries import find_rejects

    lines = list(row.findings.notes)
    if row.same_as is not None:
        lines.append(
            say("The very same file was imported before, as {number}.", number=str(row.same_as))
        )
    for place, reject in enumerate(find_rejects(row.id)):
        if place == _SHOWN:
            lines.append(say("… and others."))
            break
        lines.append(say("Line {line}: {reason}", line=reject.line, reason=reject.reason))
    if row.reason is None:
        lines.append(say("Import {number}: {counts}", number=str(row.id), counts=_counts(row)))
    return lines


def _counts(row: "RunRow") -> Message:
    rejected = say_count(
        "{n} of {all} rows was rejected.",
        "{n} of {all} rows were rejected.",
        n=row.rejected,
        all=row.read,
    )
    return say(
        "{created} created, {updated} updated, {unchanged} unchanged. {rejected}",
        created=row.created,
        updated=row.updated,
        unchanged=row.unchanged,
        rejected=rejected,
    )
