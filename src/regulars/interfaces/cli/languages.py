"""The languages of the answers, and a message said in one of them."""

from enum import StrEnum

from regulars.kernel.wording import Message


class Language(StrEnum):
    """The languages that answers come in."""

    ENGLISH = "en"
    LITHUANIAN = "lt"
    LATVIAN = "lv"
    RUSSIAN = "ru"
    CHINESE = "zh-hans"


def in_words(message: Message, language: Language) -> str:
    """The message as a reader of ``language`` gets it."""
    if language is Language.ENGLISH:  # the template itself: no catalogue needs to be read
        return str(message)
    from regulars.reports.speech import speaker_of

    return speaker_of(language.value).say(message)
