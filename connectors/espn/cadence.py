"""When to poll, and for which days: pure functions and the settings they read.

ESPN caches a board for 2 to 5 s, so that polling faster than that is of no use, and publishes no
limit; 5 s while a game is live has never met one. Without `dates=` the board shows ESPN's own
idea of the current slate, which rolls over around noon in New York, shows no more than the
current card of the UFC and, off season, jumps to a future day; a game that ends after the
rollover is then never seen to end. So the days are always named, and yesterday's board is
followed until noon. A tennis board shows its whole tournament whatever the day, so that yesterday
adds nothing to today: what is on today's board too does not set the pace of yesterday's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
import requests

from fusion.days import EASTERN
from fusion.frames import NS_PER_S
from fusion.game import GameState
from fusion.leagues import League

FOLLOW_UNTIL_HOUR = 12
SOON_S = 600.0
LATE_S = 4 * 3600.0
"""A game that should have begun this long ago and is still `pre` was forgotten by the feed."""

SETTLED_S = 1800.0
"""A final may go back to live or have its score put right within minutes, not after this long."""

LONG_AGO_S = 8 * 3600.0
"""No game that began this long ago ended only a moment ago."""

Pace = Literal["live", "soon", "quiet", "done"]
"""What a board calls for: a game is on, or about to start, or neither, or never will be."""

_NEVER_PLAYED = frozenset({"postponed", "canceled", "cancelled", "forfeit"})

USER_AGENT = (
    f"python-requests/{requests.__version__} fairline/0.1 (+https://github.com/fairline/fairline)"
)
"""ESPN's edge answers 403 by the leading product token (since August 2026): browsers, unknown
names and the empty string are refused, `python-requests/*`, `curl/*`, `okhttp/*` and
`Go-http-client/*` are let in. So the library that sends the request stands first, which is true,
and after it who runs it and where to complain."""


class PollSettings(msgspec.Struct, frozen=True):
    """How to poll ESPN; all times in seconds.

    `live_s` while a game is on, `idle_s` when one is about to start, `quiet_s` otherwise, and
    `done_s` where nothing is left to happen: all games are over, or there are none, as off
    season. `floor_s` is the least time between two requests of a league, whatever the reason; nor
    is a board asked for again before the cache that gave it would ask itself, but a wrong header
    delays us for `cache_max_s` at most. `jitter` spreads each pause by that share up or down,
    after a failure only up. From the second failure in a row the pause is at least
    `2 x backoff_s`, doubling up to `backoff_max_s`; where a setting is wrong it is `mend_s`.
    `timeout_s` is how long ESPN may be silent. Every `whole_every`-th request for a board wants
    it whole, whatever the server says of it; 1 never asks for changes only.
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
    done_s: float = 300.0
    cache_max_s: float = 30.0
    whole_every: int = 10


def settings_of(league: League, settings: PollSettings) -> PollSettings:
    """Return the settings of one league: its own pace, where it has one, wins."""
    own = {"live_s": league.live_s, "idle_s": league.idle_s, "quiet_s": league.quiet_s}
    return msgspec.structs.replace(
        settings, **{name: pause_s for name, pause_s in own.items() if pause_s is not None}
    )


def slate_days(now_utc: datetime) -> tuple[date, ...]:
    """Return the US Eastern days to poll: today, and yesterday until noon.

    `now_utc` carries its zone. A game of 00:30 UTC belongs to the evening before.
    """
    eastern = now_utc.astimezone(EASTERN)
    today = eastern.date()
    if eastern.hour < FOLLOW_UNTIL_HOUR:
        return (today, today - timedelta(days=1))
    return (today,)


def pace_of(games: Sequence[GameState], now_ns: int, since_ns: int) -> Pace:
    """Return the pace that the games of a board call for; they are the same since `since_ns`.

    A game in play, or one whose start has passed, is followed as live; a start within ten minutes
    is soon. A game that is hours late, or whose hour is not known, does not keep the pace up.
    Done is a board whose games have all been over for half an hour, and one without games on
    second sight: a single empty body may be a fault.
    """
    if any(game.phase == "in" for game in games):
        return "live"
    due_s = _starts_s(games, now_ns)
    if any(-LATE_S < due <= 0 for due in due_s):
        return "live"
    if any(0 < due <= SOON_S for due in due_s):
        return "soon"
    if not games:
        return "done" if now_ns > since_ns else "quiet"
    begun_s = (now_ns - max(game.start_ns for game in games)) / NS_PER_S
    settled = (now_ns - since_ns) / NS_PER_S >= SETTLED_S or begun_s >= LONG_AGO_S
    return "done" if settled and all(_is_over(game) for game in games) else "quiet"


def next_poll_s(
    games: Sequence[GameState],
    now_ns: int,
    settings: PollSettings,
    *,
    since_ns: int | None = None,
    factor: float = 1.0,
) -> float:
    """Return how long after this poll the next one is due.

    The pace is that of `pace_of`, times `factor`, which spreads or stretches it. It never runs
    past the next start, nor past the moment from which the next start is soon, whatever `factor`
    is, and is never below the floor. Without `since_ns` the games are new.
    """
    pace = pace_of(games, now_ns, now_ns if since_ns is None else since_ns)
    pause_s = (
        factor
        * {
            "live": settings.live_s,
            "soon": settings.idle_s,
            "quiet": settings.quiet_s,
            "done": max(settings.done_s, settings.quiet_s),
        }[pace]
    )
    if pace != "live":
        ahead_s = min((due for due in _starts_s(games, now_ns) if due > 0), default=float("inf"))
        soon_s = max(ahead_s - SOON_S, settings.idle_s)
        pause_s = min(pause_s, ahead_s, soon_s if pace == "quiet" else ahead_s)
    return max(pause_s, settings.floor_s)


def _starts_s(games: Sequence[GameState], now_ns: int) -> list[float]:
    """Return in how many seconds the games begin that have not."""
    return [
        (game.start_ns - now_ns) / NS_PER_S
        for game in games
        if game.phase == "pre" and game.start_known
    ]


def _is_over(game: GameState) -> bool:
    """Tell whether nothing can come of a game: a suspended one may go on."""
    return game.phase == "post" and (game.completed or game.status in _NEVER_PLAYED)
