"""One look at a day of a real (simulated) venue."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import date

import msgspec
import pytest

from flows.coverage import Coverage, take_coverage
from flows.settings import Settings
from flows.venue import Venue, open_venue
from fusion.days import slate_day
from fusion.leagues import LEAGUES

TODAY = date.fromisoformat(slate_day(time.time_ns()))
KEYS = ("nba", "eng.1", "atp", "ufc")


@pytest.fixture(scope="module")
def venue() -> Iterator[Venue]:
    """Return a simulator that runs for the tests of this module."""
    with open_venue(Settings()) as venue:
        yield venue


def look(venue: Venue, day: date) -> Coverage:
    """Take the coverage of a day of four leagues."""
    leagues = [LEAGUES[key] for key in KEYS]
    return asyncio.run(take_coverage(Settings(), venue, leagues, day))


def test_every_game_of_the_evening_has_its_markets(venue: Venue) -> None:
    """Games, events, markets and matches are counted by league, and the slate has the tokens."""
    coverage = look(venue, TODAY)

    assert [one.league for one in coverage.leagues] == list(KEYS)
    assert all(one.games == one.matched > 0 for one in coverage.leagues)
    kinds = {game.league: game.kind for game in coverage.slate.games}
    assert kinds == {
        "nba": "two_way",
        "eng.1": "three_way",
        "atp": "two_way",
        "ufc": "two_way",
    }


def test_a_league_in_season_without_games_says_so(venue: Venue) -> None:
    """A day on which nothing is played is news where games are expected."""
    november = date(TODAY.year + 1, 11, 20)
    coverage = look(venue, november)

    notes = {one.league: one.notes for one in coverage.leagues}
    assert "in season, and ESPN has no game that day" in notes["nba"]
    assert coverage.slate.games == ()


def test_a_board_that_does_not_come_is_a_note(venue: Venue) -> None:
    """A failure of one side leaves the other, and is told."""
    broken = msgspec.structs.replace(venue, espn_url="http://127.0.0.1:9")
    coverage = look(broken, TODAY)

    assert all(one.games == 0 for one in coverage.leagues)
    assert all(any(note.startswith("ESPN: ") for note in one.notes) for one in coverage.leagues)
