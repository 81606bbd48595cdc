"""How long random histories are drawn."""

import os

SOAK = int(os.environ.get("REGULARS_SOAK", "1"))
"""How many times more examples ``make soak`` draws where one of them takes a while."""
