"""The command line loads nothing to know its choices; here they are held against the truth."""

import inspect
from collections.abc import Callable
from dataclasses import fields
from typing import get_args

from regulars.estimation.simulation import Firm
from regulars.interfaces.cli.commands.buying import basket, spend
from regulars.interfaces.cli.commands.keeping import curve
from regulars.interfaces.cli.commands.simulating import simulate
from regulars.interfaces.cli.languages import Language
from regulars.interfaces.cli.reading import DateOrder, DecimalMark, ReadingOptions
from regulars.reports.catalogues import LANGUAGES
from regulars.studies import simulation
from regulars.studies.basket import Level
from regulars.studies.curves import AgeUnit, ReturnKind
from regulars.warehouse import options


def choices(command: Callable[..., None], option: str) -> set[str]:
    """The values that an option of a command can have."""
    wanted = get_args(inspect.signature(command).parameters[option].annotation)[0]
    kinds = get_args(wanted)
    literal = kinds[0] if type(None) in kinds else wanted
    return set(get_args(literal))


def default(function: Callable[..., object], parameter: str) -> object:
    """What a parameter is where nobody gives it."""
    return inspect.signature(function).parameters[parameter].default


def test_curves_have_the_kinds_and_units_of_the_study() -> None:
    assert choices(curve, "kind") == {kind.value for kind in ReturnKind}
    assert choices(curve, "unit") == {unit.value for unit in AgeUnit}


def test_baskets_have_the_levels_of_the_study() -> None:
    assert choices(basket, "level") == set(get_args(Level.__value__))


def test_spend_is_held_against_what_the_study_knows() -> None:
    assert choices(spend, "against") == {"previous", "last_year"}


def test_every_catalogue_can_be_chosen() -> None:
    assert {language.value for language in Language} == set(LANGUAGES)


def test_dates_and_decimals_are_those_of_the_reader() -> None:
    assert {order.value for order in DateOrder} == set(get_args(options.DateOrder.__value__))
    assert {mark.value for mark in DecimalMark} == set(get_args(options.DecimalSign.__value__))


def test_every_option_of_reading_can_be_given_but_the_clock_and_the_columns_asked_for() -> None:
    names = [field.name for field in fields(ReadingOptions)]
    given = {name.replace("burn_in", "burn_in_days") for name in names}
    assert given == set(options.Reading.__slots__) - {"now", "keep"}


def test_a_simulated_firm_is_the_same_from_everywhere() -> None:
    firm = Firm()
    for name in ("growth", "season", "identified", "refunds"):
        assert default(simulate, name) == getattr(firm, name)
    for name in ("days", "currency"):
        assert default(simulate, name) == default(simulation.simulate, name)
