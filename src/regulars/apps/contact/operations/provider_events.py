"""Writes: what providers tell of messages afterwards. Late, doubled and out of order alike."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from regulars.apps.contact.events import DeliveriesEnded
from regulars.apps.contact.models import Batch, Delivery, DeliveryEvent, Suppression
from regulars.apps.contact.operations.consents import ConsentData, record_consents
from regulars.apps.contact.operations.kinds import CONSENTS
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.addresses import address_key, read_address
from regulars.apps.contact.rules.message_ids import find_number
from regulars.apps.contact.rules.provider_events import LOOKS, WITHHELD, ProviderEvent, detail
from regulars.apps.contact.rules.purposes import (
    Channel,
    Consent,
    Purpose,
    Scope,
    Withheld,
)
from regulars.apps.contact.rules.states import EventKind, Reason, State
from regulars.apps.journal.operations import Line, announce, record_all
from regulars.apps.journal.tables import take_turns
from regulars.apps.people.operations import lock_living
from regulars.kernel.actors import WORKER
from regulars.kernel.errors import InputError

_AT_ONCE = 1_000
_UNDECIDED = Q(state__in=[State.SENDING, State.UNCERTAIN])
# it was tried and nobody knew: it is not sent once more where the provider says that it has it
_TO_BE_REPEATED = Q(state=State.PLANNED, reason__in=[Reason.RETRY, Reason.WORKER_DIED])


@dataclass(frozen=True, slots=True)
class _Told:
    """An event and of what it tells.

    Attributes:
        delivery: The delivery; None where the message is not known.
        key: The hash of the address; empty where neither is known.
    """

    event: ProviderEvent
    delivery: Delivery | None
    key: str

    @property
    def is_of_staff(self) -> bool:
        """Whether the message went to somebody who works here."""
        return self.delivery is not None and self.delivery.customer_id is None


def take_events(events: Sequence[ProviderEvent], *, now: datetime) -> int:
    """Write down what a provider tells, and do what follows; what is known stays as it is.

    A delivery of which nobody knew whether it went is sent, a hard bounce and a complaint
    suppress the address, and who unsubscribes at the provider wants no more of that purpose.

    Args:
        events: What it tells.
        now: The time.

    Returns:
        How many events were new; those that are not kept are not counted.
    """
    with transaction.atomic():
        take_turns("provider events")
        return sum(_take(some, now) for some in batched(events, _AT_ONCE))


def _take(events: Iterable[ProviderEvent], now: datetime) -> int:
    new = _new(events)
    policy = get_policy()
    told = _found(new, policy.country)
    looks = frozenset() if policy.records_opens else LOOKS
    kept = [one for one in told if one.event.kind not in looks | {None}]
    DeliveryEvent.objects.bulk_create(_row(one, now) for one in kept)
    _withdraw(told, now)
    _settle(told, now)
    _suppress(told, now)
    return len(kept)


def _new(events: Iterable[ProviderEvent]) -> Sequence[ProviderEvent]:
    by_name = {(it.provider, it.event_id): it for it in events}
    known = DeliveryEvent.objects.filter(
        provider__in={provider for provider, _ in by_name},
        event_id__in=[name for _, name in by_name],
    )
    for name in known.values_list("provider", "event_id"):
        by_name.pop(name, None)
    return list(by_name.values())


def _found(events: Sequence[ProviderEvent], country: str) -> Sequence[_Told]:
    """Events with their deliveries: by our Message-ID, by the number, by the provider's id."""
    numbers = [_number(it) for it in events]
    by_number = Delivery.objects.in_bulk([it for it in numbers if it is not None])
    ids = {it.provider_id for it in events if it.provider_id}
    named = Delivery.objects.filter(provider_id__in=ids, gone_at__isnull=False).order_by("pk")
    by_id = {(row.transport, row.provider_id): row for row in named}
    told = []
    for event, number in zip(events, numbers, strict=True):
        key = _key(event, country)
        row = by_number.get(number or 0)
        # another installation may send through the same account, and counts its own deliveries
        if row is None or (key and row.key not in {"", key}):
            row = by_id.get((event.provider, event.provider_id))
        told.append(_Told(event, row, key if row is None else row.key or key))
    return told


def _number(event: ProviderEvent) -> int | None:
    ours = find_number(event.message_id, settings.SECRET_KEY) if event.message_id else None
    return event.delivery if ours is None else ours


def _key(event: ProviderEvent, country: str) -> str:
    """The hash of the address that is named; empty where it names none."""
    try:
        return address_key(event.channel, read_address(event.channel, event.address, country))
    except InputError:
        return ""


def _row(told: _Told, now: datetime) -> DeliveryEvent:
    event = told.event
    assert event.kind is not None  # noqa: S101 - only those are kept
    return DeliveryEvent(
        delivery=told.delivery,
        provider=event.provider,
        event_id=event.event_id,
        kind=event.kind.value,
        key=told.key,
        detail=detail(event.detail),
        at=event.at,
        received_at=now,
    )


