"""What staff write becomes a mail, and what is written into it stays a value."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.apps.contact.texts import Look, Rendered, Text, TextError, compile_message

EVIL = [
    "{{ 7*7 }}",
    "{% for i in (1..9) %}x{% endfor %}",
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "Ona\r\nBcc: everybody@shop.example",
    "**Ona** [x](https://evil.example) # h | t",
    "\u202eanO\u2066",
    "🎉 Ona 👩‍👩‍👧",
    "zq0oz<!--zq1tz-->",
    "\ud800",
]
BODY = """# Hello, {{ customer.greeting }}

**{{ customer.name }}** and *{{ note }}*

[Open]({{ address }})

![{{ customer.name }}]({{ picture }})

Write to <{{ mail }}> or [search](https://shop.example/?q={{ note }}).

| a | b |
|---|---|
{% for line in lines %}
| {{ line }} | x |
{% endfor %}

{% if note contains "x" %}

> {{ note }}

{% endif %}

{% for line in lines %}
- {{ line }}
{% endfor %}
"""
LOOK = Look("Shop & Co", "Pilies 5", footer="Thanks", promotional=True)
MADE = compile_message(
    Text("Hi {{ customer.name }}", "For {{ note }}", BODY, "{{ note }}"), LOOK, "en"
)


def filled(body: str, language: str = "en", **values: object) -> Rendered:
    return compile_message(Text("s", body=body), Look(), language).fill(values)


def values_of(value: str) -> Mapping[str, object]:
    return {
        "customer": {"name": value, "greeting": value},
        "note": value,
        "address": value,
        "picture": value,
        "mail": value,
        "lines": [value, value],
        "links": {"unsubscribe": value, "preferences": value},
    }


class Skeleton(HTMLParser):
    """The tags of a page with the names of their attributes; addresses and text apart."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


HARMLESS = Skeleton(MADE.fill(values_of("Ona")).html).tags


def is_harmless(value: str) -> None:
    got = MADE.fill(values_of(value))
    seen = Skeleton(got.html)
    quoted = "x" in value  # then the paragraph with the quotation stands there
    assert [it for it in seen.tags if it[0] != "blockquote"] == [*HARMLESS] or quoted
    assert {it[0] for it in seen.tags} <= {it[0] for it in HARMLESS} | {"blockquote"}
    for address in seen.addresses:
        assert re.match(r"https?://|mailto:|$", address), address
    assert len(got.subject.splitlines()) <= 1
    assert len(got.subject) <= 200
    assert "zq" not in seen.text or "zq" in value
    got.html.encode()
    got.text.encode()


@pytest.mark.parametrize("value", EVIL)
def test_a_value_is_a_value_whatever_it_looks_like(value: str) -> None:
    is_harmless(value)


@given(st.text(st.characters(blacklist_categories=()), max_size=60))
def test_no_value_adds_a_tag_an_attribute_or_a_line_to_the_subject(value: str) -> None:
    is_harmless(value)


def test_liquid_in_a_name_is_told_as_it_is_written() -> None:
    got = MADE.fill(values_of("{{ 7*7 }}"))
    assert "Hello, {{ 7*7 }}" in got.text
    assert "Hello, {{ 7*7 }}" in got.html
    assert got.subject == "Hi {{ 7*7 }}"
    assert "49" not in got.text + got.subject


def test_a_newline_in_a_name_makes_no_header() -> None:
    got = MADE.fill(values_of("Ona\r\nBcc: all@shop.example"))
    assert got.subject == "Hi Ona Bcc: all@shop.example"


def test_a_long_subject_is_cut() -> None:
    assert len(MADE.fill(values_of("x" * 500)).subject) == 200


def test_the_plain_text_is_not_escaped() -> None:
    got = MADE.fill(values_of("Smith & Sons <3"))
    assert "Hello, Smith & Sons <3" in got.text
    assert got.subject == "Hi Smith & Sons <3"
    assert "Hello, Smith &amp; Sons &lt;3" in got.html


def test_a_turned_name_does_not_turn_the_line() -> None:
    assert "\u202e" not in MADE.fill(values_of("\u202eanO")).html


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("https://shop.example/a?b=1&c=2", True),
        ("mailto:help@shop.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//evil.example", False),
        ("https://x.example/' onclick='x", False),
    ],
)
def test_an_address_that_is_a_value_is_of_the_web_or_of_mail(value: str, *, kept: bool) -> None:
    got = Skeleton(filled("[Open]({{ address }})", address=value).html)
    assert (value in got.addresses) is kept


