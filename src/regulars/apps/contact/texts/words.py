"""The words that stand in every text, and what of Liquid a text may use."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from regulars.kernel.wording import Message, say

WORDS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "customer.name": say("The customer's name, as it is written in the records."),
        "customer.greeting": say("The name as one greets with it in the language of the text."),
        "customer.language": say("The language of the text, such as lt."),
        "customer.currency": say("The currency of amounts that name none."),
        "customer.time_zone": say("By what clock moments are told."),
        "firm.name": say("The name of the firm."),
        "firm.address": say("The firm's address, as it stands at the end of mails."),
        "firm.currency": say("The currency of the firm, where the customer has none."),
        "firm.time_zone": say("The firm's clock, where the customer has none."),
        "links.unsubscribe": say("Where this kind of message is stopped."),
        "links.preferences": say("Where the customer chooses what to get."),
    }
)
"""What may stand in any text; a sender adds words of its own, such as ``order.number``."""

ROOTS: Final = frozenset(word.partition(".")[0] for word in WORDS)

FILTERS: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "money": say('An amount in the customer\'s currency; money: "EUR" names another.'),
        "number": say("A number as the language writes it; number: 2 gives two decimals."),
        "percent": say("A share of one as a percentage."),
        "date": say("A day; short, medium, long (as it stands) or full."),
        "time": say("The time of day of a moment, by the customer's clock."),
        "plural": say("The word that fits a count; # stands for the number."),
        "default": say("What stands there where a value is missing."),
        "upcase": say("In capital letters."),
        "downcase": say("In small letters."),
        "capitalize": say("With a capital letter first."),
        "strip": say("Without spaces around it."),
        "truncate": say("At most so many characters."),
        "append": say("With something after it."),
        "prepend": say("With something before it."),
        "join": say("The items of a list, with something between them."),
        "first": say("The first item of a list."),
        "last": say("The last item of a list."),
        "size": say("How many items or characters there are."),
        "plus": say("Added up."),
        "minus": say("Taken away."),
        "times": say("Multiplied."),
        "divided_by": say("Divided."),
        "round": say("Rounded; round: 1 to one decimal."),
        "at_least": say("Itself, or the smallest that is wanted."),
        "at_most": say("Itself, or the largest that is wanted."),
    }
)
"""The filters of a text."""

TAGS: Final[Mapping[str, str]] = MappingProxyType(
    {"if": "endif", "unless": "endunless", "case": "endcase", "for": "endfor"}
)
"""The tags that open something, and what closes each."""

MIDDLES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "else": frozenset(TAGS),
        "elsif": frozenset({"if", "unless"}),
        "when": frozenset({"case"}),
    }
)
"""The tags that stand between, and in what."""

ALONE: Final = frozenset({"assign"})
"""The tags that stand alone."""
