"""Mails rendered: compiled once and filled, compiled each time, and as others do it each time.

Every way makes the same mail, with a table of three lines in it, for each recipient. The others
get the layout as HTML with a style sheet, fill it with a template, and inline the styles of each
mail, as the usual set-up does; they make no plain text.
"""

import sys
from collections.abc import Callable

from measuring import Cost, apart, cost_of, scaled, show, tell

_RECIPIENTS = 1000
_BODY = """# Hello, {{ customer.greeting }}

You have **{{ points | plural: one: "# point", other: "# points" }}**, worth {{ worth | money }}.

[See your points]({{ links.preferences }})

| Product | Amount |
|---|---|
{% for line in lines %}
| {{ line.name }} | {{ line.amount | money }} |
{% endfor %}

- Open every day
- Coffee is on us before ten
"""
_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><style>
body { margin: 0; background: #f4f5f7; font-family: sans-serif; }
.card { max-width: 600px; margin: 0 auto; background: #fff; padding: 28px 32px; }
h1 { font-size: 24px; line-height: 1.3; } p { margin: 0 0 16px; line-height: 1.6; }
ul { margin: 0 0 16px; padding-left: 24px; } li { margin: 0 0 6px; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: 8px 12px; border-bottom: 1px solid #dfe3e8; }
.button { display: inline-block; background: #1f5f8b; color: #fff; padding: 13px 26px; }
.foot { font-size: 13px; color: #57606a; }
</style></head><body><table role="presentation"><tr><td><div class="card">
<h1>Hello, {{ customer.greeting }}</h1>
<p>You have <strong>{{ points }} points</strong>, worth €{{ worth }}.</p>
<p><a class="button" href="{{ links.preferences }}">See your points</a></p>
<table><thead><tr><th>Product</th><th>Amount</th></tr></thead><tbody>
{% for line in lines %}<tr><td>{{ line.name }}</td><td>€{{ line.amount }}</td></tr>{% endfor %}
</tbody></table>
<ul><li>Open every day</li><li>Coffee is on us before ten</li></ul></div>
<div class="foot"><p>Shop</p><p>Main Street 1</p>
<p><a href="{{ links.preferences }}">Preferences</a>
<a href="{{ links.unsubscribe }}">Unsubscribe</a></p></div></td></tr></table></body></html>"""


def values(number: int) -> dict[str, object]:
    """What stands in the mail of a recipient."""
    link = f"https://shop.example/p/{number}"
    return {
        "customer": {"name": f"Ona {number}", "greeting": f"Ona {number}", "currency": "EUR"},
        "points": number,
        "worth": "12.40",
        "lines": [{"name": f"Item {n} & co", "amount": "3.20"} for n in range(3)],
        "links": {"preferences": link, "unsubscribe": f"{link}/stop"},
    }


def ours() -> Callable[[int], object]:
    """Compiled once; each recipient gets subject, text and HTML."""
    made = _compiled()
    return lambda number: made.fill(values(number))  # type: ignore[attr-defined]


def ours_compiled_each_time() -> Callable[[int], object]:
    """Markdown, MJML, styles and Liquid for each recipient anew."""
    return lambda number: _compiled().fill(values(number))  # type: ignore[attr-defined]


def django_and_css_inline() -> Callable[[int], object]:
    """A Django template that is parsed once; the styles of each mail are inlined."""
    import css_inline
    from django.template import Context, Engine

    template = Engine().from_string(_PAGE)
    inliner = css_inline.CSSInliner(keep_at_rules=True)
    return lambda number: inliner.inline(template.render(Context(values(number))))


def jinja_and_css_inline() -> Callable[[int], object]:
    """The same with Jinja2."""
    import css_inline
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string(_PAGE)
    inliner = css_inline.CSSInliner(keep_at_rules=True)
    return lambda number: inliner.inline(template.render(values(number)))


def _compiled() -> object:
    from regulars.apps.contact.texts import Look, Text, compile_message

    look = Look("Shop", "Main Street 1", promotional=True)
    text = Text("Hello, {{ customer.greeting }}", "They wait", _BODY, "Hi")
    return compile_message(text, look, "en")


WAYS = {
    way.__name__: way
    for way in (ours, ours_compiled_each_time, django_and_css_inline, jinja_and_css_inline)
}


def once(way: str) -> Cost:
    """The cost of all mails in this process, after one that brought in what is imported."""
    if way.startswith("django"):
        import django
        from django.conf import settings

        settings.configure()
        django.setup()
    render = WAYS[way]()
    render(0)

    def all_of_them() -> None:
        for number in range(scaled(_RECIPIENTS)):
            render(number)

    return cost_of(all_of_them)


def measured() -> dict[str, Cost]:
    """The cost of every way, each in a process of its own."""
    return {way: apart(__file__, way) for way in WAYS}


def main() -> None:
    """Print every way, its mails a second, and how much less ours costs."""
    if len(sys.argv) == 2:  # noqa: PLR2004 - one way, in this process
        tell(once(sys.argv[1]))
        return
    costs, count = measured(), scaled(_RECIPIENTS)
    for way, cost in costs.items():
        show(f"{count} mails, {way}", cost)
        print(f"    {count / cost.cpu:,.0f} a second a core")
        print(f"    {cost.cpu / costs['ours'].cpu:.1f} x the CPU seconds of ours")


if __name__ == "__main__":
    main()
