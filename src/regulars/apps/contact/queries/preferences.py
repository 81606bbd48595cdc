"""Reads: what somebody is shown of himself who came by a link that was sent to him."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regulars.apps.contact.models import Suppression
from regulars.apps.contact.queries.addresses import AddressRow, list_addresses
from regulars.apps.contact.queries.consents import list_consents
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose, Scope, Withheld
from regulars.apps.contact.rules.standing import CHOOSABLE, Standing, standing_of
from regulars.apps.people.queries import get_customer_card
from regulars.kernel.errors import InputError

type Pair = tuple[Purpose, Channel]
"""Something that may come, and by what way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody whom the firm may write to.

    Attributes:
        number: The record that stands for the person.
        language: In which he is written to; empty where that is not known.
        addresses: For each way the address that is used, in the order of ways.
        said: What he last said.
        asked_for: The purposes that take a yes.
        withheld: What is suppressed for his addresses, and why.
    """

    number: int
    language: str
    addresses: Mapping[Channel, AddressRow]
    said: Mapping[Pair, Consent]
    asked_for: frozenset[Purpose]
    withheld: Mapping[Channel, Sequence[tuple[Scope, Withheld]]]

    def standing(self, purpose: Purpose, channel: Channel) -> Standing:
        """Whether something comes to him by a way."""
        said = self.said.get((purpose, channel))
        return standing_of(purpose, said, self.asked_for, self.withheld.get(channel, ()))

    @property
    def coming(self) -> tuple[Pair, ...]:
        """All that comes to him now and that he may stop."""
        return tuple(
            (purpose, channel)
            for purpose in CHOOSABLE
            for channel in self.addresses
            if self.standing(purpose, channel) is Standing.YES
        )


def find_recipient(number: int) -> Recipient | None:
    """The person behind a number; None where there is none, or he was erased."""
    try:
        card = get_customer_card(number)
    except InputError:
        return None
    if card.erased_at is not None:
        return None
    used = {row.channel: row for row in reversed(list_addresses(card.number))}
    addresses = {channel: used[channel] for channel in Channel if channel in used}
    return Recipient(
        number=card.number,
        language=card.language,
        addresses=addresses,
        said={(row.purpose, row.channel): row.state for row in list_consents(card.number)},
        asked_for=get_policy().asked_for,
        withheld=_withheld(addresses),
    )


def _withheld(
    addresses: Mapping[Channel, AddressRow],
) -> Mapping[Channel, Sequence[tuple[Scope, Withheld]]]:
    channel_of = {row.key: channel for channel, row in addresses.items()}
    rows = Suppression.objects.filter(key__in=list(channel_of), lifted_at__isnull=True)
    found: dict[Channel, list[tuple[Scope, Withheld]]] = defaultdict(list)
    for key, scope, reason in rows.values_list("key", "scope", "reason"):
        found[channel_of[key]].append((Scope(scope), Withheld(reason)))
    return found
