"""Reads: deliveries that ended long ago."""

from datetime import datetime

from django.db.models import QuerySet

from regulars.apps.contact.models import Delivery


def old_letters(before: datetime) -> QuerySet[Delivery]:
    """Deliveries to staff that were over before an instant."""
    return Delivery.objects.filter(customer__isnull=True, ended_at__lt=before)


def count_letters(before: datetime) -> int:
    """How many deliveries to staff were over before an instant."""
    return old_letters(before).count()


def old_messages(before: datetime) -> QuerySet[Delivery]:
    """Deliveries to customers that were over before an instant."""
    return Delivery.objects.filter(customer__isnull=False, ended_at__lt=before)


def count_messages(before: datetime) -> int:
    """How many deliveries to customers were over before an instant."""
    return old_messages(before).count()
