"""Tables of the door out: addresses, consents, what is withheld, batches and their deliveries."""

from enum import StrEnum
from typing import ClassVar, override

from django.db import models
from django.db.models import Q

from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose, Scope, Withheld
from regulars.apps.contact.rules.states import EventKind, State

_HASH = 64


def _known(field: str, words: type[StrEnum]) -> Q:
    return Q(**{f"{field}__in": [word.value for word in words]})


class Address(models.Model):
    """A way to reach a customer; several people may share one.

    Attributes:
        value: As it is written to: e-mail in small letters, a number as +37060012345.
        key: A hash of it, by which suppressions and shared addresses are found.
        rank: The smallest is used first.
        verified_at: When somebody showed that what is sent there reaches him.
    """

    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10)
    value = models.CharField(max_length=1000)
    key = models.CharField(max_length=_HASH)
    rank = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "channel", "key"], name="address_once"),
            models.CheckConstraint(condition=_known("channel", Channel), name="address_channel"),
        ]
        indexes: ClassVar = [models.Index(fields=["key"], name="address_by_key")]

    @override
    def __str__(self) -> str:
        return f"{self.channel} of {self.customer_id}"


class Wording(models.Model):
    """What somebody is asked to agree to, word for word; never changed once it was shown."""

    purpose = models.CharField(max_length=12)
    version = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "version", "language"], name="wording_once")
        ]

    @override
    def __str__(self) -> str:
        return f"{self.purpose} {self.version} {self.language}"


class ConsentEvent(models.Model):
    """Somebody said yes or no to a purpose. Only ever added to.

    Attributes:
        address: Where it was asked for, where that is known.
        wording: The version of the words that he agreed to.
        proof: What shows that he did, such as a form, an IP or a scanned page's number.
        at: When he said it.
        recorded_at: When it was written down here.
    """

    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=12)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    basis = models.CharField(max_length=20)
    address = models.ForeignKey(Address, null=True, on_delete=models.SET_NULL, related_name="+")
    wording = models.CharField(max_length=40, default="")
    language = models.CharField(max_length=10, default="")
    proof = models.JSONField(default=dict)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "purpose", "channel", "at", "state"], name="consent_once"
            ),
            models.CheckConstraint(
                condition=_known("purpose", Purpose)
                & _known("channel", Channel)
                & _known("state", Consent)
                & _known("basis", Basis),
                name="consent_words",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.customer_id} {self.state} {self.purpose}"


class Suppression(models.Model):
    """What must not go to an address, known by its hash alone: it outlives every record."""

    key = models.CharField(max_length=_HASH)
    channel = models.CharField(max_length=10)
    scope = models.CharField(max_length=10)
    reason = models.CharField(max_length=12)
    note = models.CharField(max_length=300, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=80, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "scope", "reason"],
                condition=Q(lifted_at__isnull=True),
                name="suppressed_once",
            ),
            models.CheckConstraint(
                condition=_known("scope", Scope) & _known("reason", Withheld),
                name="suppression_words",
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.scope} for {self.reason}"


class Hold(models.Model):
    """Nothing of a class goes to a customer for a while, because of something of a higher app."""

    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    reason = models.CharField(max_length=40)
    source = models.CharField(max_length=80)
    placed_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "kind", "source"],
                condition=Q(released_at__isnull=True),
                name="held_once",
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} of {self.customer_id} held by {self.source}"


class Credit(models.Model):
    """Something of worth was done for a customer: promotions are weighed against it."""

    customer = models.ForeignKey("people.Customer", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()

    @override
    def __str__(self) -> str:
        return f"{self.kind} for {self.customer_id}"


class Turn(models.Model):
    """One row a person: locked while it is decided what he gets; it is his ask slot too.

    Attributes:
        customer: The record that stands for the person.
        asked_until: Until then no survey asks him again.
    """

    customer = models.OneToOneField("people.Customer", on_delete=models.CASCADE, related_name="+")
    asked_until = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"turn of {self.customer_id}"


class Batch(models.Model):
    """What a sender hands over at once: one message, for however many people.

    Attributes:
        sender: The app, as ``feedback``.
        dedupe_key: What the sender calls it, such as ``newsletter:2026-11-22``.
        label: What staff call it.
        channels: The ways that may be used, the first that is open to the recipient.
        content: What is said, by language.
        secret: Its text is emptied as soon as it has gone, and nobody of the staff is shown it.
        version: Counts the changes of the content.
        values: What stands in the text for everybody, such as a link.
    """

    sender = models.CharField(max_length=40)
    dedupe_key = models.CharField(max_length=200)
    label = models.CharField(max_length=200, default="")
    purpose = models.CharField(max_length=12)
    channels = models.JSONField(default=list)
    content = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    secret = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "dedupe_key"], name="batch_once"),
            models.CheckConstraint(condition=_known("purpose", Purpose), name="batch_purpose"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.sender} {self.dedupe_key}"


