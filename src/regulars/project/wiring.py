"""Who does what for whom: every part that an app provides to a lower one, by name."""

import regulars.apps.accounts.privacy as accounts
import regulars.apps.contact.privacy as contact
import regulars.apps.firm.privacy as firm
import regulars.apps.intake.privacy as intake
import regulars.apps.journal.privacy as journal
import regulars.apps.orders.privacy as orders
import regulars.apps.people.privacy as people
from regulars.apps.accounts.provides import WAYS_IN
from regulars.apps.accounts.registry import register_postman
from regulars.apps.contact.operations.letters import post_letter
from regulars.apps.contact.provides import LETTERS, MESSAGES
from regulars.apps.contact.provides import PUBLISHED as OF_CONTACT
from regulars.apps.firm.provides import ANSWERS, NEWS, TRAIL, WEBHOOKS, WRITTEN
from regulars.apps.firm.registry import keep
from regulars.apps.journal.webhooks.registry import publish
from regulars.apps.orders.provides import LINKS, bought
from regulars.apps.orders.provides import PUBLISHED as OF_ORDERS
from regulars.apps.people.operations import Privacy, note_erasures, register_privacy
from regulars.apps.people.provides import CUSTOMERS
from regulars.apps.people.provides import PUBLISHED as OF_PEOPLE
from regulars.apps.people.registry import register_bought
from regulars.project.backup.erasures import note

PRIVACY = (
    Privacy(
        app="journal",
        holds=journal.HOLDS,
        keeps=journal.KEEPS,
        export=journal.export,
        erase=journal.erase,
    ),
    Privacy(app="firm", holds=firm.HOLDS, keeps=firm.KEEPS),
    Privacy(app="accounts", holds=accounts.HOLDS, keeps=accounts.KEEPS),
    Privacy(
        app="people",
        holds=people.HOLDS,
        keeps=people.KEEPS,
        export=people.export,
        erase=people.erase,
        busy=people.busy,
    ),
    Privacy(
        app="contact",
        holds=contact.HOLDS,
        keeps=contact.KEEPS,
        export=contact.export,
        erase=contact.erase,
        busy=contact.busy,
        known_by=contact.known_by,
    ),
    Privacy(
        app="orders",
        holds=orders.HOLDS,
        keeps=orders.KEEPS,
        export=orders.export,
        erase=orders.erase,
        busy=orders.busy,
    ),
    Privacy(
        app="intake",
        holds=intake.HOLDS,
        keeps=intake.KEEPS,
        export=intake.export,
        erase=intake.erase,
    ),
)
"""What each app holds of people, the lowest app first."""
RETENTION = (
    ANSWERS,
    WEBHOOKS,
    NEWS,
    TRAIL,
    WRITTEN,
    LETTERS,
    WAYS_IN,
    CUSTOMERS,
    MESSAGES,
    LINKS,
)
"""Everything that is kept for a while."""
PUBLISHED = (*OF_PEOPLE, *OF_CONTACT, *OF_ORDERS)
"""What the firm's own software may be told of."""


def wire() -> None:
    """Register every part; again changes nothing."""
    for part in PRIVACY:
        register_privacy(part)
    register_postman(post_letter)
    register_bought(bought)
    note_erasures("data folder", note)
    for news in PUBLISHED:
        publish(news)
    for keeping in RETENTION:
        keep(keeping)
