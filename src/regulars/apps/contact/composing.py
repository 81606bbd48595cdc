"""A delivery as what its recipient reads: his language, his name, his links."""

from collections.abc import Mapping
from email.utils import formataddr

from regulars.apps.contact.models import Delivery
from regulars.apps.contact.operations.gating import Ready
from regulars.apps.contact.rules.message_ids import message_id
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.contact.rules.purposes import Channel, Kind, Purpose
from regulars.apps.contact.texts import Compiled, Look, Text, choose_language, compile_message
from regulars.apps.contact.texts.greetings import greeting
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
        row, way = ready.row, ready.way
        links, headers = self._links(ready)
        language = choose_language(
            ready.person.language if ready.person else row.language,
            row.batch.content,
            self._firm.language,
        )
        said = self._text(row, language).fill(
            {**row.batch.values, **(row.values or {}), **self._words(ready, language, links)}
        )
        short = way.channel is Channel.PHONE
        return Outgoing(
            number=row.pk,
            message_id=message_id(row.pk, self._sender.rpartition("@")[2], self._secret),
            to=way.value,
            subject="" if short else said.subject,
            text=said.short if short else said.text,
            html="" if short else said.html,
            sender=self._from(),
            reply_to=self._policy.reply_to,
            headers=headers,
            promotional=Purpose(row.purpose).kind is Kind.PROMOTION,
        )

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
        name = person.name if person else ""
        greetings = person.greetings if person else {}
        return {
            "customer": {
                "name": name,
                "greeting": greeting(name, language, greetings.get(language, "")),
                "language": language,
            },
            "firm": {"name": firm.name, "address": firm.address},
            "links": links,
        }

    def _from(self) -> str:
        name = self._policy.sender_name or self._firm.name
        return formataddr((name, self._sender)) if name else self._sender
