from __future__ import annotations

from typing import get_args

import pytest

from fusion.leagues import LEAGUES
from simulator.plan import (
    EXTRA_TIME,
    NO_RESULT,
    OVER,
    PAUSED,
    Correction,
    Evening,
    GamePlan,
    Moment,
    SideTeam,
    Status,
    Truth,
    result,
    settled_score,
    shown_moment,
)

KNICKS = SideTeam("18", "NY", "New York", "Knicks", "nyk")
ARSENAL = SideTeam("359", "ARS", "Arsenal", "Arsenal", "ars")


def moment(
    status: Status,
    at_ms: int = 0,
    home: int = 0,
    away: int = 0,
    truth: Truth = (1.0, 0.0, 0.0),
) -> Moment:
    """Return a moment of which only the given parts matter."""
    return Moment(at_ms, status, 1, 0.0, home, away, truth)


def test_a_game_is_scheduled_live_over_or_off() -> None:
    """Breaks and delays are live; every word for an end is one; nobody won what was called off."""
    over = {status for status in get_args(Status) if moment(status).over}
    live = {status for status in get_args(Status) if moment(status).live}
    assert over == {"final", "full_time", "final_aet", "final_pen", "retired", "walkover"} == OVER
    assert set(get_args(Status)) - over - live == {"scheduled"} | NO_RESULT
    assert {"halftime", "end_period", "end_of_round", "rain_delay", "delayed"} < live
    assert over.isdisjoint(live)


def test_groups_of_statuses_are_statuses() -> None:
    """A word that no moment can have would never be found."""
    assert set(get_args(Status)) >= OVER | PAUSED | NO_RESULT | EXTRA_TIME


def test_clubs_of_one_name_say_it_once() -> None:
    """A location before a nickname, unless they are the same."""
    assert (KNICKS.name, ARSENAL.name) == ("New York Knicks", "Arsenal")


def test_the_venue_may_spell_a_name_its_own_way() -> None:
    """Else as the scoreboard does."""
    monfils = SideTeam("1", "", "Gaël Monfils", "Gaël Monfils", "monfils", "Gael Monfils")
    assert (monfils.name, monfils.venue_name) == ("Gaël Monfils", "Gael Monfils")
    assert KNICKS.venue_name == "New York Knicks"


def test_games_have_the_ids_of_the_house(evening: Evening) -> None:
    """League, colon, ESPN's id; the final is the last moment, and nothing is live after it."""
    for game in evening.games:
        assert game.key == f"{game.league.key}:{game.espn_id}"
        assert game.final is game.moments[-1]
        assert not game.final.live


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (moment("final"), "home"),
        (moment("full_time", truth=(0.0, 1.0, 0.0)), "draw"),
        (moment("final_pen", home=1, away=1, truth=(0.0, 1.0, 0.0)), "draw"),
        (moment("retired", home=1, truth=(0.0, 0.0, 1.0)), "away"),
        (moment("walkover", truth=(0.5, 0.0, 0.5)), None),
        (moment("canceled", truth=(0.5, 0.0, 0.5)), None),
        (moment("postponed", truth=(0.6, 0.0, 0.4)), None),
        (moment("suspended", home=3, truth=(0.9, 0.0, 0.1)), None),
    ],
)
def test_the_truth_tells_who_is_paid(last: Moment, expected: str | None) -> None:
    """Not the score: penalties, retirements; halves and open games pay nobody in full."""
    assert result((moment("scheduled"), last)) == expected


def test_a_suspended_game_is_undecided_however_clear() -> None:
    """A truth of one is no result where the game did not end."""
    assert result((moment("suspended", home=30),)) is None


def test_soccer_settles_on_ninety_minutes() -> None:
    """Goals of extra time are shown and pay nothing; other games settle on their last score."""
    cup = (
        moment("scheduled"),
        moment("end_of_regulation", home=1, away=1),
        moment("overtime", home=2, away=1),
        moment("final_aet", home=2, away=1),
    )
    assert settled_score(cup) == (1, 1)
    assert settled_score((moment("scheduled"), moment("final", home=4, away=2))) == (4, 2)


def test_a_mistake_is_shown_from_its_first_moment_to_the_one_that_mends_it() -> None:
    """What is added comes on top of what is scored meanwhile; a status is shown instead."""
    moments = tuple(moment("in_progress", at_ms, home=at_ms // 10) for at_ms in (0, 10, 20, 30))
    game = GamePlan(
        LEAGUES["nba"],
        "1",
        1,
        KNICKS,
        ARSENAL,
        0,
        0,
        0,
        moments,
        (),
        corrections=(Correction(10, 30, home=3), Correction(30, 40, away=-1, status="final")),
    )
    shown = [shown_moment(game, each) for each in moments]
    assert [(each.home, each.away, each.status) for each in shown] == [
        (0, 0, "in_progress"),
        (4, 0, "in_progress"),
        (5, 0, "in_progress"),
        (3, -1, "final"),
    ]
    assert [each.truth for each in shown] == [each.truth for each in moments]
