"""The API as a whole: its domains, and how it says no."""

from typing import Any, override

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from regulars.interfaces.api.bodies import ExactParser
from regulars.interfaces.api.customers import router as customers
from regulars.interfaces.api.keys import router as keys
from regulars.interfaces.api.known import notes
from regulars.interfaces.api.known import router as known
from regulars.interfaces.api.orders import router as orders
from regulars.interfaces.api.privacy import router as privacy
from regulars.interfaces.api.problems import FieldError, RefusedError, described_problem, problem
from regulars.interfaces.api.settings import router as settings
from regulars.interfaces.api.subscriptions import router as subscriptions
from regulars.interfaces.api.suggestions import router as suggestions
from regulars.interfaces.api.trail import router as trail
from regulars.kernel.errors import RegularsError


class Api(NinjaAPI):
    """The API with one more answer described for each operation: the problem."""

    @override
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description of the API (OpenAPI 3.1)."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = described_problem()
        return schema


api = Api(
    title="Regulars",
    version="1",
    description="Customers, orders and what becomes of them.",
    docs_url=None,
    parser=ExactParser(),
)
api.add_router("/customers", customers, tags=["customers"])
api.add_router("/customers", known, tags=["customers"])
api.add_router("/customers", privacy, tags=["privacy"])
api.add_router("/notes", notes, tags=["customers"])
api.add_router("/merge-suggestions", suggestions, tags=["customers"])
api.add_router("/settings", settings, tags=["settings"])
api.add_router("/trail", trail, tags=["trail"])
api.add_router("/", orders, tags=["orders"])
api.add_router("/keys", keys, tags=["keys"])
api.add_router("/subscriptions", subscriptions, tags=["subscriptions"])


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
    errors = [
        FieldError(".".join(str(part) for part in found["loc"][1:]), str(found["msg"]))
        for found in error.errors
    ]
    return problem(422, "The request has fields that cannot be used.", errors)


@api.exception_handler(HttpError)
def _http(_: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, str(error))
