"""Tables of imports: each run, and the sources that are watched."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from regulars.apps.intake.rules import Aim, Kind, State


def _one_of(name: str, words: type[Kind | State | Aim]) -> Q:
    return Q((f"{name}__in", [word.value for word in words]))


class Connection(models.Model):
    """A table of a database that is read again and again."""

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20)
    url = models.CharField(max_length=1000)
    how = models.JSONField(default=dict)
    minutes = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    due_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_one_of("kind", Kind), name="connection_kind"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="connection_minutes"),
        ]

    @override
    def __str__(self) -> str:
        return self.name


class Run(models.Model):
    """One import of one source: the row is the queue.

    ``position`` counts the batches that are in; ``lease`` names the worker at it.
    """

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=State.WAITING.value)
    aim = models.CharField(max_length=10)
    name = models.CharField(max_length=300)
    source = models.CharField(max_length=1000)
    digest = models.CharField(max_length=64, default="")
    size = models.BigIntegerField(default=0)
    how = models.JSONField(default=dict)
    connection = models.ForeignKey(
        Connection, null=True, on_delete=models.SET_NULL, related_name="runs"
    )
    actor = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    findings = models.JSONField(default=dict)
    reason = models.JSONField(default=dict)
    read = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    batches = models.PositiveIntegerField(null=True)
    position = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    lease = models.CharField(max_length=32, default="")
    leased_until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_one_of("kind", Kind), name="run_kind"),
            models.CheckConstraint(condition=_one_of("state", State), name="run_state"),
            models.CheckConstraint(condition=_one_of("aim", Aim), name="run_aim"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=Q(state__in=["waiting", "running"]), name="run_open"
            ),
            models.Index(fields=["digest"], name="run_digest"),
        ]

    @override
    def __str__(self) -> str:
        return f"import {self.pk} of {self.kind}: {self.state}"
