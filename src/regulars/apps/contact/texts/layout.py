"""How a mail looks: the firm's head, what is said, and the firm's foot, in light and in dark."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import css_inline
import mrml
from jinja2 import Environment, StrictUndefined, Template

from regulars.apps.contact.texts.colours import colours_of
from regulars.apps.contact.texts.figures import locale_of
from regulars.kernel.wording import Message, say
from regulars.reports.catalogues import LANGUAGES
from regulars.reports.speech import speaker_of

_PLAIN = "#1f5f8b"


@dataclass(frozen=True, slots=True)
class Look:
    """What stands around every message of a firm.

    Attributes:
        firm_name: At the head, where there is no logo, and at the foot.
        firm_address: At the foot; law asks for it in what is sold by mail.
        colour: Of the head, links and buttons, such as #1f5f8b.
        logo: The address of a picture at the head.
        footer: What stands at the end.
        promotional: Whether it can be stopped: everything but service can.
    """

    firm_name: str = ""
    firm_address: str = ""
    colour: str = _PLAIN
    logo: str = ""
    footer: str = ""
    promotional: bool = False


@dataclass(frozen=True, slots=True)
class FooterLinks:
    """What the links at the foot are called in the language of the text."""

    unsubscribe: str
    preferences: str


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of what stands around the body: values of each recipient."""

    preheader: str
    unsubscribe: str
    preferences: str


def footer_links(language: str) -> FooterLinks:
    """The names of the links, in the nearest language that we speak."""
    return FooterLinks(
        _said(language, say("Unsubscribe")), _said(language, say("Choose what you get"))
    )


def _said(language: str, message: Message) -> str:
    code = language.lower().replace("_", "-")
    for near in (code, "zh-hans" if code.startswith("zh") else code.split("-")[0], "en"):
        if near in LANGUAGES:
            return speaker_of(near).say(message)
    raise AssertionError


def lay_out(body: str, look: Look, language: str, marks: Marks) -> str:
    """A whole mail as HTML, with its styles in its elements.

    Args:
        body: HTML of what is said, with marks where values will stand.
        look: What stands around it.
        language: Of the text.
        marks: What stands for the line beside the subject and for the links at the foot.
    """
    locale = locale_of(language)
    right_to_left = locale.character_order == "right-to-left"
    written = _layout().render(
        body=body,
        marks=marks,
        look=look,
        footer_lines=[it.strip() for it in look.footer.splitlines() if it.strip()],
        address_lines=[it.strip() for it in look.firm_address.splitlines() if it.strip()],
        links=footer_links(language),
        colours=colours_of(look.colour if _COLOUR.fullmatch(look.colour) else _PLAIN),
        language=str(locale).replace("_", "-"),
        direction="rtl" if right_to_left else "ltr",
        start="right" if right_to_left else "left",
    )
    return str(_inliner().inline(mrml.to_html(written).content))


_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@cache
def _layout() -> Template:
    made = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return made.from_string(Path(__file__).with_name("mail.mjml.jinja").read_text("utf-8"))


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
