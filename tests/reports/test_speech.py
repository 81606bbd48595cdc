from datetime import date, datetime
from decimal import Decimal

import pytest

from regulars.kernel.errors import OptionError
from regulars.kernel.periods import Period, Span
from regulars.kernel.wording import Message, Money, PeriodName, Share, say, say_count
from regulars.reports.catalogues import LANGUAGES, PLURAL_FORMS, Catalogue
from regulars.reports.speech import Speaker, speaker_of


def plainly(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_english_says_the_sentence_as_it_stands() -> None:
    assert speaker_of("en").say(say("Line {n} of {file}", n=1200, file="a.csv")) == (
        "Line 1,200 of a.csv"
    )


def test_a_message_within_a_message_is_said_in_the_same_language() -> None:
    nested = say("{outer}", outer=say("{share}", share=Share(0.5)))
    assert plainly(speaker_of("lt").say(nested)) == "50 %"


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "€12,346"),
        ("lt", "12 346 €"),
        ("lv", "12 346 €"),
        ("ru", "12 346 €"),
        ("zh-hans", "€12,346"),
    ],
)
def test_money_is_written_as_the_language_writes_it(language: str, expected: str) -> None:
    money = Money(Decimal("12345.67"), "EUR")
    assert plainly(speaker_of(language).value(money)) == expected


def test_small_sums_keep_their_cents() -> None:
    assert speaker_of("en").value(Money(Decimal("9.5"), "EUR")) == "€9.50"


def test_money_without_a_currency_is_a_number() -> None:
    assert speaker_of("en").value(Money(Decimal(1200))) == "1,200"


def test_the_speakers_currency_stands_beside_amounts_that_name_none() -> None:
    speaker = speaker_of("en", currency="GBP")
    assert speaker.value(Money(Decimal(1200))) == "£1,200"
    assert speaker.value(Money(Decimal(1200), "EUR")) == "€1,200"


def test_a_whole_percentage_has_no_decimals_in_a_sentence() -> None:
    assert speaker_of("en").value(Share(0.95)) == "95%"
    assert speaker_of("en").value(Share(0.953)) == "95.3%"


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (Period.DAY, "Dec 25, 2017"),
        (Period.WEEK, "Dec 25 \N{EN DASH} 31, 2017"),
        (Period.MONTH, "December 2017"),
        (Period.QUARTER, "Q4 2017"),
        (Period.YEAR, "2017"),
    ],
)
def test_a_period_has_a_name(period: Period, expected: str) -> None:
    start = period.start(period.number(date(2017, 12, 25)))
    said = speaker_of("en").value(PeriodName(start, period))
    assert said.replace("\N{THIN SPACE}", " ") == expected


def test_a_month_stands_in_the_nominative() -> None:
    december = PeriodName(date(2017, 12, 1), Period.MONTH)
    assert speaker_of("lt").value(december) == "2017 m. gruodis"
    assert plainly(speaker_of("ru").value(december)).startswith("декабрь 2017")


def test_a_span_of_one_day_is_that_day() -> None:
    span = Span(date(2024, 3, 1), date(2024, 3, 2))
    assert speaker_of("en").value(span) == "Mar 1, 2024"


def test_an_instant_has_its_time() -> None:
    assert "9:30" in speaker_of("en").value(datetime(2024, 7, 15, 9, 30))  # noqa: DTZ001 - text


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OptionError, match="zh-hans"):
        speaker_of("fr")


def test_a_language_may_be_written_with_an_underscore() -> None:
    assert speaker_of("zh_Hans").language == "zh-hans"


@pytest.mark.parametrize("language", PLURAL_FORMS)
def test_every_whole_number_has_a_plural_form(language: str) -> None:
    locale = speaker_of(language).locale
    categories = {locale.plural_form(count) for count in range(1_000)}
    assert categories == set(PLURAL_FORMS[language])


def test_plural_forms_follow_the_language() -> None:
    locale = speaker_of("lt").locale
    forms = {"{n} row": ("{n} eilutė", "{n} eilutės", "{n} eilučių")}
    speaker = Speaker("lt", locale, Catalogue("lt", locale, forms))

    def rows(n: int) -> str:
        return speaker.say(say_count("{n} row", "{n} rows", n=n))

    assert [rows(n) for n in (1, 2, 10, 11, 21)] == [
        "1 eilutė",
        "2 eilutės",
        "10 eilučių",
        "11 eilučių",
        "21 eilutė",
    ]


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    locale = speaker_of("lt").locale
    speaker = Speaker("lt", locale, Catalogue("lt", locale, {}))
    assert speaker.say(say_count("{n} row", "{n} rows", n=2)) == "2 rows"
    assert speaker.say(Message("Kept")) == "Kept"


def test_every_language_has_a_tag_for_html() -> None:
    assert [speaker_of(it).locale_tag for it in LANGUAGES] == ["en", "lt", "lv", "ru", "zh-Hans"]


def test_differences_are_given_in_points_without_a_sign() -> None:
    assert speaker_of("en").points(-0.0213) == "2.1"


def test_a_gain_has_a_plus() -> None:
    speaker = speaker_of("en", currency="EUR")
    assert [speaker.signed_money(it) for it in (3.5, -3.5)] == ["+€3.50", "-€3.50"]
