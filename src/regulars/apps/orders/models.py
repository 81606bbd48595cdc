"""Tables of what was sold, to whom, and what came back."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

ID = 200
"""The longest id of a caller."""


DIGITS, PLACES = 18, 4
"""Of an amount: four places hold every currency's smallest coin."""


class Product(models.Model):
    """A thing that is sold."""

    external_id = models.CharField(max_length=ID, unique=True)
    name = models.CharField(max_length=300, default="")
    category = models.CharField(max_length=200, default="")
    changed_at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return self.name or self.external_id


class Order(models.Model):
    """A sale."""

    external_id = models.CharField(max_length=ID, unique=True)
    customer = models.ForeignKey(
        "people.Customer",
        null=True,
        on_delete=models.PROTECT,
        related_name="orders",
        db_index=False,
    )
    ordered_at = models.DateTimeField()
    utc_offset = models.SmallIntegerField()
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    channel = models.CharField(max_length=100, default="")
    store = models.CharField(max_length=100, default="")
    fingerprint = models.CharField(max_length=64)
    changed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-ordered_at"], name="order_customer"),
            models.Index(fields=["customer", "store"], name="order_customer_store"),
            models.Index(fields=["-ordered_at", "-id"], name="order_time"),
            models.Index(fields=["store", "-ordered_at", "-id"], name="order_store"),
            models.Index(fields=["channel", "-ordered_at", "-id"], name="order_channel"),
            models.Index(fields=["currency", "amount", "id"], name="order_amount_sorted"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="order_amount"),
            models.CheckConstraint(
                condition=Q(utc_offset__range=(-14 * 60, 14 * 60)), name="order_offset"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.external_id


class Line(models.Model):
    """A product within an order."""

    # the unique key begins with it
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    line = models.CharField(max_length=60)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lines")
    category = models.CharField(max_length=200, default="")
    quantity = models.DecimalField(max_digits=14, decimal_places=3)
    amount = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    unit_cost = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "line"], name="line_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.order_id}/{self.line}"


class Refund(models.Model):
    """Money that went back. It may be known before its order is."""

    external_id = models.CharField(max_length=ID, unique=True)
    order_external_id = models.CharField(max_length=ID, db_index=True)
    refunded_at = models.DateTimeField()
    utc_offset = models.SmallIntegerField()
    amount = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    lines = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount")
        ]

    @override
    def __str__(self) -> str:
        return self.external_id


class Subscription(models.Model):
    """A customer who pays by the period until he ends it."""

    external_id = models.CharField(max_length=ID, unique=True)
    customer = models.ForeignKey(
        "people.Customer", on_delete=models.PROTECT, related_name="subscriptions"
    )
    plan = models.CharField(max_length=200, default="")
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    every = models.CharField(max_length=10)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=models.F("started_on")),
                name="subscription_span",
            ),
            models.CheckConstraint(
                condition=Q(every__in=["week", "month", "quarter", "year"]),
                name="subscription_every",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.external_id


class Cost(models.Model):
    """What the firm spent in a span to win or to keep customers."""

    external_id = models.CharField(max_length=ID, unique=True)
    kind = models.CharField(max_length=20)
    from_on = models.DateField()
    to_on = models.DateField()
    currency = models.CharField(max_length=3)
    amount = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["acquire", "keep"]), name="cost_kind"),
            models.CheckConstraint(condition=Q(to_on__gte=models.F("from_on")), name="cost_span"),
        ]

    @override
    def __str__(self) -> str:
        return self.external_id
