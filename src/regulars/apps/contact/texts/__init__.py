"""What is said in a message: Markdown and Liquid made into mail, text and subject."""

from regulars.apps.contact.texts.compiling import Compiled, Rendered, Text, compile_message
from regulars.apps.contact.texts.errors import TextError
from regulars.apps.contact.texts.languages import choose_language
from regulars.apps.contact.texts.layout import Look

__all__ = [
    "Compiled",
    "Look",
    "Rendered",
    "Text",
    "TextError",
    "choose_language",
    "compile_message",
]
