"""Tables of customers and of the ids that they are known by."""

from typing import ClassVar, override

from django.db import models
from django.db.models import F, Q

from regulars.apps.people.rules import LONGEST_NAME, LONGEST_SOURCE, LONGEST_WORD, AttributeKind

_BEGINS = "varchar_pattern_ops"
"""Of PostgreSQL: without it an index does not find what begins with a text."""


class Customer(models.Model):
    """A person or a firm that buys. Names may be empty: an order came first.

    Attributes:
        greetings: How he is greeted where his name is not bent as rules do, by language.
    """

    name = models.CharField(max_length=LONGEST_NAME, default="")
    search = models.TextField(default="")
    name_key = models.CharField(max_length=LONGEST_NAME, default="")
    language = models.CharField(max_length=10, default="")
    time_zone = models.CharField(max_length=64, default="")
    birth_year = models.PositiveSmallIntegerField(null=True)
    birth_month = models.PositiveSmallIntegerField(null=True)
    birth_day = models.PositiveSmallIntegerField(null=True)
    attributes = models.JSONField(default=dict)
    greetings = models.JSONField(default=dict)
    contact_person = models.ForeignKey(
        "accounts.Staff", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    substitute = models.ForeignKey(
        "accounts.Staff", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_stub = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True, birth_day__isnull=True)
                | Q(birth_month__range=(1, 12), birth_day__range=(1, 31)),
                name="birthday_whole",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(name="", search="", name_key="", birth_month__isnull=True),
                name="erased_is_empty",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["search", "id"], name="customer_by_name"),
            models.Index(fields=["made_at", "id"], name="customer_by_made"),
            models.Index(fields=["changed_at", "id"], name="customer_by_changed"),
            models.Index(
                fields=["birth_month", "birth_day", "name_key", "id"],
                condition=Q(birth_month__isnull=False) & ~Q(name_key=""),
                name="customer_alike",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"customer {self.pk}"


class NameWord(models.Model):
    """A word that a customer is found by, as it is looked for."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="words")
    word = models.CharField(max_length=LONGEST_WORD)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["word"], name="name_word_begins", opclasses=[_BEGINS])
        ]

    @override
    def __str__(self) -> str:
        return f"word of {self.customer_id}"


class Identity(models.Model):
    """An id that a source knows a customer by."""

    source = models.CharField(max_length=LONGEST_SOURCE)
    external_id = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="identity_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["external_id"], name="identity_begins", opclasses=[_BEGINS])
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


class Dismissal(models.Model):
    """Somebody looked at two records alike and said that they are two people."""

    first = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="dismissed_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="dismissed_in_order"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class Note(models.Model):
    """What somebody of the staff wrote about a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    author = models.CharField(max_length=80)
    text = models.TextField()
    at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"note {self.pk}"


class AttributeDefinition(models.Model):
    """An attribute that the firm declared; values of it are checked."""

    name = models.CharField(max_length=60, unique=True)
    label = models.CharField(max_length=100)
    kind = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in AttributeKind]), name="attribute_kind"
            )
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Erasure(models.Model):
    """A record that was erased, so that a restore of an older backup erases it again.

    A number alone could be somebody else's after a restore; with the instant at which the record
    was made it is nobody else's.
    """

    number = models.BigIntegerField()
    made_at = models.DateTimeField()
    erased_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "made_at"], name="erased_once")
        ]

    @override
    def __str__(self) -> str:
        return f"erased {self.number}"
