"""Keys of programs: made, listed and ended by whoever may change the settings."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.operations import make_key, revoke_key
from regulars.apps.accounts.queries import KeyRow, list_keys
from regulars.apps.accounts.rules import Permission, Role
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.described import NO_SECOND_ANSWER
from regulars.interfaces.api.fields import Text100, Time
from regulars.interfaces.api.problems import RefusedError
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class KeyIn(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Text100 = Field(min_length=1, description="What the program is called.")
    role: Role = Field(description="What the program is to the firm.")
    scopes: list[Permission] | None = Field(
        None,
        min_length=1,
        description="Of the role's permissions those that the key gets; all of them without it.",
    )
    expires_at: Time | None = Field(
        None, description="When the key ends by itself; without it, it lives until it is ended."
    )


class KeyOut(BaseModel):
    """A key without its secret."""

    id: int
    name: str
    role: Role
    scopes: list[Permission] | None = Field(
        description="What the key may do of what its role may; null for all of it."
    )
    hint: str = Field(description="How the secret begins.")
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    used_on: date | None = Field(description="The day of its last use, in UTC.")


class NewKeyOut(KeyOut):
    """A new key with its secret, shown this once."""

    secret: str


class Keys(BaseModel):
    """Every key, the newest first."""

    items: list[KeyOut]


@router.post(
    "",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response={201: NewKeyOut},
    summary="Make a key",
    openapi_extra=dict(NO_SECOND_ANSWER),
)
def post_key(request: HttpRequest, told: KeyIn) -> HttpResponse:
    """Make a key and show its secret, this once.

    A secret is never kept, so this takes no Idempotency-Key: where the answer was lost, end the
    key and make another.
    """
    made = make_key(
        told.name,
        told.role,
        actor=caller(request).actor,
        now=now(),
        expires_at=told.expires_at,
        scopes=None if told.scopes is None else frozenset(told.scopes),
    )
    shown = NewKeyOut(**_out(made.key).model_dump(), secret=made.secret)
    return HttpResponse(shown.model_dump_json(), status=201, content_type="application/json")


@router.get("", auth=Bearer(Permission.READ_SETTINGS), response=Keys, summary="List keys")
def get_keys(request: HttpRequest) -> Keys:
    """Every key without its secret."""
    return Keys(items=[_out(row) for row in list_keys()])


@router.post(
    "/{id}/revoke",
    auth=Bearer(Permission.WRITE_SETTINGS),
    response=KeyOut,
    summary="End a key",
)
def post_revoke(
    request: HttpRequest,
    id: Annotated[int, Path(ge=1, lt=2**63, description="The number of the key.")],  # noqa: A002 - the path's name
) -> HttpResponse:
    """End a key at once; a dead one stays as it is."""
    key, moment = caller(request), now()

    def act() -> tuple[int, object]:
        revoke_key(id, actor=key.actor, now=moment)
        for row in list_keys():
            if row.id == id:
                return 200, _out(row).model_dump(mode="json")
        raise RefusedError(404, f"There is no key {id}.")

    return answer_once(request, key.actor, moment, act)


def _out(row: KeyRow) -> KeyOut:
    return KeyOut(
        id=row.id,
        name=row.name,
        role=row.role,
        scopes=None if row.scopes is None else sorted(row.scopes),
        hint=row.hint,
        made_at=row.made_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        used_on=row.used_on,
    )
