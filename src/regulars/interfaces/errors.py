"""What went wrong, told to whoever asked: a program gets a problem, a person gets a page."""

from django.http import HttpRequest, HttpResponse

from regulars.interfaces import outages
from regulars.interfaces.api import problems
from regulars.interfaces.console import wrong

_PROGRAMS = "/api/"


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler403``."""
    return wrong.refused(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's ``handler404``."""
    if request.path.startswith(_PROGRAMS):
        return problems.not_found(request, exception)
    return wrong.not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``."""
    if request.path.startswith(_PROGRAMS):
        return outages.broken(request)
    return wrong.broken(request)
