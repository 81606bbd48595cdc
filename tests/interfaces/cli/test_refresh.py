"""The store of the command line: made, refreshed, asked, refused."""

import json
from pathlib import Path

from interfaces.conftest import Run

FIRST = "order_id,customer_id,ordered_at,amount\n1,ann,2024-01-01,20\n2,bob,2024-01-20,30\n"
NEXT = "order_id,customer_id,ordered_at,amount\n2,bob,2024-01-20,25\n3,ann,2024-02-08,x\n"


def written(place: Path, text: str) -> Path:
    place.write_text(text, encoding="utf-8")
    return place


def test_a_refresh_says_what_it_did_and_the_store_answers(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "shop.store"
    first = run("refresh", store, written(tmp_path / "first.csv", FIRST))
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        "Orders: 2 new, 0 corrected, 0 known already; rows rejected: 0.",
        "The store now knows 2 orders of 2 customers, from 2024-01-01 to 2024-01-20.",
    ]
    then = run("refresh", store, written(tmp_path / "next.csv", NEXT), "--json")
    done = json.loads(then.stdout)
    assert (done["new"], done["corrected"], done["rejected"]) == (0, 1, 1)
    customers = json.loads(run("rfm", store, "--json").stdout)
    assert [row["monetary"] for row in customers] == [20.0, 25.0]


def test_rows_without_order_ids_need_a_word(run: Run, tmp_path: Path) -> None:
    store = tmp_path / "shop.store"
    orders = written(tmp_path / "till.csv", "customer_id,ordered_at,amount\nann,2024-01-01,20\n")
    refused = run("refresh", store, orders)
    assert refused.exit_code == 2
    assert "order told twice could not be known" in refused.stderr
    assert run("refresh", store, orders, "--append").exit_code == 0


def test_columns_to_split_by_are_kept(run: Run, tmp_path: Path) -> None:
    store, orders = tmp_path / "shop.store", tmp_path / "orders.csv"
    lines = [
        line + (",club" if number == 0 else ",gold") for number, line in enumerate(FIRST.split())
    ]
    written(orders, "\n".join([*lines, "3,ann,2024-02-08,5,gold", "4,bob,2024-03-09,5,gold", ""]))
    assert run("refresh", store, orders, "--keep", "club").exit_code == 0
    answer = run("retention", store, "--by", "club", "--period", "month", "--json")
    assert json.loads(answer.stdout)["segments"][0]["segment"] == "gold"
