"""The API as a whole: its domains, and how it says no."""

import re
from collections.abc import Sequence
from typing import Any, override

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from regulars.interfaces.api.access import rights_of
from regulars.interfaces.api.addresses import router as addresses
from regulars.interfaces.api.batches import router as batches
from regulars.interfaces.api.bodies import ExactParser, ExactRenderer
from regulars.interfaces.api.consents import router as consents
from regulars.interfaces.api.consents import wordings
from regulars.interfaces.api.costs import router as costs
from regulars.interfaces.api.customers import router as customers
from regulars.interfaces.api.deliveries import of_customers
from regulars.interfaces.api.deliveries import router as deliveries
from regulars.interfaces.api.described import complete
from regulars.interfaces.api.imports import router as imports
from regulars.interfaces.api.keys import router as keys
from regulars.interfaces.api.known import notes
from regulars.interfaces.api.known import router as known
from regulars.interfaces.api.orders import router as orders
from regulars.interfaces.api.policy import router as policy
from regulars.interfaces.api.privacy import router as privacy
from regulars.interfaces.api.problems import FieldError, RefusedError, problem
from regulars.interfaces.api.products import router as products
from regulars.interfaces.api.reference.guide import CHAPTERS, as_markdown
from regulars.interfaces.api.refunds import router as refunds
from regulars.interfaces.api.settings import router as policies
from regulars.interfaces.api.subscriptions import router as subscriptions
from regulars.interfaces.api.suggestions import router as suggestions
from regulars.interfaces.api.suppressions import router as suppressions
from regulars.interfaces.api.templates import router as templates
from regulars.interfaces.api.trail import router as trail
from regulars.interfaces.api.webhooks import router as webhooks
from regulars.kernel.errors import RegularsError


class Api(NinjaAPI):
    """The API, described so that a client can be built without asking."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - they are ninja's
        super().__init__(**options)
        self._described: dict[str, OpenAPISchema] = {}

    @override
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description of the API (OpenAPI 3.1), made once: anybody may ask for it."""
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._described:
            self._described[prefix] = self._describe(prefix, path_params)
        return self._described[prefix]

    def _describe(self, prefix: str, path_params: dict[str, Any] | None) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_prefix=prefix, path_params=path_params)
        rights = {
            (re.sub("/+", "/", f"/{prefix}/{path}"), method.lower()): right.value
            for method, path, right in rights_of(self)
        }
        complete(schema, rights)
        return schema

    @override
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """An operation is called as its function is."""
        return operation.view_func.__name__


api = Api(
    title="Regulars",
    version="1",
    description=f"Customers, orders and what becomes of them.\n\n{as_markdown()}",
    docs_url=None,
    parser=ExactParser(),
    renderer=ExactRenderer(),
    servers=[{"url": "/", "description": "Your own installation"}],
    openapi_extra={
        "tags": [{"name": name, "description": told} for name, told in CHAPTERS.items()],
    },
)
api.add_router("/customers", customers, tags=["customers"])
api.add_router("/customers", known, tags=["customers"])
api.add_router("/customers", addresses, tags=["contact"])
api.add_router("/customers", consents, tags=["contact"])
api.add_router("/wordings", wordings, tags=["contact"])
api.add_router("/customers", privacy, tags=["privacy"])
api.add_router("/notes", notes, tags=["customers"])
api.add_router("/merge-suggestions", suggestions, tags=["customers"])
api.add_router("/settings", policies, tags=["settings"])
api.add_router("/templates", templates, tags=["templates"])
api.add_router("/trail", trail, tags=["trail"])
api.add_router("/", orders, tags=["orders"])
api.add_router("/", refunds, tags=["refunds"])
api.add_router("/products", products, tags=["products"])
api.add_router("/imports", imports, tags=["imports"])
api.add_router("/subscriptions", subscriptions, tags=["subscriptions"])
api.add_router("/costs", costs, tags=["costs"])
api.add_router("/customers", of_customers, tags=["messages"])
api.add_router("/deliveries", deliveries, tags=["messages"])
api.add_router("/batches", batches, tags=["messages"])
api.add_router("/suppressions", suppressions, tags=["messages"])
api.add_router("/settings", policy, tags=["settings"])
api.add_router("/keys", keys, tags=["keys"])
api.add_router("/webhooks", webhooks, tags=["webhooks"])


@api.exception_handler(RefusedError)
def _refused(_: HttpRequest, error: RefusedError) -> HttpResponse:
    return problem(error.status, error.detail, error.errors)


@api.exception_handler(RegularsError)
def _not_possible(_: HttpRequest, error: RegularsError) -> HttpResponse:
    return problem(422, str(error))


@api.exception_handler(AuthenticationError)
def _unknown(_: HttpRequest, __: AuthenticationError) -> HttpResponse:
    response = problem(401, "Send a living key as 'Authorization: Bearer …'.")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def _not_valid(_: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [FieldError(_field(found["loc"]), str(found["msg"])) for found in error.errors]
    return problem(422, "The request has fields that cannot be used.", errors)


def _field(place: Sequence[object]) -> str:
    """The path of a field as its caller knows it, without the name of our parameter."""
    return ".".join(str(part) for part in place[2 if place[0] == "body" else 1 :])


@api.exception_handler(RequestDataTooBig)
def _too_big(_: HttpRequest, __: RequestDataTooBig) -> HttpResponse:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return problem(413, f"A body has at most {most} bytes: send several, or an import.")


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, RefusedError):  # while ninja read the body
        return _refused(request, error.__cause__)
    return problem(error.status_code, str(error))
