"""Writes: double opt-in. A yes counts once whoever reads the mail of the address confirms it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from regulars.apps.contact.events import AddressesChanged
from regulars.apps.contact.models import Address, ConsentEvent, Suppression
from regulars.apps.contact.operations.consents import ConsentData, add_said, last_said
from regulars.apps.contact.queries.consents import ConsentRow, consent_row
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.purposes import Basis, Channel, Consent, Scope
from regulars.apps.journal.operations import announce, record
from regulars.apps.journal.tables import take_turns
from regulars.apps.contact.operations.kinds import CONSENTS
from regulars.apps.people.operations import lock_living
from regulars.apps.people.queries import same_person
from regulars.kernel.actors import Actor
from regulars.kernel.errors import InputError
from regulars.kernel.wording import say

ASK_AGAIN = timedelta(hours=1)
"""Who was asked is not asked again sooner: nobody's box is filled by somebody else's form."""
_TICK = timedelta(microseconds=1)