class Delivery(models.Model):
    """One message to one person: the row is the queue.

    Attributes:
        customer: To whom; None for somebody of the staff, whose address is the destination.
        channel: The way that was taken; empty until it is decided.
        destination: Where it went; empty until it is decided.
        key: The hash of that.
        reason: Why it waits, was skipped or failed.
        detail: More of that, such as what the provider answered.
        due_at: Nobody looks at it before.
        gone_at: When it was, or may have been, handed to the provider.
        ended_at: When it was over.
        values: What stands in this person's text.
    """

    # each is found by the one index that begins with it: every index more is written with every
    # state, and of two that begin with the batch PostgreSQL takes the wrong one for its addresses
    batch = models.ForeignKey(
        Batch, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    customer = models.ForeignKey(
        "people.Customer", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    purpose = models.CharField(max_length=12)
    priority = models.SmallIntegerField()
    state = models.CharField(max_length=10, default=State.PLANNED.value)
    reason = models.CharField(max_length=20, default="")
    detail = models.CharField(max_length=500, default="")
    channel = models.CharField(max_length=10, default="")
    destination = models.CharField(max_length=1000, default="")
    key = models.CharField(max_length=_HASH, default="")
    language = models.CharField(max_length=10, default="")
    values = models.JSONField(null=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=32, default="")
    leased_until = models.DateTimeField(null=True)
    transport = models.CharField(max_length=40, default="")
    provider_id = models.CharField(max_length=200, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "batch"], name="delivered_once"),
            models.CheckConstraint(condition=_known("state", State), name="delivery_state"),
            models.CheckConstraint(condition=_known("purpose", Purpose), name="delivery_purpose"),
        ]
        # whole ones: a statement that PostgreSQL keeps cannot use those of a single state
        indexes: ClassVar = [
            models.Index(fields=["state", "-priority", "id"], name="delivery_due"),
            models.Index(
                fields=["leased_until"],
                condition=Q(leased_until__isnull=False),
                name="delivery_leased",
            ),
            models.Index(
                fields=["lease"],
                condition=Q(leased_until__isnull=False),
                name="delivery_lease",
            ),
            models.Index(fields=["batch", "key"], name="delivery_to_address"),
            models.Index(
                fields=["provider_id"],
                condition=Q(gone_at__isnull=False),
                name="delivery_at_provider",
            ),
            models.Index(fields=["state", "-id"], name="delivery_by_state"),
            models.Index(
                fields=["gone_at"], condition=Q(gone_at__isnull=False), name="delivery_gone"
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"delivery {self.pk}: {self.state}"


class DeliveryEvent(models.Model):
    """What a provider told of a delivery afterwards. Only ever added to.

    Attributes:
        delivery: Of which; None where the provider named a message that is not known.
        key: The hash of the address that it named.
        at: When it happened, by the provider's clock.
    """

    delivery = models.ForeignKey(
        Delivery, null=True, on_delete=models.CASCADE, related_name="events"
    )
    provider = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=_HASH, default="")
    detail = models.CharField(max_length=500, default="")
    at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="provider_told_once"),
            models.CheckConstraint(condition=_known("kind", EventKind), name="event_kind"),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.kind} of {self.delivery_id}"


class Template(models.Model):
    """A text that staff wrote for messages of one purpose."""

    name = models.CharField(max_length=100, unique=True)
    purpose = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_known("purpose", Purpose), name="template_purpose")
        ]

    @override
    def __str__(self) -> str:
        return self.name


class TemplateText(models.Model):
    """A template in one language; a change is a new version."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=300)
    preheader = models.CharField(max_length=300, default="")
    body = models.TextField()
    short = models.TextField(default="")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["template", "language", "version"], name="template_text_once"
            )
        ]

    @override
    def __str__(self) -> str:
        return f"{self.template_id} {self.language} {self.version}"


class Policy(models.Model):
    """How the firm writes: one row; what it does not say is as the rules say."""

    told = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="one_policy")]

    @override
    def __str__(self) -> str:
        return "policy"
