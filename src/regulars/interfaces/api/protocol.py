"""What HTTP asks of every address of the API: HEAD, OPTIONS, and which methods there are."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from regulars.interfaces.api.problems import problem

PREFIX = "/api/"
_NOT_ALLOWED = 405


def speak_http(
    answer: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: HEAD is GET without its body, OPTIONS names the methods, chunks are refused."""

    def spoken(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return answer(request)
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", ""):
            return problem(411, "Send the length of the body as Content-Length, not in chunks.")
        if request.method == "HEAD":
            return _head(request, answer)
        response = answer(request)
        if response.status_code == _NOT_ALLOWED:
            return _other_method(request, response["Allow"])
        return response

    return spoken


def _head(request: HttpRequest, answer: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    request.method = "GET"
    response = answer(request)
    if response.status_code == _NOT_ALLOWED:
        response = _other_method(request, response["Allow"])
    if response.streaming:
        response.close()
        return HttpResponse(status=response.status_code, headers=dict(response.items()))
    response["Content-Length"] = str(len(response.content))
    response.content = b""
    return response


def _other_method(request: HttpRequest, allowed: str) -> HttpResponse:
    methods = set(allowed.split(", ")) | {"OPTIONS"} | ({"HEAD"} if "GET" in allowed else set())
    there_are = ", ".join(sorted(methods))
    if request.method == "OPTIONS":
        response = HttpResponse(status=204)
    else:
        response = problem(405, f"{request.path} takes {there_are}.")
    response["Allow"] = there_are
    return response
