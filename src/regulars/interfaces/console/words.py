"""Sentences for the places where Django wants text: labels, hints, errors, messages."""

from typing import TYPE_CHECKING, cast

from django.utils.functional import lazy
from django.utils.translation import get_language

from regulars.kernel.wording import Message
from regulars.reports.speech import speaker_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def _said(message: Message) -> str:
    return speaker_of(get_language() or "en").say(message)


def spoken(message: Message) -> "_StrPromise":
    r"""A sentence that is said when it is read, in the language of the request.

    >>> from django.utils.translation import override
    >>> from regulars.kernel.wording import say
    >>> label = spoken(say("{n} customers", n=1234))
    >>> with override("lt"):
    ...     str(label).replace("\xa0", " ")
    '1 234 customers'
    """
    return cast("_StrPromise", _lazily(message))


_lazily = lazy(_said, str)
