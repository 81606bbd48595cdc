"""Tables of the contact app that runs of imports write, as undoing a run sees them."""

from regulars.apps.contact.models import Address, ConsentEvent
from regulars.apps.journal.undoing import Kind

ADDRESSES = Kind(model=Address)
CONSENTS = Kind(model=ConsentEvent, stamp="recorded_at")
KINDS = (CONSENTS, ADDRESSES)
"""Those first whose records need others."""
