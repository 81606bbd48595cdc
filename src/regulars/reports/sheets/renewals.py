"""The table of renewals: observed beside expected."""

from regulars.kernel.wording import Share, say
from regulars.reports.sheets.sheet import Sheet, between, rate
from regulars.studies.renewals import RenewalForecast


def renewals(answer: RenewalForecast) -> Sheet:
    """Every renewal, those yet to come among them."""
    return Sheet(
        headings=(
            say("Renewal"),
            say("Came to it"),
            say("Ended"),
            say("Renewed"),
            say("Interval"),
            say("Expected"),
            say("Still running"),
            say("Interval"),
        ),
        rows=tuple(
            (
                row.renewal,
                row.at_risk,
                row.lost,
                rate(row.observed),
                between(row.observed),
                Share(row.expected),
                Share(row.survival),
                say("{low} to {high}", low=Share(row.survival_low), high=Share(row.survival_high)),
            )
            for row in answer.renewals
        ),
    )
