"""When to poll, and for which days: pure functions and the settings they read.

ESPN caches a board for 2 to 5 s, so that polling faster than that is of no use, and publishes no
limit; 5 s while a game is live has never met one. Without `dates=` the board shows ESPN's own
idea of the current slate, which rolls over around noon in New York and, off season, jumps to a
future day; a game that ends after the rollover is then never seen to end. So the days are always
named, and yesterday's board is followed until noon.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
import requests

from fusion.days import EASTERN
from fusion.frames import NS_PER_S
from fusion.game import GameState

FOLLOW_UNTIL_HOUR = 12
SOON_S = 600.0
LATE_S = 4 * 3600.0
"""A game that should have begun this long ago and is still `pre` was forgotten by the feed."""

USER_AGENT = (
    f"python-requests/{requests.__version__} fairline/0.1 (+https://github.com/fairline/fairline)"
)
"""ESPN's edge answers 403 by the leading product token (since August 2026): browsers, unknown
names and the empty string are refused, `python-requests/*`, `curl/*`, `okhttp/*` and
`Go-http-client/*` are let in. So the library that sends the request stands first, which is true,
and after it who runs it and where to complain."""


class PollSettings(msgspec.Struct, frozen=True):
    """How to poll ESPN; all times in seconds.

    `live_s` while a game is on, `idle_s` when one is about to start, `quiet_s` otherwise;
    `floor_s` is the least time between two requests of a league, whatever the reason.
    `jitter` spreads each pause by that share up or down, after a failure only up. From the second
    failure in a row the pause is at least `2 x backoff_s`, doubling up to `backoff_max_s`; where
    a setting is wrong it is `mend_s`. `timeout_s` is how long ESPN may be silent.
    """

    base_url: str = "https://site.api.espn.com"
    user_agent: str = USER_AGENT
    live_s: float = 5.0
    idle_s: float = 15.0
    quiet_s: float = 60.0
    floor_s: float = 2.0
    timeout_s: float = 8.0
    jitter: float = 0.1
    backoff_s: float = 2.5
    backoff_max_s: float = 60.0
    mend_s: float = 300.0


def slate_days(now_utc: datetime) -> tuple[date, ...]:
    """Return the US Eastern days to poll: today, and yesterday until noon.

    `now_utc` carries its zone. A game of 00:30 UTC belongs to the evening before.
    """
    eastern = now_utc.astimezone(EASTERN)
    today = eastern.date()
    if eastern.hour < FOLLOW_UNTIL_HOUR:
        return (today, today - timedelta(days=1))
    return (today,)


def next_poll_s(games: Sequence[GameState], now_ns: int, settings: PollSettings) -> float:
    """Return how long after this poll the next one is due.

    A game in play, or one whose start has passed, is followed at `live_s`; a start within ten
    minutes at `idle_s`, but not past that start; else `quiet_s`, not past the next start. A game
    that is hours late, or whose hour is not known, does not keep the pace up.
    """
    if any(game.phase == "in" for game in games):
        return max(settings.live_s, settings.floor_s)
    due_s = [
        (game.start_ns - now_ns) / NS_PER_S
        for game in games
        if game.phase == "pre" and game.start_known
    ]
    if any(-LATE_S < due <= 0 for due in due_s):
        return max(settings.live_s, settings.floor_s)
    ahead = min((due for due in due_s if due > 0), default=float("inf"))
    pace = settings.idle_s if ahead <= SOON_S else settings.quiet_s
    return max(min(pace, ahead), settings.floor_s)
