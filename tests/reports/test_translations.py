"""Everything that Regulars can say is translated, in every language, with the same values."""

import string
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

import regulars
from regulars.reports.catalogues import (
    LANGUAGES,
    PLURAL_FORMS,
    collect,
    forms_of,
    header_of,
    key_of,
    load,
    path_of,
    update,
)
from regulars.reports.speech import speaker_of

SOURCE = Path(regulars.__file__).parent
TRANSLATED = sorted(PLURAL_FORMS)


@cache
def template() -> Catalog:
    return collect(SOURCE)


def keys(catalog: Catalog) -> set[str]:
    return {key_of(message.id) for message in catalog if message.id}


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_source_says_something() -> None:
    assert len(keys(template())) > 200


def test_every_language_but_english_has_plural_forms() -> None:
    assert set(PLURAL_FORMS) == set(LANGUAGES) - {"en"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_missing(language: str) -> None:
    assert keys(template()) - keys(load(language)) == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_left_over(language: str) -> None:
    catalog = load(language)
    assert keys(catalog) - keys(template()) == set()
    assert not catalog.obsolete


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_fuzzy(language: str) -> None:
    assert [message.id for message in load(language) if message.fuzzy and message.id] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_empty_and_no_plural_form_is_missing(language: str) -> None:
    wanting = []
    for message in load(language):
        forms = forms_of(message)
        expected = len(PLURAL_FORMS[language]) if message.pluralizable else 1
        if message.id and (not all(forms) or len(forms) != expected):
            wanting.append(message.id)
    assert wanting == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_has_the_values_of_its_sentence(language: str) -> None:
    different = [
        (message.id, form)
        for message in load(language)
        for form in (forms_of(message) if message.id else ())
        if not same_values(message, form)
    ]
    assert different == []


def same_values(message: Message, form: str) -> bool:
    texts = [message.id] if isinstance(message.id, str) else list(message.id)
    wanted = set().union(*(names(text) for text in texts))
    # a form for one thing may leave out its number: "the one row"
    optional = {"n"} if message.pluralizable else set()
    return wanted - optional <= names(form) <= wanted


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_sentence_with_the_same_plural_in_source_and_catalogue(language: str) -> None:
    expected = {key_of(it.id): it.pluralizable for it in template() if it.id}
    found = {key_of(it.id): it.pluralizable for it in load(language) if it.id}
    assert {key for key in found if found[key] != expected.get(key)} == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_rule_in_the_catalogue_agrees_with_the_one_that_is_used(language: str) -> None:
    catalog = load(language)
    assert catalog.num_plurals == len(PLURAL_FORMS[language])
    assert path_of(language).read_text(encoding="utf-8").startswith(header_of(language))


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_language_is_not_left_in_english(language: str) -> None:
    same = [
        message.id
        for message in load(language)
        if isinstance(message.id, str)
        and message.string == message.id
        and len(string.Template(message.id).template.split()) > 4
    ]
    assert same == []


def test_bringing_the_catalogues_up_to_date_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = {it: path_of(it).read_bytes() for it in TRANSLATED}
    for language, text in before.items():
        (tmp_path / f"{language}.po").write_bytes(text)
    monkeypatch.setattr(
        "regulars.reports.catalogues.path_of", lambda language: tmp_path / f"{language}.po"
    )
    update(SOURCE)
    assert {it: (tmp_path / f"{it}.po").read_bytes() for it in TRANSLATED} == before


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_translation_can_be_said(language: str) -> None:
    speaker = speaker_of(language)
    for message in load(language):
        for form in forms_of(message) if message.id else ():
            values = dict.fromkeys(names(form), "x")
            said = form.format_map(values)
            # words of a template are shown with their own two braces
            assert "{" not in said.replace("{{", ""), speaker.language
