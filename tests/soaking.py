"""How long random histories are drawn."""

import os

SOAK = int(os.environ.get("REGULARS_SOAK", "1"))
"""How many times more examples than with every change: ``make test-long`` draws 4, ``soak`` 60."""
