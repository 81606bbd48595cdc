"""Templates of the console: Jinja2, with sentences said in the reader's language."""

from datetime import datetime
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from django.utils.timezone import get_current_timezone
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from regulars.apps.people.rules import Birthday
from regulars.interfaces.console.figures import (
    day_of_year,
    exact_money,
    language_name,
    moment,
    offset_of,
)
from regulars.kernel.wording import Message, Money, Value
from regulars.kernel.wording import say as said
from regulars.kernel.wording import say_count as counted


def environment(**options: Any) -> Environment:  # noqa: ANN401 - Django hands Jinja2's own options on
    """The environment that ``settings.TEMPLATES`` names."""
    made = Environment(  # noqa: S701 - Django turns autoescape on
        **options | {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    made.globals |= {"say": _say, "say_count": _say_count, "static": static, "url": _url}
    made.filters |= {
        "said": _said,
        "json_script": json_script,
        "exact": _exact,
        "moment": _moment,
        "own_time": _own_time,
        "language": _language,
        "birthday": _birthday,
    }
    return made


@pass_context
def _say(context: Context, text: str, /, **values: Value) -> str:
    return str(context["speaker"].say(said(text, **values)))


@pass_context
def _say_count(context: Context, one: str, many: str, /, *, n: int, **values: Value) -> str:
    return str(context["speaker"].say(counted(one, many, n=n, **values)))


@pass_context
def _said(context: Context, value: Message | Value) -> str:
    """A value as the reader's language writes it: ``{{ order.ordered_at|said }}``."""
    return str(context["speaker"].value(value))


@pass_context
def _exact(context: Context, money: Money) -> str:
    """An amount with every cent: ``{{ order.money|exact }}``."""
    return exact_money(context["speaker"], money)


@pass_context
def _moment(context: Context, at: datetime) -> str:
    """An instant in the reader's zone: ``{{ note.at|moment }}``."""
    return moment(context["speaker"], at.astimezone(get_current_timezone()))


@pass_context
def _own_time(context: Context, at: datetime) -> str:
    """An instant in its own offset, which is said: ``{{ order.ordered_at|own_time }}``."""
    return f"{moment(context['speaker'], at)} {offset_of(at)}"


@pass_context
def _language(context: Context, tag: str) -> str:
    """A language by its tag: ``{{ customer.language|language }}``."""
    return language_name(context["speaker"], tag)


@pass_context
def _birthday(context: Context, day: Birthday) -> str:
    """A birthday: ``{{ customer.birthday|birthday }}``."""
    return day_of_year(context["speaker"], day.month, day.day, day.year)


def _url(name: str, *args: object) -> str:
    return reverse(name, args=args)
