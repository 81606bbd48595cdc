"""Orders: who sees which, and what one of them shows."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.test import Client

from firm import STORES, make_firm
from regulars.apps.accounts.rules import Role
from regulars.apps.orders.operations import take_orders, take_refunds
from regulars.apps.orders.queries import list_sales
from regulars.apps.orders.rules import LineData, OrderData, RefundData
from regulars.kernel.actors import COMMAND
from visitors import NOW, visitor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 23, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))


def one_order() -> int:
    """A sale in Nepalese time, with a refund; its number."""
    line = LineData(
        line="1", product_id="tea", quantity=Decimal("1.5"), amount=Decimal("1234.5678")
    )
    sale = OrderData(
        id="Ä/1?<b>",
        customer_id="7",
        ordered_at=AT,
        currency="EUR",
        amount=Decimal("1234.5678"),
        store=STORES[0],
        lines=(line,),
    )
    back = RefundData(
        id="r1", order_id=sale.id, refunded_at=AT, amount=Decimal("34.50"), lines=("1",)
    )
    take_orders([sale], actor=COMMAND, now=NOW)
    take_refunds([back], actor=COMMAND, now=NOW)
    return list_sales()[0].number


def test_an_order_shows_every_cent_its_currency_and_its_own_time() -> None:
    text = visitor(Role.AGENT).get(f"/orders/{one_order()}").content.decode()
    assert "€1,234.5678" in text
    assert "€34.50" in text
    assert "€1,200.0678" in text
    assert "Mar 1, 2026, 11:30\u202fPM UTC+05:45" in text
    assert "Ä/1?&lt;b&gt;" in text
    assert "<b>" not in text


def test_an_order_is_shown_in_the_readers_language() -> None:
    client = visitor(Role.AGENT)
    number = one_order()
    client.post("/language", {"language": "lt", "next": "/"})
    text = client.get(f"/orders/{number}").content.decode().replace("\xa0", " ")
    assert "1 234,5678 €" in text
    assert "2026-03-01 23:30 UTC+05:45" in text


@pytest.mark.parametrize("path", ["/orders", "/orders/1"])
def test_a_stranger_is_sent_to_the_sign_in(path: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in?next={path}")


def test_an_order_that_is_not_there_is_not_found() -> None:
    assert visitor(Role.OWNER).get("/orders/1").status_code == 404


def test_somebody_limited_to_a_store_sees_its_orders_alone() -> None:
    make_firm(orders=30)
    client = visitor(Role.AGENT, frozenset({STORES[1]}))
    text = client.get("/orders?rows=100").content.decode()
    seen = {row.number for row in list_sales() if f'href="/orders/{row.number}"' in text}
    assert seen == {row.number for row in list_sales() if row.store == STORES[1]}
    assert STORES[0] not in text
    for row in list_sales():
        status = 200 if row.store == STORES[1] else 404
        assert client.get(f"/orders/{row.number}").status_code == status
    saved = b"".join(client.get("/orders?as=csv")).decode()
    assert STORES[0] not in saved
    assert STORES[1] in saved


def test_somebody_limited_to_no_store_sees_no_order() -> None:
    make_firm(orders=3)
    client = visitor(Role.AGENT, frozenset())
    assert "No orders yet" in client.get("/orders").content.decode()
    assert '<span class="figure">0</span>' in client.get("/").content.decode()


def test_the_orders_of_a_customer_are_those_of_all_his_records() -> None:
    from regulars.apps.people.operations import merge_customers  # noqa: PLC0415 - here alone
    from regulars.apps.people.queries import numbers_of  # noqa: PLC0415 - here alone

    make_firm(orders=40, customers=4)
    merge_customers("C-0001", "C-0002", actor=COMMAND, now=NOW)
    both = set(numbers_of(["C-0001", "C-0002"]).values())
    wanted = [row for row in list_sales() if row.customer in both]
    text = visitor(Role.AGENT).get(f"/orders?customer={min(both)}&rows=100").content.decode()
    assert f"{len(wanted)} rows" in text
