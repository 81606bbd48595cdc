import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from html.parser import HTMLParser
from typing import override

import pytest

from drawn import drawn_once
from pictures import check, picture, rate_of, retention, unanswered
from pictures_of_customers import concentration
from regulars.estimation.interval import wilson
from regulars.kernel.errors import OptionError
from regulars.kernel.wording import Message
from regulars.reports.catalogues import LANGUAGES
from regulars.reports.page import render_report
from regulars.studies.concentration import TopCustomer
from regulars.studies.picture import Picture
from regulars.warehouse.quality import Quality, Reject

MADE_AT = datetime(2024, 7, 15, 9, 30)  # noqa: DTZ001 - the page only prints it
VOID = {"meta", "link", "br", "img", "path", "circle", "line", "rect"}


def page_of(picture: Picture, **options: str) -> str:
    with drawn_once():
        return render_report(picture, generated_at=MADE_AT, **options)  # type: ignore[arg-type]


@cache
def english() -> str:
    return page_of(picture())


class Balance(HTMLParser):
    """Counts what is opened and closed, and the ids on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def test_the_page_is_whole_and_its_ids_are_unique() -> None:
    balance = Balance()
    balance.feed(english())
    assert balance.open == []
    assert len(balance.ids) == len(set(balance.ids))


def test_the_page_asks_the_network_for_nothing() -> None:
    addresses = re.findall(r'(?:src|href)="([^"#][^"]*)"', english())
    assert all(it.startswith("data:") for it in addresses)
    assert "<script" not in english()
    assert all(it.startswith("#") for it in re.findall(r"url\(([^)]*)\)", english()))
    assert "@import" not in english()


def test_the_page_forbids_everything_but_its_own_style() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', english())
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert ' style="' not in english()


def test_the_first_screen_says_how_many_stay() -> None:
    first = english().split('<section class="study"', maxsplit=1)[0]
    for sentence in (
        "Of every 100 customers, 65 came back",
        "June 2024, against May 2024",
        "No real difference",
        "from customers who came back",
        "What to look at",
    ):
        assert sentence in first


def test_the_first_screen_points_at_no_more_than_four_things() -> None:
    assert 1 <= english().count('<li><a href="#') - _contents(english()) <= 4


def _contents(page: str) -> int:
    return page.split('<nav class="contents', 1)[1].split("</nav>", 1)[0].count("<li>")


def test_every_section_stands_in_the_order_of_the_questions() -> None:
    keys = re.findall(r'<section class="study" id="([a-z-]+)"', english())
    assert keys == [
        "retention",
        "cohorts",
        "returning",
        "growth",
        "consistency",
        "spend",
        "repeat",
        "concentration",
        "rfm",
        "basket",
        "forecast",
        "value",
        "at-risk",
        "quality",
        "definitions",
    ]


def test_every_link_of_the_page_has_its_target() -> None:
    targets = set(re.findall(r'id="([^"]+)"', english()))
    assert set(re.findall(r'href="#([^"]+)"', english())) <= targets


def test_every_chart_has_a_name_a_text_and_a_table() -> None:
    charts = re.findall(r"<svg[^>]*role=\"img\"[^>]*>.*?</svg>", english(), re.DOTALL)
    drawn = [it for it in charts if "aria-labelledby" in it]
    assert len(drawn) == 36
    assert all(re.search(r"<title id=[^>]+>[^<]+</title><desc id=[^>]+>[^<]+", it) for it in drawn)
    figures = english().split("<figure>")[1:]
    assert all("<table>" in it for it in figures)


def test_charts_follow_the_colours_of_the_page() -> None:
    drawn = "".join(re.findall(r"<svg xmlns.*?</svg>", english(), re.DOTALL))
    assert "var(--accent)" in drawn
    assert set(re.findall(r'(?:fill|stroke)="(#[^"]+)"', drawn)) == set()
    assert "font-family" not in drawn


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_its_language(language: str) -> None:
    page = page_of(picture(), language=language)
    tag = "zh-Hans" if language == "zh-hans" else language
    assert f'<html lang="{tag}">' in page
    assert ("came back" in page) is (language == "en")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(OptionError):
        page_of(picture(), language="fr")


def test_the_title_is_the_firms_and_is_escaped() -> None:
    page = page_of(picture(), title="Ąžuolas & <b>Sons</b>")
    assert "<title>Ąžuolas &amp; &lt;b&gt;Sons&lt;/b&gt;</title>" in page


def test_what_stood_in_the_file_is_shown_as_text_only() -> None:
    assert "<script>alert(1)</script>" not in english()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in english()


def test_rejected_rows_are_shown_with_line_column_value_and_reason() -> None:
    for piece in ("402", "Summe", "This is not an amount: write it as 12.50.", "orders.csv"):
        assert piece in english()


def test_a_refusal_is_shown_with_what_is_needed() -> None:
    page = page_of(unanswered())
    assert "There is only one customer." in page
    assert "Needed: at least two customers" in page
    assert "Too early to tell" in page


def test_a_rate_that_cannot_be_known_is_not_shown_as_zero() -> None:
    unknown = rate_of(0)
    page = page_of(picture(retention=retention(overall=unknown, comparisons=())))
    assert "cannot be known yet" in page
    assert 'class="dots"' not in page
    assert "Nothing to compare with yet" in page


def test_a_page_stays_small_however_much_was_rejected() -> None:
    reason = Message("This is not an amount.")
    rows = tuple(
        Reject(line=line, column="Summe", value="x" * 10_000, reason=reason, source="a.csv")
        for line in range(20_000)
    )
    quality = Quality(rows=20_001, accepted=1, rejected=rows, revenue=Decimal(1))
    page = page_of(picture(check=check(quality=quality)))
    assert len(page.encode()) < 3_000_000
    assert "Rows left out to keep the page small: 19,880." in page


def test_a_long_name_is_cut() -> None:
    best = TopCustomer(
        rank=1,
        customer_id="K" * 100_000,
        revenue=Decimal(1),
        share=1.0,
        purchase_days=1,
        first_on=MADE_AT.date(),
        last_on=MADE_AT.date(),
    )
    carried = concentration()
    values = {name: getattr(carried, name) for name in carried.__dataclass_fields__}
    page = page_of(picture(concentration=type(carried)(**(values | {"best": (best,)}))))
    assert "K" * 161 not in page


def test_amounts_without_a_currency_take_the_readers() -> None:
    assert "€76,992" in english()


def test_the_same_picture_gives_the_same_page() -> None:
    assert render_report(picture(), generated_at=MADE_AT) == english()


def test_the_dots_show_how_far_chance_reaches() -> None:
    rate = rate_of(5, rate=wilson(50, 100), start=100, retained=50)
    page = page_of(picture(retention=retention(overall=rate, comparisons=())))
    assert page.count('class="in"') == 40
    assert page.count('class="maybe"') == 20
    assert page.count('class="out"') == 40


def test_whoever_waits_is_told_what_is_drawn() -> None:
    told: list[float] = []

    def tell(_doing: Message, share: float | None = None, /) -> None:
        told.append(share or 0.0)

    render_report(unanswered(), generated_at=MADE_AT, progress=tell)
    assert told == sorted(told)
    assert len(told) == 14
