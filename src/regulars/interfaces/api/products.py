"""Products by the caller's own ids."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict, Field

from regulars.apps.accounts.rules import Permission
from regulars.apps.orders.operations import put_products
from regulars.apps.orders.queries import ProductRow, find_product, list_products
from regulars.apps.orders.rules import ProductData, problems_of_product
from regulars.interfaces.api.access import Bearer, caller
from regulars.interfaces.api.bodies import read_body
from regulars.interfaces.api.described import one_or_many
from regulars.interfaces.api.fields import Text200, Text300
from regulars.interfaces.api.lists import Results, only, results, sort_out, status_of
from regulars.interfaces.api.pages import After, Id, Limit, page
from regulars.interfaces.api.problems import RefusedError, as_errors
from regulars.interfaces.api.writing import answer_once
from regulars.interfaces.clock import now

router = Router()


class ProductIn(BaseModel):
    """What is known of a product; what is left out is emptied."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Text300 = ""
    category: Text200 = ""


class OneProductIn(ProductIn):
    """A product; what is left out is emptied."""

    id: str = Field(description="Your own id: 1 to 200 characters that can be printed.")


class ProductOut(BaseModel):
    """A product."""

    id: str
    name: str
    category: str
    changed_at: datetime


class Products(BaseModel):
    """A page of products."""

    items: list[ProductOut]
    next: str | None = Field(description="The `after` of the next page; null on the last.")


@router.post(
    "",
    auth=Bearer(Permission.WRITE_ORDERS),
    response={200: ProductOut | Results, 201: ProductOut},
    summary="Take a product, or a list of them",
    openapi_extra=one_or_many(OneProductIn),
)
def post_products(request: HttpRequest) -> HttpResponse:
    """Make products, or replace what is known of them; a list is taken row by row."""
    key, moment = caller(request), now()
    told = read_body(request)
    rows = told if isinstance(told, list) else [told]
    taken = sort_out(rows, OneProductIn, lambda row: _data(row.id, row), problems_of_product)

    def act() -> tuple[int, object]:
        one = None if isinstance(told, list) else only(taken)
        outcomes = put_products(list(taken.good.values()), actor=key.actor, now=moment)
        if one is None:
            return 200, results(rows, taken, dict(zip(taken.good, outcomes, strict=True)))
        return status_of(outcomes), _get(one.id).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.put(
    "/{id}",
    auth=Bearer(Permission.WRITE_ORDERS),
    response={200: ProductOut, 201: ProductOut},
    summary="Make or change a product",
)
def put_product(request: HttpRequest, id: Id, told: ProductIn) -> HttpResponse:  # noqa: A002 - the path's name
    """Make a product, or replace what is known of it."""
    key, moment = caller(request), now()
    data = _data(id, told)
    if errors := as_errors(problems_of_product(data)):
        raise RefusedError(422, "A field cannot be used.", errors)

    def act() -> tuple[int, object]:
        outcomes = put_products([data], actor=key.actor, now=moment)
        return status_of(outcomes), _get(id).model_dump(mode="json")

    return answer_once(request, key.actor, moment, act)


@router.get(
    "/{id}", auth=Bearer(Permission.READ_ORDERS), response=ProductOut, summary="Show a product"
)
def get_product(request: HttpRequest, id: Id) -> ProductOut:  # noqa: A002 - the path's name
    """A product by its id."""
    return _get(id)


@router.get("", auth=Bearer(Permission.READ_ORDERS), response=Products, summary="List products")
def get_products(
    request: HttpRequest,
    after: After = "",
    category: Annotated[str | None, Query(description="Only those of this category.")] = None,
    limit: Limit = 100,
) -> Products:
    """Products in the order of their ids, a page at a time."""
    rows = list_products(after=after, category=category, limit=limit + 1)
    items, following = page(rows, limit, _out, lambda row: row.id)
    return Products(items=items, next=following)


def _data(id_: str, told: ProductIn) -> ProductData:
    return ProductData(id=id_, name=told.name, category=told.category)


def _get(id_: str) -> ProductOut:
    row = find_product(id_)
    if row is None:
        raise RefusedError(404, f"There is no product {id_}.")
    return _out(row)


def _out(row: ProductRow) -> ProductOut:
    return ProductOut(id=row.id, name=row.name, category=row.category, changed_at=row.changed_at)
