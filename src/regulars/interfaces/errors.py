"""What went wrong, told to whoever asked: programs get a problem, people a page of theirs."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from regulars.interfaces import outages
from regulars.interfaces.api import problems
from regulars.interfaces.console import wrong
from regulars.interfaces.pages import wrong as for_customers
from regulars.interfaces.pages.frame import PREFIX as _CUSTOMERS

_PROGRAMS = "/api/"


def unusable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler400``: 413 where there was too much of it."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    if request.path.startswith(_PROGRAMS):
        return problems.problem(status, problems.TITLES[status])
    if request.path.startswith(_CUSTOMERS):
        return for_customers.wrong(request, status)
    return wrong.unusable(request, status)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler403``."""
    return wrong.refused(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler404``."""
    if request.path.startswith(_PROGRAMS):
        return problems.not_found(request, exception)
    if request.path.startswith(_CUSTOMERS):
        return for_customers.wrong(request, 404)
    return wrong.not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``."""
    told = outages.broken(request)  # it also writes into the log what was raised
    if request.path.startswith(_PROGRAMS):
        return told
    customers = request.path.startswith(_CUSTOMERS)
    page = for_customers.wrong(request, 500) if customers else wrong.broken(request)
    page.status_code = told.status_code
    if "Retry-After" in told:
        page["Retry-After"] = told["Retry-After"]
    return page
