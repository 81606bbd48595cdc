"""What the journal says was done, for people: its verbs are words of the program."""

from collections.abc import Mapping

from regulars.kernel.wording import Message, say

VERBS: Mapping[str, Message] = {
    # customers
    "made": say("The record was made"),
    "changed": say("Details were changed"),
    "assigned": say("The contact person was changed"),
    "merged": say("Merged with another record"),
    "parted": say("Parted from another record"),
    "kept apart": say("Found to be another person than one alike"),
    "added id": say("An id was added"),
    "removed id": say("An id was removed"),
    "added note": say("A note was added"),
    "changed note": say("A note was changed"),
    "removed note": say("A note was removed"),
    "exported": say("Everything about this customer was exported"),
    "erased": say("Everything about this customer was erased"),
    "declared attribute": say("An attribute was declared"),
    "removed attribute": say("An attribute was removed"),
    "put customers": say("Customers were imported"),
    "changed addresses": say("Addresses were changed"),
    "put addresses": say("Addresses were imported"),
    "recorded consent": say("A consent was recorded"),
    "asked for consent": say("A consent was asked for"),
    "recorded withdrawal": say("A withdrawal of consent was recorded"),
    "recorded objection": say("An objection was recorded"),
    "put consents": say("Consents were imported"),
    "put wording": say("A wording was put down"),
    "lifted suppression": say("Messages may go to an address again"),
    # orders
    "took orders": say("Orders were taken"),
    "imported orders": say("Orders were imported"),
    "took refunds": say("Refunds were taken"),
    "put products": say("Products were taken"),
    "put subscriptions": say("Subscriptions were taken"),
    "put costs": say("Costs were taken"),
    # files and databases
    "asked for an import": say("An import was asked for"),
    "asked for the preview": say("A preview of an import was asked for"),
    "asked for the trial": say("A trial of an import was asked for"),
    "asked for the import": say("An import was told to go on"),
    "asked for the undo": say("The undoing of an import was told to go on"),
    "asked to undo an import": say("The undoing of an import was asked for"),
    "tried an import again": say("An import was tried again"),
    "undid": say("A part of an import was undone"),
    "watched a source": say("A source is watched from now on"),
    "watched a source no more": say("A source is watched no longer"),
    "paused a source": say("A source was paused"),
    "went on with a source": say("A paused source is watched again"),
    "made the demo company": say("The demo company was made"),
    # templates
    "made template": say("A template was made"),
    "wrote template": say("A template was written"),
    "changed template": say("The purpose of a template was changed"),
    "renamed template": say("A template was renamed"),
    "removed template": say("A template was removed"),
    "sent a test": say("A test of a template was sent"),
    # looks
    "saw": say("It was looked at"),
    "downloaded": say("A list was downloaded"),
    # messages
    "changed how we write": say("How messages are written and sent was changed"),
    "paused a batch": say("A batch of messages was paused"),
    "went on with a batch": say("A paused batch of messages goes on"),
    "stopped a batch": say("A batch of messages was stopped"),
    "cancelled a delivery": say("A message was cancelled"),
    "held back": say("Something is held back from a customer"),
    "let go": say("Nothing is held back from a customer for that any more"),
    "suppressed an address": say("An address is written to no more"),
    "lifted a suppression": say("An address may be written to again"),
    # the firm
    "changed company": say("What the company says of itself was changed"),
    "set retention": say("A retention period was set"),
    "applied retention": say("What was too old was let go"),
    # access
    "added staff": say("A member of the staff was added"),
    "renamed staff": say("A member of the staff was renamed"),
    "changed access": say("Rights were changed"),
    "deactivated staff": say("An account was closed"),
    "reactivated staff": say("An account was opened again"),
    "changed second step": say("Who needs a second step was changed"),
    "removed factors": say("All second steps were taken from an account"),
    "made sign-in link": say("A sign-in link was made"),
    "used sign-in link": say("A sign-in link was used"),
    "made key": say("A key was made"),
    "revoked key": say("A key was ended"),
    "added webhook": say("A webhook was made"),
    "changed webhook": say("A webhook was changed"),
    "paused webhook": say("A webhook was paused"),
    "resumed webhook": say("A webhook goes on"),
    "removed webhook": say("A webhook was removed"),
    "rotated webhook secret": say("A webhook got a new secret"),
    "tested webhook": say("A test was sent to a webhook"),
    "replayed webhook": say("Deliveries were sent again to a webhook"),
    "signed in": say("Signed in"),
    "signed out": say("Signed out"),
    "failed to sign in": say("A sign-in failed"),
    "ended sessions": say("Sessions were ended"),
    "changed password": say("The password was changed"),
    "set password": say("A password was set"),
    "reset password": say("The password was replaced with a code"),
    "added factor": say("A way to sign in was added"),
    "removed factor": say("A way to sign in was removed"),
    "made recovery codes": say("New recovery codes were made"),
}
"""Each verb that anything writes, and its sentence."""


def told(verb: str) -> Message:
    """What was done; a verb of an older version as it stands.

    >>> str(told("took orders")), str(told("did"))
    ('Orders were taken', 'did')
    """
    return VERBS.get(verb, say("{verb}", verb=verb))
