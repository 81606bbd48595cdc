"""Write the golden answers about customers and baskets.

Run it as ``python tests/oracles/golden_customers.py``. Everything comes from the raw files through
the slow oracles, nothing from the product.
"""

import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from oracles import basket, concentration, raw, repeat, rfm
from oracles.retention import Purchase

GOLDEN = Path(__file__).parents[1] / "golden"
STAGES = (1, 2, 3, 4, 5, 7, 10, 15, 25, 50)
NEXT_AMONG = 8


def about_customers(purchases: list[Purchase]) -> dict[str, object]:
    """Repeat purchases, scores and concentration, with everybody followed from the first day."""
    as_of = max(day for _, day, _ in purchases)
    days = repeat.purchase_days(purchases)
    gap = repeat.percentile(repeat.gaps(days), 90)
    assert gap is not None
    bought = repeat.default_purchases(days, gap, as_of)
    scores = rfm.rfm(purchases, as_of, gap)
    amounts = concentration.revenue_by_customer(purchases)
    times = [repeat.waits(days, number, as_of) for number in range(1, 11)]
    return {
        "repeat": {
            "reached": [sum(len(own) >= k for own in days.values()) for k in range(1, 11)],
            "median_gap_days": repeat.percentile(repeat.gaps(days), 50),
            "rule": [bought, gap],
            "medians": [repeat.median(waited) for waited in times],
            "second_within_gap": 1 - within(times[0], gap),
            "ever": sum(repeat.was_regular(own, bought, gap) for own in days.values()),
            "now": sum(repeat.is_regular(own, bought, gap, as_of) for own in days.values()),
        },
        "rfm": {
            "scores": dict(
                sorted(Counter(f"{s['r']}{s['f']}{s['m']} {s['segment']}" for s in scores).items())
            ),
            "first": scores[:20],
        },
        "concentration": {
            "customers": len(amounts),
            "revenue": float(sum(amounts)),
            "gini": float(concentration.gini(amounts)),
            "top_share": {
                str(p): float(concentration.top_share(amounts, p)) for p in (1, 5, 10, 20)
            },
            "customers_for_80_percent": concentration.customers_for(amounts, 80),
        },
    }


def within(waited: repeat.Waits, gap: int) -> float:
    """The share still waiting after the gap."""
    return float([share for day, share in repeat.kaplan_meier(waited).items() if day <= gap][-1])


def about_baskets(journey: raw.Journey) -> dict[str, object]:
    """Pairs of categories, and what comes next among the most frequent ones."""
    least = -(-len(journey.contents) // 1000)
    counts = Counter(item for held in journey.contents.values() for item in held)
    names = sorted(counts, key=lambda item: (-counts[item], item))[:NEXT_AMONG]
    histories = basket.histories_of(repeat.purchase_days(journey.purchases), journey.bought)
    stage_of = {number: sum(number > edge for edge in STAGES) for number in range(1, 400)}
    pairs = basket.pairs(journey.contents, least)
    nexts = basket.next_items(histories, names, stage_of)
    return {
        "orders": len(journey.contents),
        "items": len(counts),
        "min_orders": least,
        "pairs_found": len(pairs),
        "pairs": [
            [*pair, *pairs[pair]] for pair in sorted(pairs, key=lambda p: -pairs[p][0])[:30]
        ],
        "next": [[*pair, took, of, float(e)] for pair, (took, of, e) in sorted(nexts.items())],
    }


def main() -> None:
    """Write one file a data set."""
    journey = raw.journey()
    answers = {
        "cdnow-sample-customers": about_customers(raw.cdnow()),
        "complete-journey-customers": about_customers(journey.purchases),
        "complete-journey-baskets": about_baskets(journey),
    }
    GOLDEN.mkdir(exist_ok=True)
    for name, answer in answers.items():
        text = json.dumps(answer, indent=1, ensure_ascii=False) + "\n"
        (GOLDEN / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
