"""What every game states first: its id, its sport, its start.

Ids are digits as strings, tournaments have `504-2022`. A `uid` starts with the number of the
sport (`s:40~l:46~e:401...`); in tennis and MMA the id of a game is that of its competition,
for an event there is a tournament or a card.
"""

from __future__ import annotations

import re
from typing import Any

from connectors.espn.scalars import text, time_ns
from fusion.errors import Refusal
from fusion.leagues import League, Sport

SPORT_UIDS: dict[Sport, str] = {
    "basketball": "s:40",
    "football": "s:20",
    "hockey": "s:70",
    "baseball": "s:1",
    "soccer": "s:600",
    "tennis": "s:850",
    "mma": "s:3301",
}
"""How a `uid` starts in each sport; cricket is s:200 and has teams too."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


def game_id(found: Any, league: League) -> str | Refusal:
    """Return `<league>:<id>`; refused as `bad_id` where the id is more than letters and digits."""
    own = text(found)
    if not _ID.fullmatch(own):
        return Refusal("bad_id", f"an id is letters and digits, was {own[:60]!r}")
    return f"{league.key}:{own}"


def other_sport(uid: Any, league: League) -> Refusal | None:
    """Return the refusal of an event of another sport; one without `uid` may be of any."""
    sport = text(uid).partition("~")[0]
    if not sport.startswith("s:") or sport == SPORT_UIDS[league.sport]:
        return None
    return unsupported(f"{league.key} is {SPORT_UIDS[league.sport]}, the event is {sport}")


def unsupported(detail: str) -> Refusal:
    """Return the refusal of an event that is laid out as no event of the league is."""
    return Refusal("unsupported_layout", detail)


def start_ns(*dates: Any) -> int | Refusal:
    """Return the first of `dates` that is a time; refused as `bad_time` where none is."""
    found = next((ns for date in dates if (ns := time_ns(date)) is not None), None)
    if found is not None:
        return found
    shown = next((text(date) for date in dates if text(date)), "")
    return Refusal("bad_time", f"a start is ISO 8601 with its zone, was {shown[:40]!r}")
