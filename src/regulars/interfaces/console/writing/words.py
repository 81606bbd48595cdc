"""What purposes are called by the staff."""

from collections.abc import Mapping

from regulars.apps.contact.rules.purposes import Purpose
from regulars.kernel.wording import Message, say

PURPOSES: Mapping[Purpose, Message] = {
    Purpose.SERVICE: say("Service: what somebody asked for, such as a receipt"),
    Purpose.CARE: say("Care: an answer, or looking after somebody"),
    Purpose.SURVEY: say("Survey: asking what somebody thinks"),
    Purpose.NEWSLETTER: say("Newsletter"),
    Purpose.OFFERS: say("Offers"),
    Purpose.EVENTS: say("Events"),
}
"""Each purpose, for whoever writes."""
SHORT: Mapping[Purpose, Message] = {
    Purpose.SERVICE: say("Service"),
    Purpose.CARE: say("Care"),
    Purpose.SURVEY: say("Survey"),
    Purpose.NEWSLETTER: say("Newsletter"),
    Purpose.OFFERS: say("Offers"),
    Purpose.EVENTS: say("Events"),
}
"""The same in a word."""
