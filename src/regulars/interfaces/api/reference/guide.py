"""What holds for every operation, said once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """A few paragraphs under a heading; code stands between backticks."""

    heading: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """Each as one line."""
        return [" ".join(part.split()) for part in self.text.strip().split("\n\n")]


GUIDE = (
    Section(
        "Keys",
        """
Send `Authorization: Bearer …` with each request. `regulars key create --name till --role
manager` prints a key once; so does `POST /api/v1/keys`. A key has a role, perhaps scopes
(some of the role's permissions) and perhaps an end. Each operation names the permission that
it needs: without a living key it answers 401, without the permission 403.
""",
    ),
    Section(
        "Bodies",
        """
Bodies are JSON: send `Content-Type: application/json`, at most 5 MB, not compressed. A field
that is not in the description is refused, and so is one that is told twice.

Ids are yours: 1 to 200 characters that can be printed. One with a slash can be sent and
listed, but no address names it.

Times carry their offset, as `2026-11-22T10:15:00+02:00`, and are shown with the offset that
they were told with. Amounts are decimals, best sent as text (`"2.98"`), always shown as text,
with their currency beside them.
""",
    ),
    Section(
        "Writes",
        """
The same again changes nothing, so that every write may be repeated. With an `Idempotency-Key`
of your own (at most 255 characters of ASCII) a retry gets the first answer again, marked
`Idempotent-Replayed: true`; the same key with another request is refused with 409. Refusals
are not kept: mend the request and send it with the same key. Answers are kept for seven days.

Where a list is taken, it has at most 5,000 rows and is answered 200 with a result for each
row, in their order: `created`, `updated`, `unchanged`, or `rejected` with the field and the
reason. The good rows are in, whatever is wrong with the others.
""",
    ),
    Section(
        "Lists",
        """
A list answers `items` and `next`. Ask again with `after` set to `next` and all else
unchanged, until `next` is null. `limit` is 100 where it is left out, at most 500.
""",
    ),
    Section(
        "Refusals",
        """
Every refusal is `application/problem+json` (RFC 9457): a `title`, the `status`, a `detail`,
and in `errors` each `field` (a path with dots, as `lines.0.amount`) with a `message` that
says what would be accepted. A refused request has changed nothing.

After 429, 503 and 507 (the disk is full) wait as many seconds as `Retry-After` says and send the
request again; after a connection that broke, and after 500, send it again with the same
`Idempotency-Key`.
""",
    ),
    Section(
        "Limits",
        """
A key may ask 6,000 times a minute of each web process, with bursts of as many; wrong keys are
counted by address, 30 a minute. `RateLimit-Limit`, `RateLimit-Remaining` and
`RateLimit-Reset` (seconds until all are back) stand in each answer. `REGULARS_RATE_PER_KEY`
and `REGULARS_RATE_WRONG_KEYS` set other numbers, 0 none.
""",
    ),
)

CHAPTERS = {
    "customers": "Who buys, by your own ids. Records of one person are merged, and parted again.",
    "contact": "How people are reached, and what they said of being written to: only added to.",
    "orders": "What was bought, line by line.",
    "refunds": "What went back. A refund may come before its order.",
    "products": "What is sold. An order makes the products that it names; here they get names.",
    "subscriptions": "Who pays by the period.",
    "costs": "What was spent to win customers and to keep them.",
    "imports": "Streams and files of rows, read by the worker, told of row by row, and undone.",
    "messages": "What waits, went or did not, and why; batches; addresses written to no more.",
    "privacy": "What a customer may ask by law: everything known of him, or to be forgotten.",
    "settings": "The firm, its own attributes of customers, and how long what is kept.",
    "templates": "What the firm writes to customers, in each language: Markdown and Liquid.",
    "trail": "Who did and saw what.",
    "keys": "Keys of programs.",
    "webhooks": "Programs that are told what happens, what they were told, and telling it again.",
}
"""What each tag is about."""


def as_markdown() -> str:
    """All of it as Markdown."""
    return "\n\n".join(
        text for section in GUIDE for text in (f"## {section.heading}", *section.paragraphs)
    )
