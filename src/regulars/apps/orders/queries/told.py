"""What programs are told of orders: their ids, and whose they are."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Model, QuerySet

from regulars.apps.journal.webhooks.registry import Facts, Part
from regulars.apps.orders.models import Cost, Order, Product, Refund, Subscription
from regulars.apps.people.queries import tell_customers


def customers_of_orders(data: Facts) -> list[int | None]:
    """Whose the orders are that some news is of."""
    return list(_orders(data).order_by().values_list("customer_id", flat=True).distinct())


def tell_orders(parts: Sequence[Part]) -> list[Facts]:
    """Of each part, whose orders it is about, and their ids."""
    told = [
        list(
            _orders(part.data).filter(customer=part.customer).values_list("external_id", flat=True)
        )
        for part in parts
    ]
    return _beside(parts, "orders", told)


def _orders(data: Facts) -> QuerySet[Order]:
    at = datetime.fromisoformat(data["at"])
    return Order.objects.filter(pk__range=(data["first"], data["last"]), changed_at=at).order_by(
        "pk"
    )


def customers_of_refunds(data: Facts) -> list[int | None]:
    """Whose orders the money of some news went back for; nobody's, where they are not known."""
    return list(dict.fromkeys(customer for _, customer in _refunds(data["refunds"])))


def tell_refunds(parts: Sequence[Part]) -> list[Facts]:
    """Of each part, whose refunds it is about, and their ids and their orders'."""
    known = _refunds({number for part in parts for number in part.data["refunds"]})
    told = [
        [
            {"id": refund.external_id, "order_id": refund.order_external_id}
            for refund, customer in known
            if customer == part.customer and refund.pk in part.data["refunds"]
        ]
        for part in parts
    ]
    return _beside(parts, "refunds", told)


def _refunds(numbers: Iterable[int]) -> list[tuple[Refund, int | None]]:
    found = list(Refund.objects.filter(pk__in=list(numbers)).order_by("pk"))
    orders = Order.objects.filter(external_id__in={it.order_external_id for it in found})
    customers = dict(orders.values_list("external_id", "customer_id"))
    return [(refund, customers.get(refund.order_external_id)) for refund in found]


def customers_of_subscriptions(data: Facts) -> list[int | None]:
    """Whose the subscriptions are that some news is of."""
    rows = Subscription.objects.filter(pk__in=data["subscriptions"]).order_by()
    return list(rows.values_list("customer_id", flat=True).distinct())


def tell_subscriptions(parts: Sequence[Part]) -> list[Facts]:
    """Of each part, whose subscriptions it is about, and their ids."""
    told = [
        list(
            Subscription.objects.filter(pk__in=part.data["subscriptions"], customer=part.customer)
            .order_by("pk")
            .values_list("external_id", flat=True)
        )
        for part in parts
    ]
    return _beside(parts, "subscriptions", told)


def tell_products(parts: Sequence[Part]) -> list[Facts]:
    """Of each part, the ids of its products."""
    return [{"products": _ids(Product, part.data["products"])} for part in parts]


def tell_costs(parts: Sequence[Part]) -> list[Facts]:
    """Of each part, the ids of its costs."""
    return [{"costs": _ids(Cost, part.data["costs"])} for part in parts]


def _ids(model: type[Model], numbers: Sequence[int]) -> list[str]:
    rows = model._default_manager.filter(pk__in=numbers).order_by("pk")
    return list(rows.values_list("external_id", flat=True))


def _beside(parts: Sequence[Part], name: str, told: Sequence[object]) -> list[Facts]:
    customers = tell_customers(parts)
    return [{**facts, name: one} for facts, one in zip(customers, told, strict=True)]
