"""Tables of the firm's own settings."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from regulars.apps.firm.rules import Weekday


class Company(models.Model):
    """The firm itself: one row, or none yet."""

    name = models.CharField(max_length=200)
    address = models.TextField()
    currency = models.CharField(max_length=3)
    time_zone = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    week_start = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(pk=1), name="one_company"),
            models.CheckConstraint(
                condition=Q(week_start__in=[day.value for day in Weekday]), name="week_start"
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Retention(models.Model):
    """How many days something is kept; null for ever."""

    kind = models.CharField(max_length=40, unique=True)
    days = models.PositiveIntegerField(null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__gte=1), name="retention_days"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind}: {self.days}"
