"""The clock of a game in play, in seconds.

Clocks that count down give the seconds left in the period, 0 in a break. The soccer clock gives
the seconds played: the match minute times 60, plus the stoppage played in this half, so that
`45'+4'` is 2940 and the second half begins again at 2700. In a break it stands at the end of
the half, without stoppage. Traps met in real payloads:

- Under a minute the NBA shows `30.9` with no colon; at the end of a quarter `0.0`.
- Finals show `12:00` or `0.0` at random: the clock means nothing once the game is over, and
  nothing before it starts, so it is read only in play.
- The soccer number stops at 2700, 5400 and 7200 and moves by the minute; stoppage stands only in
  the text. In a shootout the text goes back to `120'`.
- Baseball always says 0 and `0:00`, and so does an overtime without a clock (college football),
  which has none here.
- Re-savers and older years drop `.0`; a clock may come as a string or be null, then the text is
  read instead.
"""

from __future__ import annotations

import re

from connectors.espn.scalars import number, text, whole
from connectors.espn.schema import Status
from fusion.leagues import League

MAX_PERIOD = 99

MAX_STOPPAGE_S = 1200.0
"""No half has had more added time than 20 minutes or so; beyond it the text is a typing error."""

_DOWN = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,2}(?:\.[0-9]{1,3})?)")
_UP = re.compile(r"([0-9]{1,3})'?(?:\s*\+\s*([0-9]{1,2})'?)?")


def clock_s(status: Status, league: League, *, in_break: bool) -> float | None:
    """Return the clock of a game in play, None where the sport or the feed has none."""
    if league.clock == "down":
        if in_break:
            return 0.0
        return None if is_untimed(status, league) else _left_s(status)
    if league.clock == "up":
        return _played_s(status, in_break=in_break)
    return None


def is_untimed(status: Status, league: League) -> bool:
    """Tell whether the period is an overtime that is played without a clock."""
    period = whole(status.period, 0, MAX_PERIOD) or 0
    return league.clock == "down" and not league.overtime_s and period > league.periods


def _left_s(status: Status) -> float | None:
    clock = _seconds(status)
    if clock is not None:
        return clock
    shown = _DOWN.fullmatch(text(status.display_clock))
    if shown is None:
        return None
    minutes, seconds = shown.groups()
    return 60.0 * float(minutes or 0) + float(seconds)


def _played_s(status: Status, *, in_break: bool) -> float | None:
    clock = _seconds(status)
    shown = _UP.fullmatch(text(status.display_clock))
    if shown is None:
        return clock
    minute, stoppage = shown.groups()
    if clock is None:
        clock = 60.0 * float(minute)
    return clock if in_break else clock + min(60.0 * float(stoppage or 0), MAX_STOPPAGE_S)


def _seconds(status: Status) -> float | None:
    clock = number(status.clock)
    return clock if clock is not None and clock >= 0 else None
