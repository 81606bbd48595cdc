import json

import pytest

from baskets import orders_with
from factories import on, orders_of
from regulars.kernel.errors import NotEnoughEvidence, OptionError
from regulars.kernel.periods import Period
from regulars.kernel.wording import Message
from regulars.studies.answer import Answer
from regulars.studies.picture import retention_picture
from regulars.studies.repeat import Repeat

STUDIES = [
    "check",
    "retention",
    "growth",
    "cohorts",
    "curve",
    "consistency",
    "spend",
    "repeat",
    "rfm",
    "concentration",
    "basket",
    "forecast",
    "value",
    "at_risk",
]

SHOP = orders_with(
    (f"c{number % 17}", on(number * 2), ["bread", "milk"] if number % 2 else ["rye"])
    for number in range(120)
)


def test_every_study_has_an_answer_or_says_why_not() -> None:
    picture = retention_picture(SHOP)
    assert list(picture.studies()) == STUDIES
    for answer in picture.studies().values():
        assert isinstance(answer, Answer | NotEnoughEvidence)


def test_the_picture_is_one_json_object() -> None:
    found = json.loads(json.dumps(retention_picture(SHOP).json(), allow_nan=False))
    assert list(found) == ["evidence", "period", "chosen", *STUDIES]
    assert found["evidence"]["as_of"] == SHOP.as_of.isoformat()
    assert len(found["rfm"]["segments"]) == 8


def test_the_period_follows_the_rhythm_unless_it_is_named() -> None:
    picture = retention_picture(SHOP)
    assert picture.period is Period.MONTH
    assert picture.chosen is not None
    named = retention_picture(SHOP, period=Period.QUARTER)
    assert named.period is Period.QUARTER
    assert named.chosen is None


def test_orders_without_any_customer_still_give_a_picture() -> None:
    picture = retention_picture(orders_of([(None, on(0), 5), (None, on(9), 7)]))
    assert picture.check.overall.orders == 2
    refused = [
        name for name, answer in picture.studies().items() if not isinstance(answer, Answer)
    ]
    assert refused == STUDIES[1:]
    reasons = {row["study"]: row["reason"] for row in picture.records()}
    assert reasons["check"] is None
    assert reasons["retention"]


@pytest.mark.parametrize(
    "rows",
    [
        [("a", on(0), 5)],
        [("a", on(0), 5), ("b", on(0), 0), ("c", on(0), 3)],
        [("a", on(0), 0), ("b", on(400), 0)],
        [(f"c{number}", on(number), 5) for number in range(12)],
    ],
    ids=["one customer", "all on one day", "nothing paid", "one order each"],
)
def test_thin_data_gives_a_picture_that_a_program_can_read(
    rows: list[tuple[str, object, int]],
) -> None:
    picture = retention_picture(orders_of(rows))  # type: ignore[arg-type]  # days as objects
    json.dumps(picture.json(), allow_nan=False)
    assert isinstance(picture.repeat, Repeat)


def test_progress_is_told_of_every_step_in_order() -> None:
    heard: list[tuple[str, float | None]] = []

    def listen(doing: Message, share: float | None = None, /) -> None:
        heard.append((str(doing), share))

    retention_picture(SHOP, progress=listen)
    shares = [share for _, share in heard if share is not None]
    assert len(heard) == len(STUDIES) + 1
    assert shares == sorted(shares)


def test_a_target_beyond_everybody_is_refused() -> None:
    with pytest.raises(OptionError):
        retention_picture(SHOP, target=1.5)
