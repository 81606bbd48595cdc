"""Which of the languages of a message somebody gets."""

from collections.abc import Iterable, Iterator


def choose_language(wanted: str, available: Iterable[str], fallback: str) -> str:
    """The language of a message that is nearest to what somebody reads.

    Args:
        wanted: His, such as ``lt-LT``; empty where nobody knows it.
        available: Those that the message is written in, the first of them last resort.
        fallback: The firm's.

    Raises:
        ValueError: The message is written in none.

    >>> choose_language("lt-LT", ["en", "lt"], "en"), choose_language("pl", ["ru", "en"], "lt")
    ('lt', 'en')
    """
    there = {_same(it): it for it in reversed(list(available))}
    for code in (*_ever_shorter(wanted), *_ever_shorter(fallback), "en"):
        if code in there:
            return there[code]
        for tag, it in there.items():
            if code and tag.startswith(f"{code}-"):
                return it
    if not there:
        raise ValueError("A message is written in at least one language.")
    return list(there.values())[-1]


def _ever_shorter(code: str) -> Iterator[str]:
    parts = _same(code).split("-") if code else []
    for n in range(len(parts), 0, -1):
        yield "-".join(parts[:n])


def _same(code: str) -> str:
    tag = code.lower().replace("_", "-")
    return _SCRIPTS.get(tag, tag)


_SCRIPTS = {"zh-cn": "zh-hans", "zh-sg": "zh-hans", "zh-tw": "zh-hant", "zh-hk": "zh-hant"}
