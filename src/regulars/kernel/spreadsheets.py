"""What a spreadsheet would run as a formula, and how it is kept from it."""

import re
from typing import Final

FORMULA: Final = "^'*[=+\\-@\\t\\r\\n]"
"""How a text begins that a spreadsheet may run, or that was defused already."""

_FORMULA: Final = re.compile(FORMULA)


def defused(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet could run.

    Every text that begins with apostrophes and then one of ``= + - @``, tab or a line break gets
    one more, so that taking one away from such texts gives the text back exactly.

    >>> defused("=1+1"), defused("'=1+1"), defused("7")
    ("'=1+1", "''=1+1", '7')
    """
    return f"'{text}" if _FORMULA.match(text) else text
