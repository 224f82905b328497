from __future__ import annotations

import pytest

from fusion.game import SetScore
from fusion.leagues import LEAGUES
from simulator.plan import GamePlan, Moment, Scene, SideTeam, Status, Truth
from simulator.tennis_sets import live_note, set_lines

HOME = SideTeam("1", "", "Ana One", "Ana One", "one", country_code="ONE")
AWAY = SideTeam("2", "", "Bea Two", "Bea Two", "two", country_code="TWO")
WON, LOST = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)
SETS = (SetScore(6, 4, winner="home"), SetScore(6, 7, 3, 7, "away"), SetScore(2, 1))


def shown(status: Status, truth: Truth, sets: tuple[SetScore, ...], home: int, away: int) -> Moment:
    """Return a moment of a match."""
    return Moment(0, status, len(sets), 0.0, home, away, truth, Scene(sets=sets))


def game(moment: Moment) -> GamePlan:
    """Return a match of which only the sides matter."""
    return GamePlan(LEAGUES["wta"], "1", 1, HOME, AWAY, 0, 0, 0, (moment,), ())


def test_a_running_set_has_no_winner() -> None:
    """Sets that are over say who won, to either side; the one that is on says nothing."""
    moment = shown("in_progress", (0.6, 0.0, 0.4), SETS, 1, 1)
    assert set_lines(moment, "home", flagged=True) == [
        {"value": 6.0, "winner": True},
        {"value": 6.0, "tiebreak": 3, "winner": False},
        {"value": 2.0},
    ]
    assert set_lines(moment, "away", flagged=True) == [
        {"value": 4.0, "winner": False},
        {"value": 7.0, "tiebreak": 7, "winner": True},
        {"value": 1.0},
    ]


def test_without_flags_there_are_games_only() -> None:
    """The layout of 2022."""
    moment = shown("in_progress", (0.6, 0.0, 0.4), SETS, 1, 1)
    assert set_lines(moment, "home", flagged=False) == [
        {"value": 6.0},
        {"value": 6.0, "tiebreak": 3},
        {"value": 2.0},
    ]


def test_a_set_that_a_retirement_broke_off_is_nobodys() -> None:
    """It is false on both sides."""
    moment = shown("retired", LOST, SETS, 1, 1)
    lines = [set_lines(moment, side, flagged=True)[-1] for side in ("home", "away")]
    assert lines == [{"value": 2.0, "winner": False}, {"value": 1.0, "winner": False}]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (shown("scheduled", (0.6, 0.0, 0.4), (), 0, 0), ""),
        (
            shown("in_progress", (0.6, 0.0, 0.4), SETS, 1, 1),
            "Ana One (ONE) leads Bea Two (TWO) 6-4 6-7 (3-7) 2-1",
        ),
        (
            shown(
                "final", LOST, (SetScore(4, 6, winner="away"), SetScore(6, 7, 5, 7, "away")), 0, 2
            ),
            "Bea Two (TWO) bt Ana One (ONE) 6-4 7-6 (7-5)",
        ),
        (
            shown("retired", LOST, (SetScore(6, 4, winner="home"), SetScore(3, 1)), 1, 0),
            "Bea Two (TWO) bt Ana One (ONE) 4-6 1-3 ret",
        ),
        (
            Moment(0, "walkover", 1, 0.0, 0, 0, (0.5, 0.0, 0.5), Scene(advances="home")),
            "Bea Two (TWO) bt Ana One (ONE) w/o",
        ),
    ],
)
def test_a_match_is_told_in_a_sentence(moment: Moment, text: str) -> None:
    """From the side of who leads or won, save after a walkover, where the boards are wrong."""
    assert live_note(game(moment), moment) == text
