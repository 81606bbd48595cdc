"""Quiet hours, by the clock of whoever would be disturbed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def quiet_until(now: datetime, zone: ZoneInfo, begins: time, ends: time) -> datetime | None:
    """When the quiet hours end in which an instant lies; None where it lies in none.

    Where the clocks are put forward over the end, it is that much later; where they are put back
    over it, quiet ends the second time that they show it.

    Args:
        now: The instant.
        zone: The recipient's.
        begins: When quiet hours begin there.
        ends: When they end there, on the next day if that is earlier; equal for none.

    >>> vilnius = ZoneInfo("Europe/Vilnius")
    >>> night = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
    >>> str(quiet_until(night, vilnius, time(21), time(8)))
    '2026-11-23 06:00:00+00:00'
    >>> quiet_until(datetime(2026, 11, 22, 12, tzinfo=UTC), vilnius, time(21), time(8))
    """
    local = now.astimezone(zone)
    if not _in_quiet(local.time(), begins, ends):
        return None
    day = local.date()
    if local.time() >= ends:
        day += timedelta(days=1)
    end = datetime.combine(day, ends, zone)
    # the later of two where the clocks are put back, the real one where they are put forward
    return max(end.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def _in_quiet(clock: time, begins: time, ends: time) -> bool:
    if begins <= ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends
