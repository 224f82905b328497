from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from fusion.leagues import LEAGUES
from simulator.espn_mma import WEIGHTS
from simulator.game_plan import Slot, plan_game, start_after
from simulator.listing import EASTERN
from simulator.plan import Evening, GamePlan
from simulator.players import PLAYERS
from simulator.schedule import Booking
from simulator.story import MINUTE_MS
from simulator.teams import TEAMS

BEGIN = datetime(2026, 11, 20, 18, 50, tzinfo=EASTERN)
SIDES = TEAMS | PLAYERS


def planned(booking: Booking, seed: int = 4) -> GamePlan:
    """Return the third game of an evening."""
    home, away, *_ = SIDES[booking.league]
    start_ms = booking.start_min * MINUTE_MS
    slot = Slot(2, booking, LEAGUES[booking.league], home, away, start_ms, place=2)
    return plan_game(slot, BEGIN, np.random.default_rng(seed))


def test_ids_have_the_place_in_the_evening() -> None:
    """Of its number are events, markets and the venue's game, of its place ESPN's id."""
    game = planned(Booking("eng.1", 10))
    assert game.venue_id == 20_030_002
    assert 401_900_074 <= int(game.espn_id) < 401_900_104
    assert [listing.event_id for listing in game.listings] == [700_020, 700_021]
    numbers = [market.number for listing in game.listings for market in listing.markets]
    assert numbers == [40, 41, 42, 50]


@pytest.mark.parametrize(
    ("booking", "selected"),
    [(Booking("nhl", 10, wants="overtime"), True), (Booking("nhl", 10), False)],
)
def test_a_game_that_was_asked_for_something_is_marked(booking: Booking, selected: bool) -> None:
    """Its truth is exact all the same, and begins near one half."""
    game = planned(booking)
    assert game.selected is selected
    assert not selected or game.final.period > 3
    assert sum(game.moments[0].truth) == pytest.approx(1.0)


def test_a_match_has_sets_and_a_tournament() -> None:
    """Three where nothing else is booked; a game of teams has neither."""
    match = planned(Booking("atp", 10, card="Vienna Open"))
    longer = planned(Booking("atp", 10, card="Vienna Open", best_of=5))
    assert (match.card, match.best_of, longer.best_of) == ("Vienna Open", 3, 5)
    assert max(longer.final.home, longer.final.away) == 3
    game = planned(Booking("nba", 10))
    assert (game.card, game.best_of) == ("", 0)


def test_a_bout_has_the_weight_that_the_scoreboard_gives_it() -> None:
    """The title of the event says the same as the board."""
    bout = planned(Booking("ufc", 10, card="UFC 330"))
    weight = list(WEIGHTS.values())[int(bout.espn_id) % len(WEIGHTS)]
    assert bout.listings[0].title.endswith(f"({weight}, Main Card)")


def test_a_second_game_starts_at_a_full_five_minutes(evening: Evening) -> None:
    """Ten minutes after the first one's end at the least."""
    for game in evening.games:
        start_ms = start_after(game)
        assert start_ms % (5 * MINUTE_MS) == 0
        assert 10 * MINUTE_MS <= start_ms - game.final.at_ms < 15 * MINUTE_MS
