"""Templates of recipients' pages: Jinja2, with sentences said in the reader's language."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context

from regulars.kernel.wording import Message, Value
from regulars.kernel.wording import say as said


def environment(**options: Any) -> Environment:  # noqa: ANN401 - Django hands Jinja2's own options on
    """The environment that ``settings.TEMPLATES`` names."""
    made = Environment(  # noqa: S701 - Django turns autoescape on
        **options | {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    made.globals |= {"say": _say, "static": static, "url": _url}
    made.filters["said"] = _said
    return made


@pass_context
def _say(context: Context, text: str, /, **values: Value) -> str:
    return str(context["speaker"].say(said(text, **values)))


@pass_context
def _said(context: Context, value: Message) -> str:
    return str(context["speaker"].value(value))


def _url(name: str, *args: object) -> str:
    return reverse(name, args=args)
