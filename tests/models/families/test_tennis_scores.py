from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.families.tennis_scores import match_games, scores
from models.protocol import Floats

NAMES = ("sets_home", "sets_away", "games_home", "games_away", "points_home", "points_away")
START = dict.fromkeys(NAMES, 0.0) | {"best_of": 3.0, "server": 1.0, "tiebreak": 0.0}


def _columns(**told: float) -> dict[str, Floats]:
    return {name: np.array([float(value)]) for name, value in (START | told).items()}


def _counted(**told: float) -> tuple[list[int], ...]:
    at = scores(_columns(**told))
    return at.sets[:, 0].tolist(), at.games[:, 0].tolist(), at.points[:, 0].tolist()


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ({"games_home": 6, "games_away": 4, "points_home": 2}, ([1, 0], [0, 0], [0, 0])),
        ({"games_home": 5, "games_away": 7}, ([0, 1], [0, 0], [0, 0])),
        ({"games_home": 7, "games_away": 6}, ([1, 0], [0, 0], [0, 0])),
        ({"games_home": 6, "games_away": 5}, ([0, 0], [6, 5], [0, 0])),
        (
            {"games_home": 6, "games_away": 6, "tiebreak": 1, "points_home": 6, "points_away": 5},
            ([0, 0], [6, 6], [6, 5]),
        ),
        (
            {"games_home": 6, "games_away": 6, "tiebreak": 1, "points_home": 9, "points_away": 8},
            ([0, 0], [6, 6], [7, 6]),
        ),
        ({"points_home": 5, "points_away": 5}, ([0, 0], [0, 0], [3, 3])),
        ({"points_home": 6, "points_away": 5}, ([0, 0], [0, 0], [4, 3])),
        ({"points_home": np.nan, "points_away": np.nan}, ([0, 0], [0, 0], [0, 0])),
        # A deciding set that is played on: nobody has won at 7-6, and 6-6 stands as 5-5.
        (
            {"sets_home": 1, "sets_away": 1, "games_home": 7, "games_away": 6},
            ([1, 1], [6, 5], [0, 0]),
        ),
        (
            {"sets_home": 1, "sets_away": 1, "games_home": 6, "games_away": 6},
            ([1, 1], [5, 5], [0, 0]),
        ),
        (
            {"sets_home": 1, "sets_away": 1, "games_home": 9, "games_away": 7},
            ([2, 1], [0, 0], [0, 0]),
        ),
        # What no match has.
        ({"sets_home": 2, "sets_away": 2}, ([1, 1], [0, 0], [0, 0])),
        ({"sets_home": 3, "games_away": 6}, ([2, 0], [0, 6], [0, 0])),
        ({"sets_home": 2, "sets_away": 2, "best_of": 5}, ([2, 2], [0, 0], [0, 0])),
    ],
)
def test_scores_are_counted_as_the_tables_do(
    told: dict[str, float], counted: tuple[list[int], ...]
) -> None:
    """Sets that are won count, deuce is deuce, and impossible counts are cut."""
    assert _counted(**told) == counted


@pytest.mark.parametrize(("best_of", "need"), [(3, 2), (5, 3), (0, 2), (np.nan, 2), (99, 3)])
def test_best_of_says_how_many_sets_win(best_of: float, need: int) -> None:
    """Three of five, else two."""
    assert scores(_columns(best_of=best_of)).need.tolist() == [need]


@pytest.mark.parametrize(
    ("told", "first"),
    [
        ({"server": 1}, 0),
        ({"server": -1}, 1),
        ({"server": 0}, 2),
        ({"server": 1, "games_home": 1}, 1),
        ({"server": 1, "games_home": 1, "earlier_home": 6, "earlier_away": 3}, 0),
        # Twelve games: who begins the tie break served the first of them.
        ({"server": 1, "games_home": 6, "games_away": 6, "tiebreak": 1}, 0),
        ({"server": 1, "games_home": 6, "games_away": 6, "tiebreak": 1, "points_home": 1}, 1),
        ({"server": 1, "games_home": 6, "games_away": 6, "tiebreak": 1, "points_away": 2}, 1),
        ({"server": 1, "games_home": 6, "games_away": 6, "tiebreak": 1, "points_home": 3}, 0),
    ],
)
def test_server_now_tells_who_served_first(told: dict[str, float], first: int) -> None:
    """The serve goes in turn, in a tie break after one point and then after every two."""
    columns = _columns(**({"earlier_home": 0.0, "earlier_away": 0.0} | told))

    assert match_games(columns, scores(columns))[0].tolist() == [first]


def test_games_of_long_matches_are_cut_on_both_sides() -> None:
    """The lead stays when more games were played than the tables have."""
    columns = _columns(games_home=3, games_away=1, earlier_home=40, earlier_away=37)

    assert match_games(columns, scores(columns))[1].tolist() == [[35], [30]]


@given(
    st.fixed_dictionaries(
        {name: st.one_of(st.floats(), st.integers(-9, 120)) for name in (*NAMES, "best_of")}
    )
)
def test_every_state_is_within_the_tables(told: dict[str, float]) -> None:
    """Whatever the columns say, sets, games and points have their places."""
    at = scores(_columns(**told))

    assert np.all((at.sets >= 0) & (at.sets <= at.need))
    assert np.all((at.games >= 0) & (at.games <= 6))
    assert np.all((at.points >= 0) & (at.points <= 4))
