"""The description of the API: whole, true, and readable without a key."""

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from architecture.house import ROOT
from regulars.interfaces.api.entry import api
from regulars.interfaces.api.reference.examples import STORY
from regulars.interfaces.api.reference.guide import CHAPTERS
from regulars.interfaces.api.reference.outline import outline, places

DESCRIPTION = api.get_openapi_schema(path_prefix="/api/v1/")


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/reference/generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numberless(row: dict[str, Any]) -> dict[str, Any]:
    """Without numbers of the trail and of news: PostgreSQL counts what a trial took back too."""
    if row["operation"] == "get_webhook_deliveries":
        for item in row["body"]["items"]:
            item.pop("message")
    if row["operation"] == "get_trail":
        row["body"].pop("next")
        for item in row["body"]["items"]:
            item.pop("id")
    return row


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_every_example_is_answered_as_the_reference_says(
    generator: ModuleType, tmp_path: Path, settings: Settings
) -> None:
    settings.DATA_FOLDER = tmp_path
    committed = [numberless(row) for row in json.loads(generator.ANSWERS.read_text("utf-8"))]
    asked = [numberless(row) for row in json.loads(generator.api_answers())]
    assert [row["operation"] for row in asked] == [example.operation for example in STORY]
    for row, known in zip(asked, committed, strict=True):
        assert row == known, "run make reference"


def test_every_operation_has_an_example() -> None:
    assert set(places(DESCRIPTION)) == {example.operation for example in STORY}


def test_every_operation_is_described_in_words() -> None:
    for chapter in outline(DESCRIPTION):
        assert chapter.name in CHAPTERS
        for operation in chapter.operations:
            assert operation.summary
            assert operation.paragraphs[0], operation.id
            assert operation.right, operation.id
            assert operation.statuses[-2:] == ["429", "503"]
            silent = [row.name for row in operation.parameters if not row.told]
            assert silent == [], operation.id


def test_every_write_but_a_new_secret_names_its_idempotency_key() -> None:
    without = [
        operation.id
        for chapter in outline(DESCRIPTION)
        for operation in chapter.operations
        if operation.method != "GET"
        and "Idempotency-Key (header)" not in [row.name for row in operation.parameters]
    ]
    assert without == ["post_key", "post_webhook", "post_rotate"]


def test_no_two_operations_are_called_alike() -> None:
    names = [it["operationId"] for path in DESCRIPTION["paths"].values() for it in path.values()]
    assert len(names) == len(set(names))


def test_every_reference_within_the_description_leads_somewhere() -> None:
    for address in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(DESCRIPTION)):
        found = DESCRIPTION
        for part in address.split("/"):
            found = found[part]


def test_the_page_is_read_without_a_key_and_needs_no_script() -> None:
    answer = Client().get("/api/v1/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<script" not in text
    assert "style=" not in text
    assert "<style" not in text
    assert [name for name in places(DESCRIPTION) if f'id="{name}"' not in text] == []
    assert Client().get("/api/v1/reference.css")["Content-Type"] == "text/css"


def test_each_link_of_the_page_leads_to_a_place_on_it() -> None:
    text = Client().get("/api/v1/").content.decode()
    places_on_it = re.findall(r' id="([^"]+)"', text)
    assert len(places_on_it) == len(set(places_on_it))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(places_on_it)
