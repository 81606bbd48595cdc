"""Orders drawn at random for tests that hold for any orders."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from factories import DAY_ONE, orders_of
from regulars.studies.evidence import Basis, basis_of

type Purchase = tuple[str | None, date, Decimal]

_customers = st.one_of(st.none(), st.sampled_from([f"c{number}" for number in range(6)]))
_days = st.integers(0, 200).map(lambda offset: DAY_ONE + timedelta(days=offset))
_amounts = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)

purchases = st.lists(st.tuples(_customers, _days, _amounts), min_size=1, max_size=40).filter(
    lambda rows: any(who is not None for who, _, _ in rows)
)
"""Up to forty purchases of six customers in two hundred days, some of nobody known."""


def basis_from(rows: list[Purchase], *, burn_in_days: int | None = None) -> Basis:
    """The basis that these purchases make, up to the last of their days."""
    return basis_of(orders_of(((a, b, str(c)) for a, b, c in rows), burn_in_days=burn_in_days))
