"""What is on tonight: which leagues play when, and what befalls their games.

An evening has one of everything that a season brings now and then. What a game comes to by its
own play it is asked for (`wants`); what comes from outside is its `fate`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from simulator.plan import Wants
from simulator.teams import EXTRA_TEAMS

FIGHTS = "UFC 330"
Fate = Literal["postponed", "canceled", "suspended", "rain_delay", "score_correction", ""]


class Booking(msgspec.Struct, frozen=True):
    """One game of the evening: its league and when it starts, in minutes since the beginning.

    `again` is a second game of the two teams of the booking before it, which starts when that one
    is over. `best_of` are the sets or rounds, 0 for those of the league; `card` is the tournament
    or the fight card, by its name in `players.toml`.
    """

    league: str
    start_min: int
    wants: Wants | None = None
    fate: Fate = ""
    again: bool = False
    best_of: int = 0
    card: str = ""


SCHEDULE = (
    Booking("nba", 10, wants="overtime"),
    Booking("wnba", 20),
    Booking("ncaamb", 10),
    Booking("ncaamb", 25, fate="canceled"),
    Booking("ncaawb", 30),
    Booking("nfl", 15),
    Booking("cfb", 10, fate="score_correction"),
    Booking("nhl", 10, wants="shootout"),
    Booking("nhl", 40),
    Booking("mlb", 10),
    Booking("mlb", 10, fate="suspended", again=True),
    Booking("mlb", 15, fate="rain_delay"),
    Booking("eng.1", 10),
    Booking("eng.1", 25, fate="postponed"),
    Booking("esp.1", 15),
    Booking("ger.1", 20),
    Booking("ita.1", 30),
    Booking("fra.1", 40),
    Booking("uefa.champions", 10),
    Booking("usa.1", 50),
    Booking("fifa.world", 25, wants="shootout"),
    Booking("atp", 10, wants="tie_break", card="Paris Masters"),
    Booking("atp", 30, wants="retired", card="Vienna Open"),
    Booking("wta", 15, card="Vienna Open"),
    Booking("ufc", 20, card=FIGHTS),
    Booking("ufc", 50, card=FIGHTS, best_of=5),
)
"""The games of every evening."""

EXTRA_GAMES = sum(len(teams) // 2 for teams in EXTRA_TEAMS.values())
"""How many games can be added."""

EXTRA_STARTS = (10, 20, 30, 40)
"""When added games start, in turn."""


def extra_bookings(count: int) -> tuple[Booking, ...]:
    """Return so many added games, `EXTRA_GAMES` at most."""
    keys = [key for key, teams in EXTRA_TEAMS.items() for _ in teams[::2]]
    return tuple(
        Booking(key, EXTRA_STARTS[number % len(EXTRA_STARTS)])
        for number, key in enumerate(keys[:count])
    )
