"""The columns of tables that are no orders: by which headings they are known, what they hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from regulars.apps.intake.rules import Kind
from regulars.warehouse import aliases
from regulars.warehouse.aliases import Ranks


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What is looked for in a table.

    Attributes:
        ranks: The known headings of each canonical column.
        required: The columns that must be there.
        names: Canonical column to the field of the API's body, where they differ.
        keys: Columns of ids.
        days: Columns of days.
        moments: Columns of instants.
        numbers: Columns of amounts.
        rest: The field that all other columns are kept in; empty: they are left out.
    """

    ranks: Mapping[str, Ranks]
    required: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    rest: str = ""


def _known(name: str, headings: str = "") -> Ranks:
    rank = tuple(heading.strip() for heading in headings.split("|") if heading.strip())
    return ((name,), rank)


_CURRENCY = aliases.ORDERS["currency"]
_CUSTOMER = aliases.ORDERS["customer_id"]
_EMAIL = _known(
    "email", "e-mail | email address | mail | el. paštas | e-pasts | эл. почта | почта | 邮箱"
)

COLUMNS: Mapping[Kind, Columns] = {
    Kind.CUSTOMERS: Columns(
        ranks={
            "customer_id": _CUSTOMER,
            "name": _known(
                "name",
                "full name | customer name | client name | vardas pavardė | vardas | vārds uzvārds"
                " | vārds | имя | фио | 姓名 | 名称",
            ),
            "language": _known("language", "lang | locale | kalba | valoda | язык | 语言"),
            "time_zone": _known("time_zone", "timezone | laiko juosta | laika josla | 时区"),
            "birthday": _known(
                "birthday",
                "birth date | date of birth | born | gimimo data | dzimšanas datums"
                " | дата рождения | 生日 | 出生日期",
            ),
        },
        required=("customer_id",),
        names={"customer_id": "id"},
        keys=("customer_id",),
        rest="attributes",
    ),
    Kind.PRODUCTS: Columns(
        ranks={
            "product_id": aliases.ORDERS["product_id"][:-1],
            "name": _known(
                "name",
                "product name | item name | title | pavadinimas | nosaukums | название | 商品名称",
            ),
            "category": aliases.ORDERS["category"],
        },
        required=("product_id",),
        names={"product_id": "id"},
        keys=("product_id",),
    ),
    Kind.REFUNDS: Columns(
        ranks={
            "refund_id": _known("refund_id", "id | refund number | refund no | credit note"),
            "order_id": aliases.ORDERS["order_id"],
            "refunded_at": _known(
                "refunded_at",
                "refund date | refunded on | date | data | datums | дата | 日期 | 退款日期",
            ),
            "amount": (*aliases.ORDERS["amount"], *aliases.ORDERS["refunded"]),
        },
        required=("refund_id", "order_id", "refunded_at", "amount"),
        names={"refund_id": "id"},
        keys=("refund_id", "order_id"),
        moments=("refunded_at",),
        numbers=("amount",),
    ),
    Kind.SUBSCRIPTIONS: Columns(
        ranks={
            "subscription_id": _known(
                "subscription_id", "id | contract id | contract | subscription | subscription no"
            ),
            "customer_id": _CUSTOMER,
            "plan": _known("plan", "plan name | tariff | planas | plāns | тариф | 套餐"),
            "started_on": aliases.SPANS["started_on"],
            "ended_on": aliases.SPANS["ended_on"],
            "amount": aliases.SPANS["amount"],
            "currency": _CURRENCY,
            "every": _known("every", "interval | billing interval | period | billing period"),
        },
        required=("subscription_id", "customer_id", "started_on", "amount", "every"),
        names={"subscription_id": "id"},
        keys=("subscription_id", "customer_id"),
        days=("started_on", "ended_on"),
        numbers=("amount",),
    ),
    Kind.COSTS: Columns(
        ranks={
            "cost_id": _known("cost_id", "id | cost no | cost number"),
            "kind": _known("kind", "type | purpose | rūšis | veids | вид | 类型"),
            "from_on": _known("from_on", "from | start | nuo | no | с | 从"),  # noqa: RUF001 - Russian
            "to_on": _known("to_on", "to | until | end | iki | līdz | по | 到"),
            "amount": aliases.ORDERS["amount"],
            "currency": _CURRENCY,
        },
        required=("cost_id", "kind", "from_on", "to_on", "amount"),
        names={"cost_id": "id"},
        keys=("cost_id",),
        days=("from_on", "to_on"),
        numbers=("amount",),
    ),
    Kind.ADDRESSES: Columns(
        ranks={
            "customer_id": _CUSTOMER,
            "email": _EMAIL,
            "phone": _known(
                "phone",
                "telephone | phone number | mobile | mobile phone | cell | tel | telefonas"
                " | mobilus | tālrunis | телефон | мобильный | 电话 | 手机",
            ),
            "post": _known(
                "post",
                "postal address | address | mailing address | adresas | adrese | адрес | 地址",
            ),
        },
        required=("customer_id",),
        keys=("customer_id",),
    ),
    Kind.CONSENTS: Columns(
        ranks={
            "customer_id": _CUSTOMER,
            "purpose": _known("purpose", "list | topic | tikslas | mērķis | цель | 目的"),
            "channel": _known("channel", "by | kanalas | kanāls | канал | 渠道"),
            "state": _known(
                "state",
                "status | consent | subscribed | opt in | opt-in | sutikimas | piekrišana"
                " | согласие | 同意",
            ),
            "at": _known(
                "at",
                "consent date | consented at | subscribed at | opt in date | opt-in date"
                " | date | time | data | datums | дата | 日期",
            ),
            "basis": _known("basis", "legal basis | lawful basis"),
            "wording": _known("wording", "version | wording version | form version"),
            "language": _known("language", "lang | locale | kalba | valoda | язык | 语言"),
            "address": _EMAIL,
        },
        required=("customer_id", "purpose", "state", "at"),
        keys=("customer_id",),
        moments=("at",),
        rest="proof",
    ),
}


def known_columns(kind: Kind) -> tuple[str, ...]:
    """Every column that can be mapped in a source of a kind."""
    return tuple(aliases.ORDERS if kind is Kind.ORDERS else COLUMNS[kind].ranks)
