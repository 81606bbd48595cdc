"""Mails as their readers see them: five languages, light and dark, on a phone and on a desk."""

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser

from browsers import CHROMIUM, chromium, look
from regulars.apps.contact.texts import Look, Text, compile_message
from regulars.apps.contact.texts.addressee import Addressee

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
]

LINES = """
| {product} | {amount} |
|---|---|
{{% for line in lines %}}
| {{{{ line.name }}}} | {{{{ line.amount | money }}}} |
{{% endfor %}}
"""
BODIES: Mapping[str, str] = {
    "en": """# Hello, {{ customer.greeting }}

You have **{{ points | plural: one: "# point", other: "# points" }}** until {{ until | date }}.

[See your points]({{ links.preferences }})

## What you bought last
"""
    + LINES.format(product="Product", amount="Amount")
    + """
- Open every day, also on Sundays
- Coffee is on us before ten

> Thank you for coming back. Read [how points work](https://shop.example/points).""",
    "lt": """# Labas, {{ customer.greeting }}!

Turite **{{ points | plural: one: "# tašką", few: "# taškus", other: "# taškų" }}**.

[Pažiūrėti taškus]({{ links.preferences }})
"""
    + LINES.format(product="Prekė", amount="Suma"),
    "lv": """# Sveiki, {{ customer.greeting }}!

Jums ir **{{ points | plural: zero: "# punktu", one: "# punkts", other: "# punkti" }}**.

[Skatīt punktus]({{ links.preferences }})""",
    "ru": """# Здравствуйте, {{ customer.greeting }}!

Теперь **{{ points | plural: one: "# балл", few: "# балла", many: "# баллов" }}**.

[Посмотреть баллы]({{ links.preferences }})""",
    "zh-hans": """# {{ customer.greeting }}您好

您有 **{{ points | plural: other: "# 积分" }}**。

[查看积分]({{ links.preferences }})""",
    "ar": """# مرحبا {{ customer.greeting }}

- واحد
- اثنان

[عرض النقاط]({{ links.preferences }})""",
}
NAMES = {"lt": "Jonas Jonaitis", "lv": "Kārlis Ozols", "ru": "Анна Петрова", "zh-hans": "王小明"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("colour", ["#1f5f8b", "#ffd400"])
@pytest.mark.parametrize("language", BODIES)
def test_a_mail_hinders_nobody_and_fits_its_window(
    browser: Browser, language: str, colour: str
) -> None:
    firm = Look(
        "Corner Grocer",
        "Pilies 5\nLT-01123 Vilnius",
        colour=colour,
        footer="Questions? Just answer this mail.",
        promotional=True,
    )
    links = {"unsubscribe": "https://r.example/u", "preferences": "https://r.example/p"}
    words = Addressee(
        name=NAMES.get(language, "Emily Brown"), firm_currency="EUR", links=links
    ).words(language)
    lines = [{"name": "Rye bread", "amount": "3.20"}, {"name": "Oat milk", "amount": "2.10"}]
    made = compile_message(Text("Points", "They wait", BODIES[language]), firm, language)
    got = made.fill({**words, "points": 124, "until": "2026-12-24", "lines": lines})
    assert got.missing == ()
    page = browser.new_page()
    page.set_content(got.html)
    look(page, f"mail-{language}-{colour[1:]}")
    night = page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
    assert night == "rgb(32, 35, 40)"
    page.close()
