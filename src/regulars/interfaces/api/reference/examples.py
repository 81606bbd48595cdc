"""One example of each operation, in the order of a story; each is really run.

``make reference`` asks an empty platform all of this and keeps what it answers in
``answers.json``; a test does the same and compares.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from urllib.parse import quote, urlencode

ANSWERS = "answers.json"
_WIDE = 66


def written(value: object, indent: str = "") -> str:
    """JSON for readers: what is short stands on one line.

    >>> print(written({"id": "1001", "lines": [{"id": "milk"}]}))
    {"id": "1001", "lines": [{"id": "milk"}]}
    """
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) <= _WIDE or not isinstance(value, dict | list):
        return flat
    deeper = f"{indent}  "
    parts = (
        [f"{json.dumps(name)}: {written(part, deeper)}" for name, part in value.items()]
        if isinstance(value, dict)
        else [written(part, deeper) for part in value]
    )
    begin, end = "{}" if isinstance(value, dict) else "[]"
    inside = ",\n".join(f"{deeper}{part}" for part in parts)
    return f"{begin}\n{inside}\n{indent}{end}"


@dataclass(frozen=True, slots=True)
class Example:
    """A request.

    Attributes:
        operation: The operation's id.
        title: What is done.
        path: What stands in its address.
        query: What stands behind its address.
        body: What is sent; text as it stands, all else as JSON.
        key: Its Idempotency-Key.
        kind: What its body is.
    """

    operation: str
    title: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    key: str = ""
    kind: str = "application/json"

    def address(self, path: str) -> str:
        """Its address, by the operation's path."""
        filled = path.format_map({name: quote(text, safe="") for name, text in self.path.items()})
        return f"{filled}?{urlencode(self.query)}" if self.query else filled

    @property
    def text(self) -> str:
        """Its body as text."""
        if self.body is None or isinstance(self.body, str):
            return self.body or ""
        return written(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an example is answered."""

    status: int
    body: object


_ORDER = {
    "id": "1001",
    "customer_id": "c7",
    "ordered_at": "2026-11-22T10:15:00+02:00",
    "currency": "EUR",
    "channel": "till",
    "store": "Old Town",
    "lines": [
        {"product_id": "milk", "category": "dairy", "quantity": 2, "amount": "2.98"},
        {"product_id": "bread", "category": "bakery", "amount": "1.85", "unit_cost": "0.90"},
    ],
}
_BUCKET = {
    "id": "1002",
    "ordered_at": "2026-11-22T18:40:00+02:00",
    "currency": "EUR",
    "amount": "4.20",
}

_STREAM = (_BUCKET | {"id": "2001"}, _BUCKET | {"id": "2002", "currency": "EURO"})

STORY = (
    Example(
        "put_customer",
        "Tell of a customer",
        path={"id": "c7"},
        body={
            "name": "Ona Kazlauskienė",
            "language": "lt",
            "time_zone": "Europe/Vilnius",
            "birthday": {"month": 3, "day": 9},
            "attributes": {"newsletter": True},
        },
    ),
    Example(
        "put_customer",
        "The same person, by another id",
        path={"id": "web-55"},
        body={"name": "Ona Kazlauskiene", "birthday": {"month": 3, "day": 9}},
    ),
    Example("get_customer", "Show her", path={"id": "c7"}),
    Example("get_customers", "Look for her", query={"search": "kazlausk"}),
    Example("get_suggestions", "Who may be one person"),
    Example("post_merged", "These two are", body={"first": 1, "second": 2}),
    Example("post_part", "They are not, after all", path={"id": "web-55"}),
    Example("post_dismissed", "Do not ask again", body={"first": 1, "second": 2}),
    Example("post_merge", "Both are one person", path={"id": "web-55"}, body={"into": "c7"}),
    Example(
        "post_identity",
        "Her card at the till",
        path={"id": "c7"},
        body={"source": "till", "id": "card-0042"},
    ),
    Example("get_identities", "Her ids", path={"id": "c7"}),
    Example(
        "post_identity_removed",
        "She lost the card",
        path={"id": "c7"},
        body={"source": "till", "id": "card-0042"},
    ),
    Example(
        "put_contact_person",
        "Nobody looks after her",
        path={"id": "c7"},
        body={"contact_person": None, "substitute": None},
    ),
    Example("get_contact_person", "Who does", path={"id": "c7"}),
    Example("post_note", "A note", path={"id": "c7"}, body={"text": "Prefers the morning."}),
    Example("put_note", "Another", path={"id": "1"}, body={"text": "Prefers the evening."}),
    Example("get_notes", "Her notes", path={"id": "c7"}),
    Example("post_note_removed", "Take it away", path={"id": "1"}),
    Example(
        "put_addresses",
        "How she is reached",
        path={"id": "c7"},
        body={
            "items": [
                {"channel": "email", "value": "Ona@Example.com"},
                {"channel": "phone", "value": "+370 612 34567"},
                {"channel": "post", "value": "Pilies 1\n01123 Vilnius"},
            ]
        },
    ),
    Example("get_addresses", "Show it", path={"id": "c7"}),
    Example(
        "put_wording",
        "What people agree to",
        path={"purpose": "newsletter"},
        body={"version": "2026-1", "language": "lt", "text": "Sutinku gauti naujienlaiškį."},
    ),
    Example("get_wordings", "Every wording"),
    Example(
        "put_consents",
        "She agreed at the till",
        path={"id": "c7", "purpose": "newsletter"},
        body={
            "state": "granted",
            "at": "2026-11-20T17:05:00+02:00",
            "wording": "2026-1",
            "language": "lt",
            "proof": {"form": "till 3, card 0042"},
        },
    ),
    Example(
        "put_consents",
        "She subscribed on the web, and is sent a link",
        path={"id": "c7", "purpose": "offers"},
        body={"state": "granted", "confirm": True, "proof": {"ip": "192.0.2.7"}},
    ),
    Example("get_consents", "What she agreed to", path={"id": "c7"}),
    Example("post_orders", "A receipt", body=_ORDER, key="receipt-1001"),
    Example(
        "post_orders",
        "A list, with a row that cannot be taken",
        body=[_BUCKET, _BUCKET | {"id": "1003", "currency": "EURO"}],
        key="till-3-2026-11-22-evening",
    ),
    Example("post_orders", "An amount that is not the sum", body=_ORDER | {"amount": "5.00"}),
    Example("get_order", "Show the receipt", path={"id": "1001"}),
    Example("get_orders", "The latest order", query={"sort": "newest", "limit": "1"}),
    Example(
        "post_refunds",
        "The bread comes back",
        path={"id": "1001"},
        body={
            "id": "r-17",
            "refunded_at": "2026-11-23T09:05:00+02:00",
            "amount": "1.85",
            "lines": ["2"],
        },
        key="refund-17",
    ),
    Example("get_refund", "Show it", path={"id": "r-17"}),
    Example(
        "get_refunds",
        "What came back in November",
        query={
            "refunded_from": "2026-11-01T00:00:00+02:00",
            "refunded_before": "2026-12-01T00:00:00+02:00",
        },
    ),
    Example(
        "post_products",
        "Names for products",
        body=[
            {"id": "milk", "name": "Milk 1 l", "category": "dairy"},
            {"id": "bread", "name": "Rye bread", "category": "bakery"},
        ],
    ),
    Example(
        "put_product",
        "A new product",
        path={"id": "cheese"},
        body={"name": "Džiugas 180 g", "category": "dairy"},
    ),
    Example("get_product", "Show it", path={"id": "cheese"}),
    Example("get_products", "All of dairy", query={"category": "dairy"}),
    Example(
        "put_subscription",
        "Milk to the door, each week",
        path={"id": "s-1"},
        body={
            "customer_id": "c7",
            "plan": "milk",
            "started_on": "2026-11-01",
            "currency": "EUR",
            "amount": "5.90",
            "every": "week",
        },
    ),
    Example("get_subscription", "Show it", path={"id": "s-1"}),
    Example("get_subscriptions", "Who subscribed at Christmas", query={"active_on": "2026-12-24"}),
    Example(
        "put_cost",
        "Leaflets of a month",
        path={"id": "leaflets-2026-11"},
        body={
            "kind": "acquire",
            "from_on": "2026-11-01",
            "to_on": "2026-11-30",
            "currency": "EUR",
            "amount": "420.00",
        },
    ),
    Example("get_cost", "Show it", path={"id": "leaflets-2026-11"}),
    Example("get_costs", "What winning customers cost", query={"kind": "acquire"}),
    Example(
        "post_import",
        "Try a stream of orders, with a bad row",
        query={"kind": "orders", "dry_run": "true"},
        body="".join(json.dumps(row) + "\n" for row in _STREAM),
        kind="application/x-ndjson",
    ),
    Example("get_import", "What would become of them", path={"id": "1"}),
    Example("post_start", "Import them", path={"id": "1"}),
    Example("get_imports", "Every import", query={"limit": "1"}),
    Example("get_rejects", "The bad row, to be mended", path={"id": "1"}),
    Example("post_retry", "There is nothing to retry", path={"id": "1"}),
    Example("post_undo", "Take it all back", path={"id": "1"}),
    Example(
        "put_message_policy",
        "Quiet from eight, at most two promotions a week",
        body={
            "sender_name": "Corner shop",
            "reply_to": "hello@shop.example",
            "country": "LT",
            "quiet_from": "20:00",
            "caps": [{"kind": "promotion", "most": 2, "hours": 168}],
            "throttles": {"gmail.com": 100},
        },
    ),
    Example("get_message_policy", "How the firm writes"),
    Example("get_deliveries", "Everything that went or waits", query={"sort": "newest"}),
    Example("get_deliveries_of", "Why did she not get it", path={"id": "c7"}),
    Example("get_one_delivery", "All that is known of one", path={"id": "1"}),
    Example("get_batches", "What went to many at once", query={"sort": "newest", "limit": "1"}),
    Example("post_pause_batch", "Let nothing of it go", path={"id": "1"}),
    Example("post_resume_batch", "Let it go on", path={"id": "1"}),
    Example("post_cancel_delivery", "Not this one, after all", path={"id": "1"}),
    Example("post_stop_batch", "Nor any other of it", path={"id": "1"}),
    Example("get_batch", "How far it is", path={"id": "1"}),
    Example(
        "post_suppression",
        "No more promotions there",
        body={
            "channel": "email",
            "address": "ona@shop.example",
            "scope": "promotion",
            "note": "Asked on the telephone.",
        },
    ),
    Example(
        "post_find_suppressions",
        "What is held back from an address",
        body={"channel": "email", "address": "Ona@Shop.Example"},
    ),
    Example("get_suppressions", "All that hold", query={"in_force": "true"}),
    Example(
        "post_lift_suppression",
        "She wants them again",
        path={"id": "1"},
        body={"reason": "Asked for it in the shop."},
    ),
    Example("get_export", "Everything known of her", path={"id": "c7"}),
    Example("post_erase", "Forget the other record's person", path={"id": "web-55"}),
    Example(
        "put_firm",
        "The firm",
        body={
            "name": "Corner shop",
            "address": "Pilies 1\nVilnius",
            "currency": "EUR",
            "time_zone": "Europe/Vilnius",
            "language": "lt",
        },
    ),
    Example("get_firm", "Show it"),
    Example("get_retention", "What is kept, and for how long"),
    Example("get_too_old", "What two years would let go", {"id": "trail"}, {"days": "730"}),
    Example("put_retention", "Keep the trail five years", {"id": "trail"}, body={"days": 1826}),
    Example(
        "put_declared",
        "An attribute of our own",
        path={"id": "newsletter"},
        body={"label": "Newsletter", "kind": "yes/no"},
    ),
    Example("get_attributes", "Our own attributes"),
    Example("post_attribute_removed", "Check it no longer", path={"id": "newsletter"}),
    Example(
        "put_template",
        "A welcome in two languages",
        path={"id": "welcome"},
        body={
            "purpose": "newsletter",
            "texts": {
                "en": {
                    "subject": "Welcome, {{ customer.greeting }}",
                    "body": "# Hello\n\n[See our shop](https://shop.example)",
                },
                "lt": {
                    "subject": "Sveiki, {{ customer.greeting }}",
                    "body": "# Labas\n\n[Mūsų parduotuvė](https://shop.example)",
                },
            },
        },
    ),
    Example(
        "put_template",
        "A text that could not be sent",
        path={"id": "welcome"},
        body={
            "purpose": "newsletter",
            "texts": {"en": {"subject": "Hi", "body": "{{ customer.nam }}"}},
        },
    ),
    Example("get_template", "Show it", path={"id": "welcome"}),
    Example("get_templates", "Every template"),
    Example("post_template_removed", "Offer it no longer", path={"id": "welcome"}),
    Example("get_trail", "The latest line", query={"limit": "1"}),
    Example(
        "post_key",
        "A key that only sends orders",
        body={
            "name": "till 3",
            "role": "manager",
            "scopes": ["orders:write"],
            "expires_at": "2027-11-22T00:00:00Z",
        },
    ),
    Example("get_keys", "Every key", path={}),
    Example("post_revoke", "End it", path={"id": "2"}),
    Example(
        "post_webhook",
        "Tell our books of orders and refunds",
        body={
            "address": "https://books.shop.example/regulars",
            "events": ["order.taken", "refund.taken"],
        },
    ),
    Example("get_webhooks", "Every webhook"),
    Example("get_webhook", "Show it", path={"id": "1"}),
    Example(
        "put_webhook",
        "Tell it of customers too",
        path={"id": "1"},
        body={
            "address": "https://books.shop.example/regulars",
            "events": ["customer.changed", "order.taken", "refund.taken"],
        },
    ),
    Example("post_test", "Does it arrive?", path={"id": "1"}),
    Example("get_webhook_deliveries", "What waits", {"id": "1"}, {"state": "waiting"}),
    Example("post_replay", "What failed, again", {"id": "1"}, body={"failed": True}),
    Example("post_rotate", "A new secret", {"id": "1"}, body={"overlap_hours": 48}),
    Example("post_pause", "Nothing tonight", {"id": "1"}),
    Example("post_resume", "Go on", {"id": "1"}),
    Example("post_webhook_removed", "Tell it nothing more", {"id": "1"}),
)
"""What a shop tells, from its first customer to the end of a webhook."""


def with_answers() -> list[tuple[Example, Answer | None]]:
    """Each example with what it is answered; None where it was not asked yet."""
    known = answers()
    return [
        (example, known[place] if place < len(known) else None)
        for place, example in enumerate(STORY)
    ]


@cache
def answers() -> tuple[Answer, ...]:
    """What the examples were answered, in their order."""
    text = (files(__package__) / ANSWERS).read_text(encoding="utf-8")
    return tuple(Answer(row["status"], row["body"]) for row in json.loads(text))
