"""Letters to staff: posted with the change that they tell of, sent by the worker.

Whoever asks for a sign-in code waits for no mail server, so that the answer takes as long for an
address that is known as for one that is not.
"""

from datetime import datetime

from regulars.apps.accounts.letters import Letter
from regulars.apps.accounts.registry import get_postman


def post_letter(letter: Letter, now: datetime) -> None:
    """Post a letter."""
    get_postman()(letter, now)


def post_to_nobody(now: datetime) -> None:
    """Do the work of posting a letter where there is nobody to write to."""
    get_postman()(None, now)
