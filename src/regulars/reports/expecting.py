"""What the answers about the days to come show."""

from functools import partial

from regulars.kernel.errors import NotEnoughEvidence
from regulars.kernel.wording import say
from regulars.reports.charts import budget as budget_charts
from regulars.reports.charts import expected
from regulars.reports.charts import renewals as renewal_charts
from regulars.reports.figures import Figure
from regulars.reports.sheets import expected as sheets
from regulars.reports.sheets import groups as group_sheets
from regulars.reports.sheets import renewals as renewal_sheets
from regulars.reports.words import at_risk as at_risk_words
from regulars.reports.words import budget as budget_words
from regulars.reports.words import forecast as forecast_words
from regulars.reports.words import groups as group_words
from regulars.reports.words import renewals as renewal_words
from regulars.reports.words import value as value_words
from regulars.studies.at_risk import AtRisk
from regulars.studies.budget import Budget, BudgetSide
from regulars.studies.forecast import Forecast
from regulars.studies.renewals import RenewalForecast
from regulars.studies.value import Value


def forecast(answer: Forecast) -> tuple[Figure, ...]:
    """The forecast beside what came, every model tried, and the purchases to come."""
    trial = Figure(
        key="forecast-trial",
        title=forecast_words.trial_title(answer),
        caption=say(
            "Purchases of the customers known when the forecast was made, added up; the bar is "
            "its interval"
        ),
        alternative=forecast_words.trial_text(answer),
        draw=partial(expected.forecast_trial, answer) if answer.trajectory else None,
        sheet=sheets.trajectory(answer),
    )
    models = Figure(
        key="models",
        title=say("Every model, on the same days"),
        sheet=sheets.candidates(answer),
        open=True,
    )
    return (*_outlook(answer), trial, models, *_groups(answer))


def _groups(answer: Forecast) -> tuple[Figure, ...]:
    if answer.groups is None:
        return ()
    title = group_words.explained(answer.groups)
    return (
        Figure(key="groups", title=title, sheet=group_sheets.effects(answer), open=True),
        Figure(
            key="coefficients",
            title=say("Coefficients, in logarithms, beside the first group"),
            sheet=group_sheets.coefficients(answer),
        ),
    )


def _outlook(answer: Forecast) -> tuple[Figure, ...]:
    ahead = answer.outlook
    if isinstance(ahead, NotEnoughEvidence):
        return ()
    return (
        Figure(
            key="outlook",
            title=forecast_words.outlook_title(ahead),
            caption=say("Purchases to come of today's customers, added up, with the interval"),
            alternative=forecast_words.outlook_text(ahead),
            draw=partial(expected.outlook_line, answer.trajectory, ahead),
            sheet=sheets.outlook(answer),
        ),
    )


def value(answer: Value) -> tuple[Figure, ...]:
    """How what is to come is spread over the customers, and who brings most of it."""
    if not value_words.in_tenths(answer):
        return ()
    return (
        Figure(
            key="value-bands",
            title=value_words.bands_title(answer),
            caption=value_words.bands_caption(answer),
            alternative=value_words.bands_text(answer),
            draw=partial(expected.value_bands, answer),
            sheet=sheets.bands(answer),
        ),
        Figure(
            key="worthiest",
            title=say("The customers to bring most"),
            sheet=sheets.worthiest(answer),
        ),
    )


def at_risk(answer: AtRisk) -> tuple[Figure, ...]:
    """Whom to call, why, and how long they have been silent."""
    if not answer.customers:
        return ()
    return (
        Figure(
            key="calls",
            title=say("Whom to call, and why"),
            sheet=sheets.calls(answer),
            open=True,
        ),
        Figure(
            key="silences",
            title=at_risk_words.silence_title(answer),
            caption=say(
                "Days since the last purchase; the mark is the usual time between two purchases"
            ),
            alternative=at_risk_words.silence_text(answer),
            draw=partial(expected.silences, answer),
            sheet=sheets.silences(answer),
        ),
    )


def renewals(answer: RenewalForecast) -> tuple[Figure, ...]:
    """The share renewed each time, and the contracts that still run."""
    return (
        Figure(
            key="renewal-rates",
            title=renewal_words.rates_title(answer),
            caption=say("Share of the contracts that came to each renewal and were renewed"),
            alternative=renewal_words.rates_text(answer),
            draw=partial(renewal_charts.renewal_rates, answer),
            sheet=renewal_sheets.renewals(answer),
        ),
        Figure(
            key="running",
            title=renewal_words.headline(renewal_words.last_seen(answer)),
            caption=say("Share of contracts still running, by renewals, with its interval"),
            alternative=renewal_words.running_text(answer),
            draw=partial(renewal_charts.contracts_running, answer),
            sheet=renewal_sheets.renewals(answer),
        ),
    )


def budget(answer: Budget) -> tuple[Figure, ...]:
    """Winning and keeping, each with its curve."""
    return (
        _side("winning", answer.acquisition, winning=True),
        _side("keeping", answer.retention, winning=False),
    )


def _side(key: str, side: BudgetSide, *, winning: bool) -> Figure:
    return Figure(
        key=key,
        title=budget_words.side_title(side, winning=winning),
        caption=budget_words.side_caption(winning=winning),
        alternative=budget_words.side_text(side),
        draw=partial(budget_charts.budget_curve, side),
        sheet=sheets.curve(side),
    )
