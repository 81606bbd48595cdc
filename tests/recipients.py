"""Somebody whom the firm writes to, and the links that she was sent."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from regulars.apps.contact.operations.addresses import AddressData, put_addresses
from regulars.apps.contact.operations.consents import ConsentData, record_consents
from regulars.apps.contact.queries.addresses import list_addresses
from regulars.apps.contact.queries.preferences import Recipient, find_recipient
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Purpose
from regulars.apps.contact.tokens import (
    confirm_token,
    my_data_token,
    preferences_token,
    unsubscribe_token,
)
from regulars.apps.people.operations import CustomerData, put_customers
from regulars.apps.people.queries import get_number
from regulars.interfaces.clock import now
from regulars.kernel.actors import COMMAND

EMAIL, PHONE = "ona@example.com", "+37061234567"
THEN = datetime(2026, 1, 15, 12, tzinfo=UTC)
PROMOTIONS = (Purpose.NEWSLETTER, Purpose.OFFERS, Purpose.EVENTS)


@dataclass(frozen=True)
class Somebody:
    """Somebody whom the firm writes to."""

    number: int

    def key(self, channel: Channel = Channel.EMAIL) -> str:
        """The hash of her address."""
        return next(it.key for it in list_addresses(self.number) if it.channel is channel)

    def unsubscribe(
        self, purpose: Purpose = Purpose.NEWSLETTER, channel: Channel = Channel.EMAIL
    ) -> str:
        """Her link out of something."""
        token = unsubscribe_token(self.number, purpose, channel, self.key(channel))
        return f"/my/unsubscribe/{token}"

    def preferences(self, key: str | None = None) -> str:
        """Her link to her preferences."""
        return (
            f"/my/preferences/{preferences_token(self.number, self.key() if key is None else key)}"
        )

    def my_data(self, ago: timedelta = timedelta()) -> str:
        """Her link to her data."""
        return f"/my/data/{my_data_token(self.number, now() - ago)}"

    def look(self) -> Recipient:
        """What is known of her."""
        found = find_recipient(self.number)
        assert found is not None
        return found

    def coming(self) -> set[str]:
        """What comes to her now, as ``newsletter-email``."""
        return {f"{purpose}-{channel}" for purpose, channel in self.look().coming}


def confirm_path(event: int) -> str:
    """The link that confirms a yes."""
    return f"/my/confirm/{confirm_token(event)}"


def somebody(
    id_: str = "C-1",
    *,
    name: str = "Ona Šimkutė",
    language: str = "",
    email: str = EMAIL,
    phone: str = PHONE,
    granted: bool = True,
) -> Somebody:
    """Somebody who gets the newsletter, offers and invitations by e-mail, and offers by text."""
    put_customers([CustomerData(id=id_, name=name, language=language)], actor=COMMAND, now=THEN)
    number = get_number(id_)
    addresses = [
        AddressData(channel, value)
        for channel, value in ((Channel.EMAIL, email), (Channel.PHONE, phone))
        if value
    ]
    put_addresses(number, addresses, actor=COMMAND, now=THEN)
    pairs = [(purpose, Channel.EMAIL) for purpose in PROMOTIONS]
    pairs.append((Purpose.OFFERS, Channel.PHONE))
    said = [
        ConsentData(
            customer=number,
            purpose=purpose,
            channel=channel,
            state=Consent.GRANTED,
            basis=Basis.CONSENT,
            at=THEN,
        )
        for purpose, channel in pairs
    ]
    if granted:
        record_consents(said, actor=COMMAND, now=THEN)
    return Somebody(number)
