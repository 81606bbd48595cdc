"""One thing or a list of them: each of a list gets a result of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from regulars.interfaces.api.fields import keepable, unkeepable
from regulars.interfaces.api.problems import FieldError, RefusedError, as_errors, field_errors
from regulars.kernel.outcomes import Outcome
from regulars.kernel.problems import Problem

MOST = 5000
"""The most that one call may bring; an import takes more."""


class RowFieldError(BaseModel):
    """What is wrong with a field of a row."""

    field: str = Field(description="Its path with dots, as lines.0.amount; empty for the whole.")
    message: str


class RowError(BaseModel):
    """Why a row was not taken."""

    errors: list[RowFieldError]


class RowResult(BaseModel):
    """What became of a row."""

    id: str | None = Field(description="The row's own id, where it has one that is text.")
    status: Literal["created", "updated", "unchanged", "rejected"]
    error: RowError | None = Field(None, description="Only of a row that was rejected.")


class Results(BaseModel):
    """What became of each row of a list, in their order."""

    results: list[RowResult]


@dataclass(frozen=True, slots=True)
class Taken[T]:
    """Rows of a call: what can be taken, by place, and what is wrong with the rest."""

    good: Mapping[int, T]
    bad: Mapping[int, Sequence[FieldError]]


def sort_out[M: BaseModel, T](
    rows: Sequence[object],
    schema: type[M],
    read: Callable[[M], T],
    check: Callable[[T], Iterable[Problem]],
) -> Taken[T]:
    """Read each row by its schema and its rules.

    Raises:
        RefusedError: There are too many.
    """
    if len(rows) > MOST:
        raise RefusedError(413, f"Send at most {MOST} in one call, or an import.")
    good: dict[int, T] = {}
    bad: dict[int, Sequence[FieldError]] = {}
    for place, row in enumerate(rows):
        if errors := list(unkeepable(row)):
            bad[place] = errors
            continue
        try:
            value = read(schema.model_validate(row))
        except ValidationError as error:
            bad[place] = field_errors(error)
            continue
        if errors := as_errors(check(value)):
            bad[place] = errors
        else:
            good[place] = value
    return Taken(good, bad)


def only[T](taken: Taken[T]) -> T:
    """The one thing that was told.

    Raises:
        RefusedError: It cannot be taken.
    """
    if taken.bad:
        raise RefusedError(422, "A field cannot be used.", taken.bad[0])
    return taken.good[0]


def status_of(outcomes: Iterable[Outcome]) -> int:
    """201 where something new was made, 200 otherwise."""
    return 201 if Outcome.CREATED in outcomes else 200


def results(rows: Sequence[object], taken: Taken[object], outcomes: Mapping[int, str]) -> object:
    """What became of each row, in their order."""
    return {"results": [_result(place, row, taken, outcomes) for place, row in enumerate(rows)]}


def _result(
    place: int, row: object, taken: Taken[object], outcomes: Mapping[int, str]
) -> Mapping[str, object]:
    told = row.get("id") if isinstance(row, dict) else None
    id_ = told if isinstance(told, str) and keepable(told) else None
    if place in taken.bad:
        errors = [error.json() for error in taken.bad[place]]
        return {"id": id_, "status": "rejected", "error": {"errors": errors}}
    return {"id": id_, "status": outcomes[place]}
