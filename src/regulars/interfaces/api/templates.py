"""Templates: what the firm writes to customers, in each language."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.contact.operations.templates import put_template as say_template
from regulars.apps.contact.operations.templates import remove_template
from regulars.apps.contact.queries.templates import (
    TemplateRow,
    find_template_by_name,
    list_templates,
)
from regulars.apps.contact.rules.purposes import Purpose
from regulars.apps.contact.texts import Text, TextError
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.fields import Lines, Text100, Text300
from regulars.interfaces.api.known import Removed
from regulars.interfaces.api.problems import FieldError, RefusedError
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()

Name = Annotated[str, Path(description="What staff call it.")]


class TextIn(BaseModel):
    """What a template says in a language."""

    model_config = ConfigDict(extra="forbid")

    subject: Text300 = Field(min_length=1, description="One line; Liquid.")
    preheader: Text300 = Field("", description="What a list of mails shows beside it; Liquid.")
    body: Lines = Field(min_length=1, max_length=50_000, description="Markdown and Liquid.")
    short: Lines = Field("", max_length=2000, description="What goes by SMS; Liquid.")


class TemplateIn(BaseModel):
    """A template; languages that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    purpose: Purpose
    texts: dict[Text100, TextIn] = Field(
        default_factory=dict, max_length=100, description="By language, such as lt."
    )


class TextOut(TextIn):
    """What a template says in a language, in its newest version."""

    version: int
    made_at: datetime


class TemplateOut(BaseModel):
    """A template."""

    name: str
    purpose: Purpose
    texts: dict[str, TextOut]
    missing: list[str] = Field(
        description="Languages that other templates or the firm itself speak, and it does not."
    )
    made_at: datetime
    changed_at: datetime


class Templates(BaseModel):
    """Every template."""

    items: list[TemplateOut]


@router.get(
    "",
    auth=Bearer(Permission.READ_TEMPLATES),
    response=Templates,
    summary="List templates",
)
def get_templates(request: HttpRequest) -> Templates:
    """Every template, by name."""
    return Templates(items=[_out(row) for row in list_templates()])


@router.get(
    "/{id}",
    auth=Bearer(Permission.READ_TEMPLATES),
    response=TemplateOut,
    summary="Show a template",
)
def get_template(request: HttpRequest, id: Name) -> TemplateOut:  # noqa: A002 - the path's name
    """A template, with its newest text in each language."""
    return _get(id)


@router.put(
    "/{id}",
    auth=Bearer(Permission.WRITE_TEMPLATES),
    response={200: TemplateOut, 201: TemplateOut},
    summary="Make or change a template",
)
def put_template(request: HttpRequest, id: Name, told: TemplateIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Say what a template says; another text is a new version, and the same again is none.

    A text that could not be sent is refused with its field and line, and none of them is kept.
    """
    key, moment = caller(request), now()
    texts = {language: Text(**text.model_dump()) for language, text in told.texts.items()}

    def act() -> tuple[int, object]:
        try:
            made = say_template(id, told.purpose, texts, actor=key.actor, now=moment)
        except TextError as error:
            field = f"texts.{error.where.language}.{error.where.field}"
            found = [FieldError(field, str(error))]
            raise RefusedError(422, "A text cannot be used.", found) from error
        return (201 if made else 200), _get(" ".join(id.split())).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.post(
    "/{id}/remove",
    auth=Bearer(Permission.WRITE_TEMPLATES),
    response=Removed,
    summary="Offer a template no longer",
)
def post_template_removed(request: HttpRequest, id: Name) -> HttpResponse:  # noqa: A002 - the path's name
    """Offer a template no longer; what was planned with it goes all the same."""
    key, moment = caller(request), now()
    row = find_template_by_name(id)

    def act() -> tuple[int, object]:
        gone = row is not None and remove_template(row.id, actor=key.actor, now=moment)
        return 200, {"removed": gone}

    return answer_once(request, key.actor, moment, act)


def _get(name: str) -> TemplateOut:
    row = find_template_by_name(name)
    if row is None:
        raise RefusedError(404, f"There is no template {name}.")
    return _out(row)


def _out(row: TemplateRow) -> TemplateOut:
    return TemplateOut(
        name=row.name,
        purpose=row.purpose,
        texts={
            it.language: TextOut(
                subject=it.text.subject,
                preheader=it.text.preheader,
                body=it.text.body,
                short=it.text.short,
                version=it.version,
                made_at=it.made_at,
            )
            for it in row.texts
        },
        missing=list(row.missing),
        made_at=row.made_at,
        changed_at=row.changed_at,
    )