def test_a_value_inside_an_address_cannot_add_to_it() -> None:
    got = Skeleton(filled("[a](https://shop.example/?q={{ q }}&r=1)", q="x&admin=1#z").html)
    assert got.addresses == ["https://shop.example/?q=x%26admin%3D1%23z&r=1"]


def test_what_is_missing_is_empty_and_told() -> None:
    got = filled("Hello {{ nick }}, {{ customer.name | upcase }}, {{ a | default: 'you' }}.")
    assert "Hello , , you." in got.text
    assert got.missing == ("customer.name | upcase", "nick")


def test_plural_forms_are_those_of_polish() -> None:
    body = '{{ n | plural: one: "# punkt", few: "# punkty", many: "# punktów" }}'
    made = compile_message(Text("s", body=body), Look(), "pl")
    told = [made.fill({"n": n}).text.strip() for n in (1, 2, 5, 12, 22, 112, 1.5)]
    assert told[:3] == ["1 punkt", "2 punkty", "5 punktów"]
    assert told[3:6] == ["12 punktów", "22 punkty", "112 punktów"]
    assert told[6] == "1,5 punktów"


def test_plural_forms_are_those_of_arabic() -> None:
    names = ("zero", "one", "two", "few", "many", "other")
    body = "{{ n | plural: " + ", ".join(f'{it}: "{it}"' for it in names) + " }}"
    made = compile_message(Text("s", body=body), Look(), "ar")
    told = [made.fill({"n": n}).text.strip() for n in (0, 1, 2, 3, 11, 100)]
    assert told == list(names)
    assert '<html lang="ar" dir="rtl"' in made.fill({"n": 1}).html


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "€1,234.50, December 24, 2026, 0:30"),
        ("lt", "1 234,50 €, 2026 m. gruodžio 24 d., 00:30"),
        ("lv", "1 234,50 €, 2026. gada 24. decembris, 00:30"),
        ("ru", "1 234,50 €, 24 декабря 2026 г., 00:30"),  # noqa: RUF001 - Russian
        ("zh-hans", "€1,234.50, 2026年12月24日, 00:30"),
    ],
)
def test_money_days_and_times_are_written_as_the_language_does(
    language: str, written: str
) -> None:
    got = filled(
        "{{ sum | money }}, {{ at | date }}, {{ at | time }}",
        language,
        sum="1234.5",
        at="2026-12-23T22:30:00+00:00",
        customer={"currency": "EUR", "time_zone": "Europe/Vilnius"},
    )
    plain = got.text.replace("\xa0", " ").replace("\u202f", " ").strip()
    assert plain.replace("12:30 AM", "0:30") == written


def test_an_amount_without_a_currency_is_refused_for_this_recipient_alone() -> None:
    made = compile_message(Text("s", body="{{ sum | money }}"), Look(), "en")
    with pytest.raises(TextError, match="no currency"):
        made.fill({"sum": 5})
    assert "5" in made.fill({"sum": 5, "firm": {"currency": "EUR"}}).text


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("one\n\n{{ customer.name", 3, "{{ is not closed"),
        ("a\n{% if x %}b", 2, "is not closed in the same place"),
        ("{% endif %}", 1, "nothing of its kind is open"),
        ("a\n\n{{ x | shout }}", 3, "shout"),
        ("{{ x | _html: 1 }}", 1, "_html"),
        ("{% include 'x' %}", 1, "There is no tag include"),
        ("{% raw %}{{ x }}{% endraw %}", 1, "There is no tag raw"),
        ("{% capture x %}a{% endcapture %}", 1, "There is no tag capture"),
        ("{{ customer.nmae }}", 1, "There is no word customer.nmae"),
        ("{{ now | date }}", 1, "There is no word now"),
        ("{{ }}", 1, "There is nothing in"),
        ("a {% if x %} b\n\nc {% endif %}", 1, "not closed in the same place"),
        ("**{% if x %}a**{% endif %}", 1, "not closed in the same place"),
        ("\n\n[a](javascript:x)", 3, "javascript:x cannot stand"),
        ("[a]({% if x %}https://a.example{% endif %})", 1, "cannot stand in a mail"),
        ("![a](http://a.example/x.png)", 1, "cannot stand in a mail"),
        ('{{ n | plural: one: "a" }}', 1, "The plural lacks other"),
        ("{{ a b }}", 1, "not understood"),
        ("a\n{% assign links = x %}", 2, "The word links is taken"),
    ],
)
def test_a_broken_text_is_refused_with_its_line(body: str, line: int, told: str) -> None:
    with pytest.raises(TextError) as refused:
        compile_message(Text("s", body=body), Look(), "en")
    assert refused.value.where.line == line
    assert told in str(refused.value)
    assert refused.value.accepted is not None


