"""Tables of customers and of the ids that they are known by."""

from typing import ClassVar, override

from django.db import models
from django.db.models import F, Q


class Customer(models.Model):
    """A person or a firm that buys. Names may be empty: an order came first."""

    name = models.CharField(max_length=300, default="")
    search = models.TextField(default="")
    language = models.CharField(max_length=10, default="")
    time_zone = models.CharField(max_length=64, default="")
    birth_year = models.PositiveSmallIntegerField(null=True)
    birth_month = models.PositiveSmallIntegerField(null=True)
    birth_day = models.PositiveSmallIntegerField(null=True)
    attributes = models.JSONField(default=dict)
    contact_person = models.ForeignKey(
        "accounts.Staff", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    substitute = models.ForeignKey(
        "accounts.Staff", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_stub = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True, birth_day__isnull=True)
                | Q(birth_month__range=(1, 12), birth_day__range=(1, 31)),
                name="birthday_whole",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"customer {self.pk}"


class Identity(models.Model):
    """An id that a source knows a customer by."""

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="identity_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"


class Alias(models.Model):
    """Two records are one person. Facts stay where they are; undoing brings both back."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="aliases")
    canonical = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="merged")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer"], condition=Q(undone_at__isnull=True), name="alias_once"
            ),
            models.CheckConstraint(condition=~Q(customer=F("canonical")), name="alias_of_another"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.customer_id} is {self.canonical_id}"


class Note(models.Model):
    """What somebody of the staff wrote about a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    author = models.CharField(max_length=80)
    text = models.TextField()
    at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return f"note {self.pk}"
