"""Commands for the staff: taken on, listed, let in, from the machine itself."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.languages import Language
from regulars.project.opening import open_installation, require_tables

if TYPE_CHECKING:
    from regulars.apps.accounts.queries import StaffRow

staff = typer.Typer(name="staff", help="People who sign in.", no_args_is_help=True)

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The folder of this installation; REGULARS_DATA where it is left out.",
        show_default=False,
    ),
]
EmailArgument = Annotated[str, typer.Argument(metavar="EMAIL", help="The address.")]


@staff.command("add")
def add(
    email: EmailArgument,
    *,
    data: DataOption = None,
    name: Annotated[str, typer.Option(help="How somebody is called.")],
    role: Annotated[str, typer.Option(help="owner, manager, analyst, agent or auditor.")],
    store: Annotated[
        list[str] | None,
        typer.Option(help="A store that is seen; may be repeated. Every store where left out."),
    ] = None,
    contacts: Annotated[
        bool, typer.Option("--contacts", help="Names and addresses are seen, whatever the role.")
    ] = False,
) -> None:
    """Take somebody on; who is known by that address stays as he is."""
    with refusals(Language.ENGLISH):
        from regulars.apps.accounts.rules import Access, read_role
        from regulars.kernel.actors import COMMAND

        access = Access(read_role(role), frozenset(store) if store else None, contacts)
        open_installation(data)
        require_tables()
        from regulars.apps.accounts.operations import Newcomer, take_on
        from regulars.apps.accounts.queries import find_colleague

        newcomer = Newcomer(email=email, name=name, access=access)
        row = find_colleague(take_on(newcomer, actor=COMMAND, now=_now()))
        if row is not None:
            typer.echo(f"{row.email}\t{row.role}\t{row.name}")


@staff.command("list")
def list_all(*, data: DataOption = None) -> None:
    """Everybody: address, role, whether he may sign in, second step, name."""
    with refusals(Language.ENGLISH):
        open_installation(data)
        require_tables()
        from regulars.apps.accounts.queries import list_staff

        for row in list_staff():
            state = "active" if row.active else "closed"
            step = "second-step" if row.has_second_step else "-"
            typer.echo(f"{row.email}\t{row.role}\t{state}\t{step}\t{row.name}")


@staff.command("link")
def link(
    email: EmailArgument,
    *,
    data: DataOption = None,
    address: Annotated[
        str, typer.Option(help="Where browsers find the platform.", envvar="REGULARS_ADDRESS")
    ] = "http://localhost:8000",
) -> None:
    """Print a link that lets somebody in once, within fifteen minutes."""
    with refusals(Language.ENGLISH):
        open_installation(data)
        require_tables()
        from regulars.project.doors import new_link

        typer.echo(new_link(_somebody(email), address.rstrip("/"), _now()))


@staff.command("forget-factors")
def forget(email: EmailArgument, *, data: DataOption = None) -> None:
    """Take away lost second factors; say how many there were."""
    with refusals(Language.ENGLISH):
        open_installation(data)
        require_tables()
        from regulars.apps.accounts.operations import forget_factors
        from regulars.kernel.actors import COMMAND

        typer.echo(forget_factors(_somebody(email).id, actor=COMMAND, now=_now()))


def _somebody(email: str) -> "StaffRow":
    from regulars.apps.accounts.queries import find_staff_by_email
    from regulars.kernel.errors import InputError
    from regulars.kernel.wording import say

    row = find_staff_by_email(email)
    if row is None or not row.active:
        raise InputError(
            say("Nobody with the address {email} may sign in.", email=email),
            accepted=say("regulars staff list names everybody."),
        )
    return row


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the edge: everything below takes it