def test_a_subject_of_two_lines_and_a_body_too_long_are_refused() -> None:
    with pytest.raises(TextError, match="subject in en"):
        compile_message(Text("a\nb"), Look(), "en")
    with pytest.raises(TextError, match="too long"):
        compile_message(Text("a", body="x" * 50_001), Look(), "en")


@pytest.mark.parametrize(
    "body",
    [
        "{% for i in (1..1000000000) %}x{% endfor %}",
        "{% for i in (1..999) %}{% for j in (1..999) %}x{% endfor %}{% endfor %}",
        "{{ (1..1000000000) | join: 'x' }}",
        "{% assign x = 'ab' %}" + "{% assign x = x | append: x | append: x %}" * 40,
        "{% for i in (1..900) %}{{ long }}{% endfor %}",
    ],
)
def test_what_would_never_end_is_stopped(body: str) -> None:
    made = compile_message(Text("s", body=body), Look(), "en")
    with pytest.raises(TextError, match="cannot be filled"):
        made.fill({"long": "x" * 1000})


def test_html_that_staff_type_is_text() -> None:
    assert "&lt;b&gt;" in filled("a <b>b</b> <script>x</script>").html
    assert "<script" not in filled("a <b>b</b> <script>x</script>").html


def test_what_only_looks_like_liquid_is_told_as_it_is() -> None:
    got = filled(r"\{\{ x }} and \{\% y %} &#123;{{ n }}", n=1)
    assert "{{ x }} and {% y %} {1" in got.text
    assert "{{ x }} and {% y %} {1" in got.html


def test_a_link_by_itself_is_a_button_and_one_among_words_is_not() -> None:
    got = filled("[Open](https://a.example/1)\n\nsee [this](https://a.example/2)")
    assert re.search(r'<a class="button" href="https://a.example/1"', got.html)
    assert re.search(r'<a href="https://a.example/2"', got.html)
    assert "Open: https://a.example/1" in got.text
    assert "see this (https://a.example/2)" in got.text


def test_a_loop_repeats_rows_and_items() -> None:
    got = MADE.fill({**values_of("Ona"), "lines": ["one", "two"]})
    assert "a | b\none | x\ntwo | x" in got.text
    assert "- one\n- two" in got.text
    assert got.html.count("<ul") == 1


def test_a_numbered_loop_counts() -> None:
    got = filled("{% for it in them %}\n1. {{ it }}\n{% endfor %}", them=["a", "b"])
    assert "1. a\n2. b" in got.text
    assert got.html.count("<ol") == 1


def test_what_cannot_be_stopped_offers_no_link_to_stop_it() -> None:
    links = {"unsubscribe": "https://r.example/u", "preferences": "https://r.example/p"}
    body = Text("s", body="Your order is on its way.")
    service = compile_message(body, Look("Shop"), "en").fill({"links": links})
    offers = compile_message(body, Look("Shop", promotional=True), "en").fill({"links": links})
    assert "https://r.example/u" not in service.html + service.text
    assert "https://r.example/u" in offers.html
    assert "Unsubscribe: https://r.example/u" in offers.text


def test_the_firms_own_words_are_no_liquid_and_no_markup() -> None:
    look = Look("A {{ 7 }} <b>", "B {% x %}", footer="<i>c</i>", promotional=False)
    got = compile_message(Text("s", body="x"), look, "en").fill({})
    assert "A {{ 7 }} &lt;b&gt;" in got.html
    assert "B {% x %}" in got.text
    assert "<i>" not in got.html


def test_dark_mode_survives_the_inlining() -> None:
    html = filled("Hello").html
    assert "prefers-color-scheme: dark" in html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert re.search(r'<p style="[^"]*margin: 0 0 16px', html)


def test_a_preheader_and_a_short_text_are_filled_too() -> None:
    got = MADE.fill(values_of("Ona"))
    assert re.search(r'<div style="display:none[^>]*>For Ona</div>', got.html)
    assert got.short == "Ona"
