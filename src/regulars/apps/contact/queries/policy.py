"""Reads: how the firm writes to people."""

from regulars.apps.contact import models
from regulars.apps.contact.rules.policy import Policy, read_policy


def get_policy() -> Policy:
    """How the firm writes; before it said anything, as the rules say."""
    row = models.Policy.objects.first()
    return Policy() if row is None else read_policy(row.told)
