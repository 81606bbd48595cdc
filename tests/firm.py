"""A small firm with customers of five languages, the same each time it is made."""

import random
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from regulars.apps.orders.operations import put_subscription, take_orders, take_refunds
from regulars.apps.orders.rules import Every, LineData, OrderData, RefundData, SubscriptionData
from regulars.apps.people.operations import CustomerData, put_customers
from regulars.apps.people.rules import Birthday
from regulars.kernel.actors import COMMAND

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAMES = (
    ("Eleanor Whitcombe", "en", "Europe/London"),
    ("Thomas Ashworth-Pemberton", "en", "Europe/London"),
    ("Ona Šimkutė", "lt", "Europe/Vilnius"),
    ("Žygimantas Stankevičius", "lt", "Europe/Vilnius"),
    ("Rūta Kazlauskienė-Vasiliauskaitė", "lt", "Europe/Vilnius"),
    ("Jānis Bērziņš", "lv", "Europe/Riga"),
    ("Līga Ozoliņa", "lv", "Europe/Riga"),
    ("Иван Иванов", "ru", "Europe/Riga"),
    ("Екатерина Преображенская-Константинопольская", "ru", "Europe/Vilnius"),
    ("王小明", "zh-hans", "Asia/Shanghai"),
    ("陈静怡", "zh-hans", "Asia/Shanghai"),
    ("Ona Simkute", "lt", ""),
)
STORES = ("Vilnius, Gedimino pr. 9", "Rīga, Brīvības iela 41", "London, Marylebone High Street")
PRODUCTS = (
    "Rye bread",
    "Šaltibarščiai, 1 l",
    "Cold-pressed rapeseed oil",
    "Чай чёрный",
    "茉莉花茶",
)


def make_firm(orders: int = 60, customers: int = 40) -> None:
    """Make the firm's records: customers, orders with lines, refunds, subscriptions."""
    chance = random.Random(7)  # noqa: S311 - invented data, the same each time
    put_customers(
        [_customer(number, chance) for number in range(customers)], actor=COMMAND, now=NOW
    )
    sales = [_order(number, customers, chance) for number in range(orders)]
    take_orders(sales, actor=COMMAND, now=NOW)
    take_refunds(
        [
            RefundData(
                id=f"refund-{sale.id}",
                order_id=sale.id,
                refunded_at=sale.ordered_at + timedelta(days=3),
                amount=sale.lines[0].amount,
                lines=(sale.lines[0].line,),
            )
            for sale in sales[::9]
        ],
        actor=COMMAND,
        now=NOW,
    )
    put_subscription(
        SubscriptionData(
            id="box-1",
            customer_id="C-0002",
            started_on=(NOW - timedelta(days=90)).date(),
            currency="EUR",
            amount=Decimal("24.90"),
            every=Every.MONTH,
            plan="Vegetable box",
        ),
        actor=COMMAND,
        now=NOW,
    )


def _customer(number: int, chance: random.Random) -> CustomerData:
    name, language, zone = NAMES[number % len(NAMES)]
    birthday = Birthday(chance.randint(1, 12), chance.randint(1, 28), chance.randint(1950, 2004))
    return CustomerData(
        id=f"C-{number:04}",
        name=name if number < len(NAMES) else f"{name} {number}",
        language=language,
        time_zone=zone,
        birthday=Birthday(5, 17, 1988) if "imkut" in name else birthday,
        attributes={"newsletter": chance.random() < 0.5, "shoe size": chance.randint(36, 46)},
    )


def _order(number: int, customers: int, chance: random.Random) -> OrderData:
    place = chance.randrange(len(STORES))
    lines = tuple(
        LineData(
            line=str(line + 1),
            product_id=chance.choice(PRODUCTS),
            category="food",
            quantity=Decimal(chance.randint(1, 4)),
            amount=Decimal(chance.randint(99, 9900)) / 100,
        )
        for line in range(chance.randint(1, 5))
    )
    at = NOW - timedelta(hours=chance.randint(1, 9000))
    return OrderData(
        id=f"A-{100_000 + number}",
        customer_id=f"C-{chance.randrange(customers):04}" if chance.random() < 0.9 else None,
        ordered_at=at.astimezone(timezone(timedelta(hours=(2, 2, 0)[place]))),
        currency=("EUR", "EUR", "GBP")[place],
        amount=sum((line.amount for line in lines), Decimal()),
        channel=chance.choice(("shop", "web")),
        store=STORES[place],
        lines=lines,
    )
