"""The reference of the API as a page of the platform, without a key and without script."""

import re
from functools import cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from regulars.interfaces.api import reference
from regulars.interfaces.api.entry import api
from regulars.interfaces.api.reference.guide import GUIDE
from regulars.interfaces.api.reference.outline import outline

_AN_HOUR = "max-age=3600"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The reference."""
    return HttpResponse(_page())


@require_safe
def stylesheet(request: HttpRequest) -> HttpResponse:
    """How the reference looks."""
    text = (files(reference) / "reference.css").read_text(encoding="utf-8")
    return HttpResponse(text, content_type="text/css", headers={"Cache-Control": _AN_HOUR})


@cache
def _page() -> str:
    environment = Environment(
        loader=PackageLoader("regulars.interfaces.api.reference", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = _marked
    template = environment.get_template("reference.html.jinja")
    description = api.get_openapi_schema(path_prefix="/api/v1/")
    return template.render(guide=GUIDE, chapters=outline(description))


def _marked(text: str) -> Markup:
    """A text whose code stands between backticks, as HTML."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped
