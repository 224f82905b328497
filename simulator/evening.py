"""The seeded evening: who plays in the schedule's games, and the plan of each.

The evening begins at 18:50 US Eastern; the first games start ten virtual minutes later. Every
game has its own child of the seed, so that a change in one leaves the others as they are.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from fusion.leagues import LEAGUES
from simulator.game_plan import Slot, plan_game, start_after
from simulator.listing import EASTERN
from simulator.plan import Evening, GamePlan, SideTeam
from simulator.players import PLAYERS
from simulator.schedule import SCHEDULE, Booking, extra_bookings
from simulator.story import MINUTE_MS
from simulator.teams import EXTRA_TEAMS, TEAMS

BEGIN = {"hour": 18, "minute": 50}
FIRST_HEADLINE = "Doubleheader - Game 1"
SECOND_HEADLINE = "Doubleheader - Game 2 - Makeup from May 9"


def plan_evening(seed: int, date: str, extra_games: int = 0) -> Evening:
    """Return the evening of a seed on a US Eastern day (`YYYY-MM-DD`).

    `extra_games` more games, `EXTRA_GAMES` at most, are of other teams and leave those of the
    schedule as they are.
    """
    begin = datetime.strptime(date, "%Y-%m-%d").replace(**BEGIN, tzinfo=EASTERN)
    root = np.random.default_rng(seed)
    children = root.spawn(len(SCHEDULE))
    decks = _shuffled(root, TEAMS | PLAYERS)
    extra_decks = _shuffled(root, EXTRA_TEAMS)
    extra = extra_bookings(extra_games)
    games: list[GamePlan] = []
    following = (*SCHEDULE[1:], None)
    for booking, after, rng in zip(SCHEDULE, following, children, strict=True):
        opens = after is not None and after.again
        slot = _again(booking, games) if booking.again else _slot(booking, decks, len(games), opens)
        games.append(plan_game(slot, begin, rng))
    for booking, rng in zip(extra, root.spawn(len(extra)), strict=True):
        slot = _slot(booking, extra_decks, len(games), opens=False)
        games.append(plan_game(slot, begin, rng))
    return Evening(
        seed=seed,
        date=date,
        begin_ms=round(begin.timestamp() * 1000),
        games=tuple(games),
        end_ms=max(game.resolve_ms for game in games),
    )


def _slot(booking: Booking, decks: dict[str, list[SideTeam]], number: int, opens: bool) -> Slot:
    """Return the slot of two new teams; one that `opens` a doubleheader has the later id."""
    return Slot(
        number,
        booking,
        LEAGUES[booking.league],
        home=decks[booking.league].pop(),
        away=decks[booking.league].pop(),
        start_ms=booking.start_min * MINUTE_MS,
        place=number + opens,
        headline=FIRST_HEADLINE if opens else "",
    )


def _again(booking: Booking, games: list[GamePlan]) -> Slot:
    """Return the slot of the teams that just played."""
    first = games[-1]
    return Slot(
        len(games),
        booking,
        first.league,
        home=first.home,
        away=first.away,
        start_ms=start_after(first),
        place=len(games) - 1,
        meeting=2,
        headline=SECOND_HEADLINE,
    )


def _shuffled(
    rng: np.random.Generator, teams: dict[str, tuple[SideTeam, ...]]
) -> dict[str, list[SideTeam]]:
    return {
        key: [deck[index] for index in rng.permutation(len(deck))] for key, deck in teams.items()
    }
