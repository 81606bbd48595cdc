"""The catalogues: English sentences and what they are in the other languages.

``python -m regulars.reports.catalogues`` collects the sentences of the source anew and adds the
missing ones, empty, to every catalogue; a test fails until they are translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "en", "lt": "lt", "lv": "lv", "ru": "ru", "zh-hans": "zh_Hans"}
)
"""The languages of the product, and the locale of each."""

PLURAL_FORMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "lt": ("one", "few", "other"),
        "lv": ("zero", "one", "other"),
        "ru": ("one", "few", "many"),
        "zh-hans": ("other",),
    }
)
"""The CLDR plural categories of whole numbers, in the order of a catalogue's ``msgstr[i]``."""

_PLURAL_RULES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "lt": "nplurals=3; plural=(n%10==1 && (n%100<11 || n%100>19) ? 0 : "
        "n%10>=2 && (n%100<11 || n%100>19) ? 1 : 2);",
        "lv": "nplurals=3; plural=(n%10==0 || (n%100>=11 && n%100<=19) ? 0 : n%10==1 ? 1 : 2);",
        "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
        "zh-hans": "nplurals=1; plural=0;",
    }
)

_KEYWORDS: Final = {"say": None, "say_count": (1, 2)}
_METHODS: Final = [("**.py", "python"), ("**.jinja", "jinja2.ext:babel_extract")]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The sentences of one language; what is missing is said in English."""

    language: str
    locale: Locale
    sentences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def find(self, text: str, plural: str | None, count: int | None) -> str:
        """The template for an English sentence and its count."""
        found = self.sentences.get(text)
        if not found:
            return text if plural is None or count == 1 else plural
        if plural is None or len(found) == 1:
            return found[0]
        category = self.locale.plural_form(count or 0)
        return found[PLURAL_FORMS[self.language].index(category)]


@cache
def read_catalogue(language: str) -> Catalogue:
    """The catalogue of a language; that of English is empty, the sentences are their own keys."""
    locale = Locale.parse(LANGUAGES[language])
    if language == "en":
        return Catalogue(language, locale)
    return Catalogue(language, locale, _sentences(load(language)))


def _sentences(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    found = {}
    for message in catalog:
        forms = forms_of(message)
        if message.id and all(forms):
            found[key_of(message.id)] = forms
    return found


def forms_of(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return tuple(str(string or "") for string in strings)


def key_of(message_id: str | list[str] | tuple[str, ...]) -> str:
    """The English sentence by which a message is found: its singular.

    >>> key_of(("{n} row", "{n} rows"))
    '{n} row'
    """
    return message_id if isinstance(message_id, str) else message_id[0]


def path_of(language: str) -> Path:
    """Where the catalogue of a language lies."""
    folder = Path(__file__).parent / "locale" / LANGUAGES[language]
    return folder / "LC_MESSAGES" / "regulars.po"


def load(language: str) -> Catalog:
    """The catalogue as Babel reads it, for translators' tools and tests."""
    path = path_of(language)
    text = path.read_bytes() if path.exists() else header_of(language).encode()
    return read_po(BytesIO(text), locale=LANGUAGES[language], charset="utf-8")


def header_of(language: str) -> str:
    """The head of a catalogue: nothing in it depends on the day on which it is written."""
    return (
        f'msgid ""\nmsgstr ""\n"Language: {LANGUAGES[language]}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {_PLURAL_RULES[language]}\\n"\n\n'
    )


def collect(root: Path) -> Catalog:
    """Every sentence that the source under ``root`` can say."""
    template = Catalog()
    options = {"**.jinja": {"silent": "false"}}
    for _, _, message, _, _ in extract_from_dir(
        root, method_map=_METHODS, options_map=options, keywords=_KEYWORDS, strip_comment_tags=True
    ):
        template.add(message)
    return template


def update(root: Path) -> None:
    """Bring every catalogue up to date: new sentences come empty, unused ones go."""
    template = collect(root)
    for language in PLURAL_FORMS:
        catalog = load(language)
        catalog.update(template, no_fuzzy_matching=True)
        save(language, catalog)


def save(language: str, catalog: Catalog) -> None:
    """Write a catalogue, sorted by sentence."""
    written = BytesIO()
    write_po(
        written,
        catalog,
        width=98,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header_of(language).encode() + written.getvalue())


if __name__ == "__main__":
    update(Path(__file__).parents[1])
