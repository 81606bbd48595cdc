"""Writes: somebody asks for what is known of him; the answer goes to where he is known to read."""

from datetime import datetime

from regulars.apps.contact.operations.planning import (
    Content,
    Message,
    Recipient,
    plan_deliveries,
)
from regulars.apps.contact.rules.purposes import Channel, Purpose
from regulars.apps.contact.tokens import MY_DATA_LIVES, my_data_link
from regulars.apps.people.queries import canonical_ids
from regulars.kernel.wording import say
from regulars.reports.catalogues import LANGUAGES
from regulars.reports.speech import Speaker, speaker_of

SENDER = "contact"


def send_data_link(customer: int, channel: Channel, *, now: datetime) -> bool:
    """Send somebody a link to his own data, once an hour; return whether one is on its way now.

    It goes to the address that is known of him, whoever asks: to read it there is the proof.
    """
    person = canonical_ids([customer])[customer]
    hour = now.replace(minute=0, second=0, microsecond=0)
    message = Message(
        sender=SENDER,
        dedupe_key=f"my-data:{person}:{channel}:{hour.isoformat()}",
        purpose=Purpose.SERVICE,
        content=_content(),
        label="my data",
        channels=[channel],
        valid_until=now + MY_DATA_LIVES,
        secret=True,
    )
    to = Recipient(person, values={"link": my_data_link(person, now)})
    return plan_deliveries(message, [to], now=now) > 0


def _content() -> Content:
    return {language: _text(speaker_of(language)) for language in LANGUAGES}


def _text(speaker: Speaker) -> dict[str, str]:
    asked = say("Somebody, we hope you, asked to see what is kept about you.")
    lasts = say("The link works for a day. If it was not you, do nothing: nobody else has it.")
    open_ = speaker.say(say("Open my data"))
    return {
        "subject": speaker.say(say("Your data")),
        "preheader": speaker.say(asked),
        "body": f"{speaker.say(asked)}\n\n[{open_}]({{{{ link }}}})\n\n{speaker.say(lasts)}\n",
        "short": speaker.say(say("Your data, for a day: {link}", link="{{ link }}")),
    }
