"""Writes: the firm says how it writes to people."""

from datetime import datetime

from django.db import transaction

from regulars.apps.contact import models
from regulars.apps.contact.queries.policy import get_policy
from regulars.apps.contact.rules.policy import Policy
from regulars.apps.journal.operations import record
from regulars.kernel.actors import Actor


def put_policy(told: Policy, *, actor: Actor, now: datetime) -> bool:
    """Say how the firm writes; return whether anything changed.

    Args:
        told: How, without problems.
        actor: Who says it.
        now: The time.
    """
    with transaction.atomic():
        models.Policy.objects.get_or_create(pk=1)
        models.Policy.objects.select_for_update().get(pk=1)
        old, new = get_policy().json(), told.json()
        change = {name: [old[name], new[name]] for name in new if old[name] != new[name]}
        if not change:
            return False
        models.Policy.objects.filter(pk=1).update(told=new)
        record(actor, "changed how we write", "policy", now, change)
    return True
