"""Boards that look cut off: ESPN ends a list silently at a round number of events.

Known ends are 25 (2023, and whatever is asked for above 500), 50, and 100 (2026). A board may have
that many by chance, so that it is used, and the number is put on record.
"""

from __future__ import annotations

from datetime import date

from connectors.espn.board import open_board
from fusion.errors import Refusal
from fusion.leagues import League

ENDS = frozenset({25, 50, 100})


def count_events(body: bytes) -> int:
    """Return how many events a body lists, 0 where it is no board."""
    events = open_board(body)
    return 0 if isinstance(events, Refusal) else len(events)


def looks_cut(count: int, day: date, league: League) -> str:
    """Return what is suspicious about `count` events on the board of a day, empty if nothing."""
    if count not in ENDS and str(count) != league.espn_params.get("limit"):
        return ""
    return (
        f"the board of {day} has exactly {count} events, where ESPN cuts lists off; check the"
        f" league's espn_params, were {league.espn_params}: `limit` up to 500, `groups` in college"
    )
