"""The words that stand in every text, for one recipient."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from regulars.apps.contact.texts.greetings import greeting


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Who writes to whom.

    Attributes:
        name: The recipient's; may be empty.
        greetings: What staff wrote for him, by language.
        time_zone: His; empty for the firm's.
        links: Where he stops this kind of message, and chooses what he gets.
    """

    name: str = ""
    greetings: Mapping[str, str] = field(default_factory=dict)
    time_zone: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    firm_name: str = ""
    firm_address: str = ""
    firm_currency: str = ""
    firm_time_zone: str = ""

    def words(self, language: str) -> dict[str, object]:
        """The words of a text in a language.

        >>> words = Addressee(name="Jonas Jonaitis", greetings={"lv": "Jon"}).words("lt")
        >>> words["customer"]["greeting"]
        'Jonai'
        """
        greeted = greeting(self.name, language, _own(self.greetings, language))
        return {
            "customer": {
                "name": self.name,
                "greeting": greeted,
                "language": language,
                "currency": self.firm_currency,
                "time_zone": self.time_zone,
            },
            "firm": {
                "name": self.firm_name,
                "address": self.firm_address,
                "currency": self.firm_currency,
                "time_zone": self.firm_time_zone,
            },
            "links": dict(self.links),
        }


def _own(greetings: Mapping[str, str], language: str) -> str:
    told = {tag.lower(): text for tag, text in greetings.items()}
    code = language.lower()
    return told.get(code) or told.get(code.partition("-")[0], "")
