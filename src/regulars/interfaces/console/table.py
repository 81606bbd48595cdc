"""The one table of the console: every address with the right that it needs."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from regulars.apps.accounts.rules import Permission

STRANGERS = "sign-in"
"""Below this address nobody has signed in yet."""
_ANYBODY = {"language", "sign-out"}
_PROGRAMS = ("api/", "healthz", "readyz")


def needs() -> list[tuple[str, str]]:
    """Every address of the console and who may come there, by address."""
    return sorted(
        (path, _who(path, route))
        for path, route in _routes(get_resolver())
        if not path.startswith(_PROGRAMS)
    )


def _routes(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for it in resolver.url_patterns:
        path = f"{before}{it.pattern}"
        if isinstance(it, URLPattern):
            yield path, it
        elif not path.startswith(_PROGRAMS):
            yield from _routes(it, path)


def _who(path: str, route: URLPattern) -> str:
    if path in _ANYBODY or path.startswith(STRANGERS):
        return "anybody"
    needed: Permission | None = getattr(route.callback, "needs", None)
    to_write: Permission | None = getattr(route.callback, "to_write", None)
    if needed is None:
        return "everybody who has signed in"
    return f"`{needed}`" if to_write is None else f"`{needed}`, to change it `{to_write}`"
