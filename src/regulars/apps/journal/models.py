"""Tables of the journal."""

from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from regulars.apps.journal.rules import LONGEST_ADDRESS


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
    """A fact that higher apps may follow, written with the change that it tells of.

    Attributes:
        offered: Whether the deliveries to webhooks that it makes are there. A cursor would pass
            by events whose transactions end late; a mark on each passes by none.
    """

    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    data = models.JSONField()
    offered = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(offered=False), name="event_to_offer")
        ]

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


class Webhook(models.Model):
    """A program of the firm that wants to be told.

    Attributes:
        address: Where it is told.
        wants: Names of events, as it is told them; empty for all.
        paused: Why nothing is sent; empty where something is.
        failing_since: The first failure after the last success.
    """

    class Paused(models.TextChoices):
        """Why nothing is sent."""

        STAFF = "staff"
        GONE = "gone"
        FAILING = "failing"
        SECRET = "secret"  # noqa: S105 - a reason, not a secret

    address = models.CharField(max_length=LONGEST_ADDRESS)
    wants = models.JSONField(default=list)
    paused = models.CharField(max_length=10, choices=Paused, default="")
    paused_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(paused__in=["", "staff", "gone", "failing", "secret"]),
                name="webhook_paused_because",
            ),
            models.CheckConstraint(
                condition=Q(paused="", paused_at__isnull=True)
                | (~Q(paused="") & Q(paused_at__isnull=False)),
                name="webhook_paused_at",
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.address


class WebhookSecret(models.Model):
    """What a webhook's deliveries are signed by, while it lives.

    The secret is not here: it is made of the salt and the installation's own secret.

    Attributes:
        salt: Random.
        hint: The first figures of the secret's hash, by which a changed installation is found out.
        until: When it stops to sign; None for the one that stays.
    """

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="secrets")
    salt = models.CharField(max_length=64)
    hint = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["webhook"],
                condition=Q(until__isnull=True),
                name="webhook_secret_that_stays",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"secret of {self.webhook_id}"


class WebhookDelivery(models.Model):
    """What a webhook is told of an event about one customer, or about none: the queue.

    Attributes:
        customer: The customer's number; what a customer waits for goes in the order of the rows.
        status: The last answer's; None where there was none.
        answer: How the last answer began, or why there was none.
        tried_at: When it was sent last.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    # the unique keys and the index of what is due begin with it
    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    customer = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, default="")
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(default="")
    made_at = models.DateTimeField()
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["webhook", "event", "customer"], name="webhook_told_of_each_once"
            ),
            models.UniqueConstraint(
                fields=["webhook", "event"],
                condition=Q(customer__isnull=True),
                name="webhook_told_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done", "failed"]), name="webhook_delivery_state"
            ),
        ]
        indexes: ClassVar = [
            # of all states: a prepared statement of PostgreSQL does not know that it asks for one
            models.Index(fields=["webhook", "state", "due_at", "id"], name="webhook_delivery_due"),
            models.Index(
                fields=["webhook", "customer", "state", "id"], name="webhook_delivery_before"
            ),
            models.Index(fields=["webhook", "state", "-id"], name="webhook_delivery_listed"),
            models.Index(fields=["customer"], name="webhook_delivery_customer"),
            models.Index(fields=["made_at"], name="webhook_delivery_made"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.event_id} of {self.customer} to {self.webhook_id}: {self.state}"
