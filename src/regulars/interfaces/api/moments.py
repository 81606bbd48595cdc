"""Instants in addresses: far enough from the ends of the calendar that every zone has them."""

from datetime import UTC, datetime

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
"""No filter asks for earlier."""
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
"""No filter asks for later."""
