"""A delivery as what its recipient reads: his language, his name, his links."""

from collections.abc import Mapping
from email.utils import formataddr

from regulars.apps.contact.models import Delivery
from regulars.apps.contact.operations.gating import Ready
from regulars.apps.contact.rules.message_ids import message_id
from regulars.apps.contact.rules.plain import PLAIN
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Channel, Kind, Purpose
from regulars.apps.contact.texts import (
    Compiled,
    Look,
    Rendered,
    Text,
    choose_language,
    compile_message,
)
from regulars.apps.contact.texts.addressee import Addressee
from regulars.apps.contact.tokens import preferences_link, unsubscribe_headers, unsubscribe_link
from regulars.apps.contact.transports.outgoing import Outgoing
from regulars.apps.firm.rules import Company


class Composer:
    """Composes messages; a text is compiled once, however many people read it."""

    def __init__(self, policy: Policy, firm: Company, *, sender: str, secret: str) -> None:
        """For as long as the firm says the same of itself.

        Args:
            policy: How it writes.
            firm: What it is.
            sender: The address that mails are from where the policy names none.
            secret: Signs message ids.
        """
        self._policy, self._firm, self._secret = policy, firm, secret
        self._sender = policy.sender_address or sender
        self._compiled: dict[tuple[int, int, str], Compiled] = {}

    def compose(self, ready: Ready) -> Outgoing:
        """A message as it goes out.

        Raises:
            TextError: The text cannot be filled for this recipient.
        """
        row = ready.row
        links, headers = self._links(ready)
        said = self._said(ready, links)
        return Outgoing(
            number=row.pk,
            message_id=message_id(row.pk, self._sender.rpartition("@")[2], self._secret),
            to=ready.way.value,
            subject=said.subject,
            text=said.text,
            html=said.html,
            sender=self._from(),
            reply_to=self._policy.reply_to,
            headers=headers,
            promotional=Purpose(row.purpose).kind is Kind.PROMOTION,
        )

    def _said(self, ready: Ready, links: Mapping[str, str]) -> Rendered:
        row = ready.row
        if letter := row.batch.content.get(PLAIN):
            return Rendered(letter["subject"], letter["text"], html="", short="")
        wanted = ready.person.language if ready.person else row.language
        language = choose_language(wanted, list(row.batch.content), self._firm.language)
        words = self._words(ready, language, links)
        told = {**row.batch.values, **(row.values or {})}
        # a test bears the words of the customer whom it is tried with
        filled = {**told, **words} if ready.person else {**words, **told}
        said = self._text(row, language).fill(filled)
        if ready.way.channel is Channel.PHONE:
            return Rendered("", said.short, html="", short="")
        return said

    def _text(self, row: Delivery, language: str) -> Compiled:
        batch = row.batch
        known = (batch.pk, batch.version, language)
        if known not in self._compiled:
            text = Text(**batch.content[language])
            self._compiled[known] = compile_message(text, self._look(row), language)
        return self._compiled[known]

    def _look(self, row: Delivery) -> Look:
        policy = self._policy
        return Look(
            firm_name=self._firm.name,
            firm_address=self._firm.address,
            colour=policy.colour,
            logo=policy.logo,
            footer=policy.footer,
            promotional=Purpose(row.purpose) is not Purpose.SERVICE,
        )

    def _links(self, ready: Ready) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """The links of a recipient, and the headers that name one; service has none."""
        row, way = ready.row, ready.way
        if row.customer_id is None or row.purpose == Purpose.SERVICE:
            return {}, {}
        out = unsubscribe_link(row.customer_id, Purpose(row.purpose), way.channel, way.key)
        links = {"unsubscribe": out, "preferences": preferences_link(row.customer_id, way.key)}
        return links, unsubscribe_headers(out) if way.channel is Channel.EMAIL else {}

    def _words(
        self, ready: Ready, language: str, links: Mapping[str, str]
    ) -> Mapping[str, object]:
        person, firm = ready.person, self._firm
        return Addressee(
            name=person.name if person else "",
            greetings=person.greetings if person else {},
            time_zone=person.time_zone if person else "",
            links=links,
            firm_name=firm.name,
            firm_address=firm.address,
            firm_currency=firm.currency,
            firm_time_zone=firm.time_zone,
        ).words(language)

    def _from(self) -> str:
        name = self._policy.sender_name or self._firm.name
        return formataddr((name, self._sender)) if name else self._sender
