"""Writes: what is due goes out, and what became of it is written down."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from regulars.apps.contact.events import DeliveriesEnded
from regulars.apps.contact.models import Delivery, Suppression
from regulars.apps.contact.operations.claiming import (
    claim,
    claim_urgent,
    hand_back,
    take_over,
)
from regulars.apps.contact.operations.composing import Composer
from regulars.apps.contact.operations.emptying import empty_secrets
from regulars.apps.contact.operations.fates import Fate, Kept, Unwritable, fared, is_try
from regulars.apps.contact.operations.gating import Gated, Ready, pass_gate
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.arriving import LEASE
from regulars.apps.contact.rules.purposes import Channel, Purpose, Scope, Withheld
from regulars.apps.contact.rules.states import GONE, State
from regulars.apps.contact.texts import TextError
from regulars.apps.contact.transports.outgoing import (
    Down,
    Outcome,
    Outgoing,
    Refused,
    Transport,
    Unsure,
)
from regulars.apps.firm.queries import get_company
from regulars.apps.journal.operations import announce
from regulars.apps.journal.tables import Value, instant, replace
from regulars.kernel.actors import WORKER

CLAIMED_AT_ONCE = 200
_LONGEST, _LONGEST_ID = 500, 200
_UNDECIDED = (State.SENDING, State.UNCERTAIN, State.PLANNED)

type Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How messages leave.

    Attributes:
        transports: What takes them out, by channel.
        sender: The address that mails are from where the policy names none.
        secret: Signs message ids.
    """

    transports: Mapping[Channel, Transport]
    sender: str
    secret: str


def send_due(ways: Ways, clock: Clock, most: int = CLAIMED_AT_ONCE) -> int:
    """Send what is due, the most important first, and write down what became of it.

    Each part is decided and committed as ``sending`` before it leaves and written down at once
    afterwards, so that of no more than that is not known whether it went when the process dies.

    Args:
        ways: How messages leave.
        clock: Tells the time.
        most: So many are taken up at most.

    Returns:
        How many were taken up, or taken over from a dead worker.
    """
    left = take_over(clock())
    lease = secrets.token_hex(16)
    claimed = claim(lease, now=clock(), most=most)
    if claimed:
        try:
            claimed += _send_claimed(lease, ways, clock)
        finally:
            hand_back(lease)
    return claimed + left


def _send_claimed(lease: str, ways: Ways, clock: Clock) -> int:
    """Send what is claimed, and before the rest what cannot wait; return how much came by then."""
    policy, firm = get_policy(), get_company()
    composer = Composer(policy, firm, sender=ways.sender, secret=ways.secret)
    at_once = min(transport.at_once for transport in ways.transports.values())
    until, urgent = clock() + LEASE / 2, 0
    while (now := clock()) < until:
        urgent += claim_urgent(lease, now=now, most=at_once)
        gated: Gated = pass_gate(lease, policy, firm, now=now, most=at_once)
        if not gated.decided:
            break
        fates = list(_send(gated.ready, composer, ways, clock))
        _write_down(lease, fates, ways, clock())
    return urgent


def _send(
    ready: Sequence[Ready], composer: Composer, ways: Ways, clock: Clock
) -> Iterator[tuple[Ready, Fate]]:
    """Hand messages over, and tell what became of each."""
    by_channel: dict[Channel, list[tuple[Ready, Outgoing]]] = defaultdict(list)
    for one in ready:
        made = _composed(one, composer)
        if isinstance(made, Unwritable):
            yield one, made
        else:
            by_channel[one.way.channel].append((one, made))
    until = clock() + LEASE / 2
    for channel, messages in by_channel.items():
        outcomes = ways.transports[channel].send([outgoing for _, outgoing in messages])
        yield from _handed_over([one for one, _ in messages], outcomes, until, clock)


def _composed(one: Ready, composer: Composer) -> Outgoing | Unwritable:
    try:
        return composer.compose(one)
    except TextError as error:
        return Unwritable(str(error))
    except Exception as error:  # noqa: BLE001 - one that cannot be written stops no other
        return Unwritable(f"{type(error).__name__}: {error}")


def _handed_over(
    ready: Sequence[Ready], outcomes: Iterator[Outcome], until: datetime, clock: Clock
) -> Iterator[tuple[Ready, Fate]]:
    stopped: Fate | None = None
    for one in ready:
        # whoever is slow stops in time: what was not handed over is nobody's yet
        if stopped is None and clock() >= until:
            stopped = Kept()
        fate = stopped or _next(outcomes)
        if isinstance(fate, Down | Kept):
            stopped = fate
        yield one, fate


def _next(outcomes: Iterator[Outcome]) -> Fate:
    """How the next message fared; nothing is handed over once a transport has failed."""
    try:
        return next(outcomes, Kept())
    except Exception as error:  # noqa: BLE001 - nobody knows how far an adapter of others came
        return Unsure(f"{type(error).__name__}: {error}")


def _write_down(
    lease: str,
    fates: Sequence[tuple[Ready, Fate]],
    ways: Ways,
    now: datetime,
) -> None:
    """Write down what became of messages, where it is not known better already."""
    fate_of = {one.row.pk: (one, fate) for one, fate in fates}
    with transaction.atomic():
        # another worker may have taken a late one over, a provider may have told more meanwhile
        mine = Delivery.objects.filter(pk__in=fate_of, lease=lease, state__in=_UNDECIDED)
        found = mine.select_for_update().order_by("pk").values_list("pk", flat=True)
        rows = [_row(*fate_of[number], ways, now) for number in found]
        if rows:
            replace(Delivery, "id", {name: [row[name] for row in rows] for name in rows[0]})
        _suppress([one for one, fate in fates if isinstance(fate, Refused) and fate.dead], now)
        ended = {int(str(row["id"])): row for row in rows if row["ended_at"] is not None}
        empty_secrets([number for number in ended if fate_of[number][0].row.batch.secret])
        if ended:
            announce(DeliveriesEnded(tuple(sorted(ended))), now)


def _row(one: Ready, fate: Fate, ways: Ways, now: datetime) -> dict[str, Value]:
    kind = Purpose(one.row.purpose).kind
    attempts = one.row.attempts + is_try(fate)
    after = fared(fate, attempts=attempts, again=kind.at_least_once, now=now)
    gone = after.state in GONE
    return {
        "id": one.row.pk,
        "state": after.state.value,
        "reason": after.reason.value if after.reason else "",
        "detail": after.detail[:_LONGEST],
        "transport": ways.transports[one.way.channel].name,
        "attempts": attempts,
        "provider_id": after.provider_id[:_LONGEST_ID],
        "leased_until": None,
        "due_at": instant(after.due_at or now),
        "gone_at": instant(now) if gone else None,
        "ended_at": instant(now) if after.state is not State.PLANNED else None,
    }


def _suppress(dead: Sequence[Ready], now: datetime) -> None:
    """Let nothing go any more where there is nobody."""
    Suppression.objects.bulk_create(
        [
            Suppression(
                key=one.way.key,
                channel=one.way.channel.value,
                scope=Scope.ALL.value,
                reason=Withheld.HARD_BOUNCE.value,
                at=now,
                by=str(WORKER),
            )
            for one in dead
            if one.row.customer_id is not None
        ],
        ignore_conflicts=True,
    )
