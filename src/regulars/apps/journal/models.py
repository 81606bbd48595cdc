"""Tables of the journal."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q


class Entry(models.Model):
    """Somebody did or saw something. Only ever added to."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "-id"], name="entry_subject"),
            models.Index(fields=["-at"], name="entry_at"),
            models.Index(fields=["actor", "-id"], name="entry_actor"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.actor} {self.verb} {self.subject}"


class Event(models.Model):
    """A fact that higher apps may follow, written with the change that it tells of."""

    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    data = models.JSONField()

    @override
    def __str__(self) -> str:
        return f"{self.name} {self.pk}"


class Handling(models.Model):
    """A follower's work on an event: the row is the queue."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    follower = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, default="")
    reason = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "follower"], name="handled_once"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "failed"]), name="handling_state"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at", "id"], condition=Q(state="waiting"), name="handling_due"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.follower} of {self.event_id}: {self.state}"


class Answer(models.Model):
    """What a write was answered, so that the same request gets the same answer."""

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "key"], name="answered_once")
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="answer_at")]

    @override
    def __str__(self) -> str:
        return f"{self.actor} {self.key}: {self.status}"


class Written(models.Model):
    """A record that a run of imports wrote: what it takes to undo the run.

    Attributes:
        run: The run's id.
        kind: The record's table, as ``orders.order``.
        number: Its primary key.
        at: When the run wrote it: the record's ``changed_at`` for as long as nobody else does.
        before: What the run replaced; None where it made the record.
        left: The run was undone, but not here: somebody had changed the record since.
    """

    pk = models.CompositePrimaryKey("run", "kind", "number")
    run = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    before = models.JSONField(null=True)
    left = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind", "number"], condition=Q(left=True), name="written_left"),
            models.Index(fields=["at"], name="written_at"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.number} by {self.run}"
