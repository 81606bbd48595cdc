"""What the demo company has written: addresses, what people agreed to, and a newsletter.

Everything is invented, goes to addresses of ``example.com``, where nobody lives, and lands in the
outbox.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from regulars.apps.contact.operations.addresses import CustomerAddress, import_addresses
from regulars.apps.contact.operations.consents import CustomerConsent, import_consents
from regulars.apps.contact.operations.planning import Message, Recipient, plan_deliveries
from regulars.apps.contact.operations.templates import put_template
from regulars.apps.contact.rules.purposes import Channel, Consent, Purpose
from regulars.apps.contact.texts import Text
from regulars.apps.people.queries import numbers_of
from regulars.kernel.actors import COMMAND

_SEED = "regulars demo messages"
_REACHED_BY_MAIL, _REACHED_BY_PHONE, _AGREED, _CHANGED_HIS_MIND = 0.9, 0.3, 0.6, 0.1
_FIRST = 60
"""So many get the newsletter: enough to look at, and gone in a moment."""
_WORDING = "2025-01"
_TEMPLATE = "This week at the grocer's"
_TEXTS = {
    "en": Text(
        "Fresh this week, {{ customer.greeting }}",
        "Apples, bread and a recipe",
        "# Good day, {{ customer.greeting }}!\n\nThe first apples of the year are here, and so is "
        "the bread that you asked for.\n\n- Apples from the valley\n- Rye bread, every morning\n"
        "- A soup for cold evenings\n\n[See what is fresh](https://shop.example/fresh)\n",
        "Fresh apples this week at {{ firm.name }}.",
    ),
    "lt": Text(
        "Šios savaitės šviežienos, {{ customer.greeting }}",
        "Obuoliai, duona ir receptas",
        "# Laba diena, {{ customer.greeting }}!\n\nJau turime pirmųjų šių metų obuolių ir duonos, "
        "kurios prašėte.\n\n- Obuoliai iš slėnio\n- Ruginė duona kas rytą\n- Sriuba šaltiems "
        "vakarams\n\n[Pažiūrėkite, kas šviežia](https://shop.example/fresh)\n",
        "Šią savaitę {{ firm.name }}: švieži obuoliai.",
    ),
    "lv": Text(
        "Šīs nedēļas svaigumi, {{ customer.greeting }}",
        "Āboli, maize un recepte",
        "# Labdien, {{ customer.greeting }}!\n\nIr klāt gada pirmie āboli un maize, ko "
        "lūdzāt.\n\n- Āboli no ielejas\n- Rudzu maize katru rītu\n- Zupa aukstiem vakariem\n\n"
        "[Skatiet, kas svaigs](https://shop.example/fresh)\n",
        "Šonedēļ {{ firm.name }}: svaigi āboli.",
    ),
    "ru": Text(
        "Свежее на этой неделе, {{ customer.greeting }}",
        "Яблоки, хлеб и рецепт",
        "# Добрый день, {{ customer.greeting }}!\n\nУ нас первые яблоки этого года и хлеб, о "
        "котором вы просили.\n\n- Яблоки из долины\n- Ржаной хлеб каждое утро\n- Суп для холодных "
        "вечеров\n\n[Посмотреть, что свежего](https://shop.example/fresh)\n",
        "На этой неделе в {{ firm.name }}: свежие яблоки.",
    ),
    "zh-hans": Text(
        "{{ customer.greeting }}，本周新鲜到店",
        "苹果、面包和一道食谱",
        "# 您好，{{ customer.greeting }}！\n\n今年第一批苹果到了，您想要的面包也有了。\n\n"
        "- 山谷里的苹果\n- 每天早晨的黑麦面包\n- 适合寒冷夜晚的汤\n\n"
        "[看看有什么新鲜的](https://shop.example/fresh)\n",
        "本周{{ firm.name }}有新鲜苹果。",
    ),
}


def put_contacts(ids: Sequence[str], run: str, now: datetime) -> None:
    """Give customers addresses, and what they agreed to before, with its proof.

    Args:
        ids: The customers'; the same for the same ids, in whatever order they come.
        run: The run of imports that this is part of.
        now: The time.
    """
    addresses: list[CustomerAddress] = []
    consents: list[CustomerConsent] = []
    for id_ in ids:
        dice = Random(f"{_SEED}:{id_}")  # noqa: S311 - nothing is secret about inventions
        if dice.random() < _REACHED_BY_MAIL:
            mail = f"household{id_}@example.com"
            addresses.append(CustomerAddress(customer_id=id_, channel=Channel.EMAIL, value=mail))
            consents += _said(id_, dice, now)
        if dice.random() < _REACHED_BY_PHONE:
            # numbers that are kept free for stories
            number = f"+1202555{dice.randrange(100, 200):04}"
            addresses.append(CustomerAddress(customer_id=id_, channel=Channel.PHONE, value=number))
    import_addresses(addresses, run=run, actor=COMMAND, now=now)
    import_consents(consents, run=run, actor=COMMAND, now=now)


def _said(id_: str, dice: Random, now: datetime) -> list[CustomerConsent]:
    if dice.random() >= _AGREED:
        return []
    at = now - timedelta(days=dice.randrange(100, 400))
    told = [(Consent.GRANTED, at)]
    if dice.random() < _CHANGED_HIS_MIND:
        told.append((Consent.WITHDRAWN, at + timedelta(days=dice.randrange(1, 90))))
    return [
        CustomerConsent(
            customer_id=id_,
            purpose=Purpose.NEWSLETTER,
            channel=Channel.EMAIL,
            state=state,
            at=when,
            wording=_WORDING,
            proof={"form": "checkout"},
        )
        for state, when in told
    ]


def plan_newsletter(ids: Sequence[str], now: datetime) -> int:
    """Plan this week's newsletter for some customers; return how many were not planned yet."""
    put_template(_TEMPLATE, Purpose.NEWSLETTER, _TEXTS, actor=COMMAND, now=now)
    monday = now.date() - timedelta(days=now.weekday())
    message = Message(
        sender="demo",
        dedupe_key=f"newsletter:{monday}",
        label=_TEMPLATE,
        purpose=Purpose.NEWSLETTER,
        content={language: _plain(text) for language, text in _TEXTS.items()},
    )
    numbers = numbers_of(ids[:_FIRST])
    return plan_deliveries(message, [Recipient(numbers[id_]) for id_ in ids[:_FIRST]], now=now)


def _plain(text: Text) -> dict[str, str]:
    return {
        "subject": text.subject,
        "preheader": text.preheader,
        "body": text.body,
        "short": text.short,
    }
