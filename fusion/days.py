"""Slate days: sport is dated in US Eastern, whatever the hour is in UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from fusion.frames import NS_PER_S

EASTERN = ZoneInfo("America/New_York")
NS_PER_HOUR = 3600 * NS_PER_S


@lru_cache(maxsize=4096)
def _eastern_day(hour: int) -> str:
    moment = datetime.fromtimestamp(hour * 3600, tz=UTC)
    return moment.astimezone(EASTERN).date().isoformat()


def slate_day(time_ns: int) -> str:
    """Return the US Eastern calendar day of a UTC time, as `YYYY-MM-DD`."""
    return _eastern_day(time_ns // NS_PER_HOUR)