def _settle(told: Iterable[_Told], now: datetime) -> None:
    """Say of deliveries that nobody was sure of whether they went."""
    went, refused = set[int](), dict[int, str]()
    for one in told:
        if one.delivery is None:
            continue
        if one.event.kind is EventKind.REJECTED:
            refused[one.delivery.pk] = detail(one.event.detail)
        else:
            went.add(one.delivery.pk)
    sure = _locked(went, _UNDECIDED | _TO_BE_REPEATED)
    Delivery.objects.filter(pk__in=sure).update(
        state=State.SENT,
        reason="",
        leased_until=None,
        gone_at=Coalesce("gone_at", now),
        ended_at=now,
    )
    failed = _locked(refused.keys() - went, _UNDECIDED)
    for number in failed:
        Delivery.objects.filter(pk=number).update(
            state=State.FAILED,
            reason=Reason.REFUSED,
            detail=refused[number],
            leased_until=None,
            ended_at=now,
        )
    if ended := sorted({*sure, *failed}):
        secret = Batch.objects.filter(secret=True, deliveries__in=ended)
        secret.update(content={}, values={})
        announce(DeliveriesEnded(tuple(ended)), now)


def _locked(numbers: Collection[int], wanted: Q) -> list[int]:
    rows = Delivery.objects.filter(wanted, pk__in=numbers).order_by("pk")
    return list(rows.select_for_update().values_list("pk", flat=True))


def _suppress(told: Iterable[_Told], now: datetime) -> None:
    """Let no more go where there is nobody, or somebody who complains."""
    wanted: dict[tuple[str, Scope, Withheld], _Told] = {}
    for one in told:
        for scope, reason in _withheld(one):
            wanted.setdefault((one.key, scope, reason), one)
    for known in _known(wanted):
        wanted.pop(known, None)
    lifted = _lifted({key for key, _, _ in wanted})
    late = [it for it, one in wanted.items() if one.event.at < lifted.get(it, one.event.at)]
    for it in late:  # somebody showed since that the address is well
        del wanted[it]
    rows = [
        Suppression(
            key=key,
            channel=one.event.channel.value,
            scope=scope.value,
            reason=reason.value,
            at=now,
            by=f"provider:{one.event.provider}",
        )
        for (key, scope, reason), one in wanted.items()
    ]
    # staff may suppress the same address meanwhile
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)
    record_all(WORKER, (_line(it, one) for it, one in wanted.items()), now)


def _withheld(told: _Told) -> Iterable[tuple[Scope, Withheld]]:
    kind = told.event.kind
    if not told.key or told.is_of_staff or kind is None:
        return ()
    if kind is EventKind.UNSUBSCRIBED and told.delivery is None:
        return ((Scope.PROMOTION, Withheld.MANUAL),)
    if kind not in WITHHELD:
        return ()
    reason, scopes = WITHHELD[kind]
    return ((scope, reason) for scope in scopes)


type _What = tuple[str, Scope, Withheld]


def _known(wanted: Iterable[_What]) -> Sequence[_What]:
    """Those that are in force already."""
    rows = Suppression.objects.filter(key__in={key for key, _, _ in wanted}, lifted_at=None)
    return [
        (key, Scope(scope), Withheld(reason))
        for key, scope, reason in rows.values_list("key", "scope", "reason")
    ]


def _lifted(keys: Iterable[str]) -> Mapping[_What, datetime]:
    """When which were lifted last."""
    rows = Suppression.objects.filter(key__in=keys, lifted_at__isnull=False).order_by("lifted_at")
    return {
        (key, Scope(scope), Withheld(reason)): at
        for key, scope, reason, at in rows.values_list("key", "scope", "reason", "lifted_at")
        if at is not None
    }


def _line(what: _What, told: _Told) -> Line:
    _, scope, reason = what
    data = {
        "scope": scope.value,
        "reason": reason.value,
        "channel": told.event.channel.value,
        "provider": told.event.provider,
    }
    if told.delivery is None:
        return Line("suppressed an address", f"provider:{told.event.provider}", data)
    data["delivery"] = str(told.delivery.pk)
    return Line("suppressed an address", f"customer:{told.delivery.customer_id}", data)


def _withdraw(told: Iterable[_Told], now: datetime) -> None:
    """Keep that somebody said no at the provider, to the purpose of what he was sent."""
    said = [it for one in told if (it := _no(one, now)) is not None]
    if not said:
        return
    take_turns(CONSENTS.name)  # before the customers, as whoever else records consents does
    living = lock_living(one.customer for one in said)
    record_consents([it for it in said if it.customer in living], actor=WORKER, now=now)


def _no(told: _Told, now: datetime) -> ConsentData | None:
    row = told.delivery
    if row is None or row.customer_id is None or told.event.kind is not EventKind.UNSUBSCRIBED:
        return None
    if row.purpose == Purpose.SERVICE:  # nobody is asked for those
        return None
    return ConsentData(
        customer=row.customer_id,
        purpose=Purpose(row.purpose),
        channel=Channel(row.channel or Channel.EMAIL),
        state=Consent.WITHDRAWN,
        at=min(told.event.at, now),
        language=row.language,
        proof={"provider": told.event.provider, "event": told.event.event_id},
    )
