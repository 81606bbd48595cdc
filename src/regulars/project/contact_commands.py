"""Commands for what goes out: mails that came back, and whether mails are believed."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.languages import Language, in_words
from regulars.interfaces.cli.output import LanguageOption
from regulars.interfaces.clock import now
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say, say_count
from regulars.project.commands import DataOption
from regulars.project.opening import open_installation, require_tables

_PANEL = "Run the platform"
_LARGEST = 25 * 1024 * 1024


def mount(app: typer.Typer) -> None:
    """Add the commands to the others."""
    for command in (bounces, deliverability):
        app.command(rich_help_panel=_PANEL)(command)


def bounces(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE…", help="Mails as they came, one in each file; - for stdin."),
    ],
    *,
    data: DataOption = None,
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """Take mails that came back: what was not delivered, and who complains."""
    with refusals(language):
        mails = [_read(file) for file in files]
        open_installation(data)
        require_tables()
        from regulars.apps.contact.operations.provider_events import take_events
        from regulars.apps.contact.rules.dsn import read_returned

        moment = now()
        read = [read_returned(mail, moment) for mail in mails]
        new = take_events([event for events in read for event in events], now=moment)
        told = say(
            "{told} of {n} mails told of messages; {new} was new.",
            told=sum(map(bool, read)),
            n=len(mails),
            new=say_count("{n} thing", "{n} things", n=new),
        )
        typer.echo(in_words(told, language))


def deliverability(
    domain: Annotated[
        str, typer.Argument(metavar="DOMAIN", help="What mails are from: a domain or an address.")
    ],
    *,
    data: DataOption = None,
    selector: Annotated[
        list[str] | None,
        typer.Option(
            help="The name of a DKIM key, as the provider says it; may be repeated. "
            "The usual ones where it is left out.",
            show_default=False,
        ),
    ] = None,
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """Say whether mails of a domain are believed: SPF, DKIM and DMARC in plain words."""
    with refusals(language):
        open_installation(data)
        from regulars.apps.contact.deliverability.checking import check_domain
        from regulars.apps.contact.deliverability.names import Dns
        from regulars.apps.contact.queries.own_domain import sending_from

        report = check_domain(sending_from(domain, selector or ()), Dns())
        for it in report.findings:
            told = [it.what] if it.todo is None else [it.what, it.todo]
            text = " ".join(in_words(part, language) for part in told)
            typer.echo(f"{it.severity}\t{it.about}\t{text}")


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read(_LARGEST)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(_LARGEST)
    except OSError as error:
        raise InputError(
            say("{file} cannot be read: {reason}.", file=file, reason=str(error.strerror)),
            accepted=say("Give files of one mail each, or - for what is piped in."),
        ) from error
