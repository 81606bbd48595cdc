"""What programs may be told of; ``project.wiring`` alone publishes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from regulars.apps.journal.events import News
from regulars.kernel.wording import Message

type Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """An event as far as it is about one customer, or about none.

    Attributes:
        data: The news, as it was announced.
        customer: The customer's number.
    """

    data: Facts
    customer: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """News that programs are told.

    Attributes:
        news: The type of the news.
        name: What programs know it by, as ``customer.changed``.
        what: What has happened, for people.
        customers: Whose it is: each is told of apart; None for what is of nobody.
        tell: What a program is told of each part: ids, and nothing else that is personal.
    """

    news: type[News]
    name: str
    what: Message
    customers: Callable[[Facts], Collection[int | None]]
    tell: Callable[[Sequence[Part]], Sequence[Facts]]


_published: dict[str, Published] = {}


def publish(published: Published) -> None:
    """Let programs be told of a type of news; ``project.wiring`` alone calls this."""
    _published[published.news.__name__] = published


def find_published(news: str) -> Published | None:
    """How programs are told of news by its type's name; None where they are not."""
    return _published.get(news)


def list_published() -> list[Published]:
    """Everything that programs may be told of, by its name."""
    return sorted(_published.values(), key=lambda one: one.name)
