from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.families.tennis_scores import Places, places
from models.families.tennis_tables import (
    OVER,
    game_place,
    match_place,
    point_place,
    set_place,
    tables,
)
from models.protocol import Floats

NAMES = (
    "sets_home",
    "sets_away",
    "games_home",
    "games_away",
    "points_home",
    "points_away",
    "earlier_home",
    "earlier_away",
)
START = dict.fromkeys(NAMES, 0.0) | {"best_of": 3.0, "server": 1.0, "tiebreak": 0.0}

Pair = tuple[int, int]


def _columns(**told: float) -> dict[str, Floats]:
    return {name: np.array([float(value)]) for name, value in (START | told).items()}


def _found(**told: float) -> Places:
    return places(_columns(**told))


@pytest.mark.parametrize("server", [1, -1, 0])
@pytest.mark.parametrize(
    ("told", "sets", "games", "points"),
    [
        ({"games_home": 6, "games_away": 4, "points_home": 2}, (1, 0), (0, 0), (0, 0)),
        ({"games_home": 5, "games_away": 7}, (0, 1), (0, 0), (0, 0)),
        ({"games_home": 7, "games_away": 6}, (1, 0), (0, 0), (0, 0)),
        ({"games_home": 6, "games_away": 5}, (0, 0), (6, 5), (0, 0)),
        (
            {"games_home": 6, "games_away": 6, "tiebreak": 1, "points_home": 6, "points_away": 5},
            (0, 0), (6, 6), (6, 5),
        ),
        (
            {"games_home": 6, "games_away": 6, "tiebreak": 1, "points_home": 9, "points_away": 8},
            (0, 0), (6, 6), (7, 6),
        ),
        ({"points_home": 5, "points_away": 5}, (0, 0), (0, 0), (3, 3)),
        ({"points_home": 6, "points_away": 5}, (0, 0), (0, 0), (4, 3)),
        ({"points_home": np.nan, "points_away": np.nan}, (0, 0), (0, 0), (0, 0)),
        # A deciding set that is played on: nobody has won at 7-6, and 6-6 stands as 5-5.
        (
            {"sets_home": 1, "sets_away": 1, "games_home": 7, "games_away": 6},
            (1, 1), (6, 5), (0, 0),
        ),
        (
            {"sets_home": 1, "sets_away": 1, "games_home": 6, "games_away": 6},
            (1, 1), (5, 5), (0, 0),
        ),
        (
            {"sets_home": 1, "sets_away": 1, "games_home": 9, "games_away": 7},
            (2, 1), (0, 0), (0, 0),
        ),
        # What no match has.
        ({"sets_home": 2, "sets_away": 2}, (1, 1), (0, 0), (0, 0)),
        ({"sets_home": 3, "games_away": 6}, (2, 0), (0, 6), (0, 0)),
    ],
)  # fmt: skip
def test_scores_are_counted_as_the_tables_do(
    told: dict[str, float], sets: Pair, games: Pair, points: Pair, server: int
) -> None:
    """Sets that are won count, deuce is deuce, and impossible counts are cut; whoever serves."""
    at = _found(**told, server=server)
    by = {1: 0, -1: 1, 0: 2}[server]
    tie = games == (6, 6)
    in_set = set_place(np.array(games), by, np.array(points), tie)
    assert at.match.tolist() == [match_place(2, *sets)]
    assert at.set_.tolist() == [in_set]
    # Who serves a tie break is not in the likelihood of its points.
    assert at.points.tolist() == [point_place(by, np.array(points), tie)]


@pytest.mark.parametrize(("best_of", "need"), [(3, 2), (5, 3), (0, 2), (np.nan, 2), (99, 3)])
def test_best_of_says_how_many_sets_win(best_of: float, need: int) -> None:
    """Three of five, else two."""
    at = _found(best_of=best_of, sets_home=1, sets_away=1)
    assert (at.need.tolist(), at.match.tolist()) == ([need], [match_place(need, 1, 1)])


@pytest.mark.parametrize(
    ("told", "first", "games"),
    [
        ({"server": 1}, 0, (0, 0)),
        ({"server": -1}, 1, (0, 0)),
        ({"server": 0}, 2, (0, 0)),
        ({"server": 1, "games_home": 1}, 1, (1, 0)),
        ({"server": 1, "games_home": 1, "earlier_home": 6, "earlier_away": 3}, 0, (7, 3)),
        # Twelve games: who begins the tie break served the first of them.
        ({"server": 1, "games_home": 6, "games_away": 6, "tiebreak": 1}, 0, (6, 6)),
        (
            {"server": 1, "games_home": 6, "games_away": 6, "tiebreak": 1, "points_home": 1},
            1, (6, 6),
        ),
        (
            {"server": 1, "games_home": 6, "games_away": 6, "tiebreak": 1, "points_away": 2},
            1, (6, 6),
        ),
        (
            {"server": 1, "games_home": 6, "games_away": 6, "tiebreak": 1, "points_home": 3},
            0, (6, 6),
        ),
        # More games than the tables have: the lead stays.
        (
            {"server": 0, "games_home": 3, "games_away": 1, "earlier_home": 40, "earlier_away": 37},
            2, (35, 30),
        ),
    ],
)  # fmt: skip
def test_games_of_the_match_tell_who_served_first(
    told: dict[str, float], first: int, games: Pair
) -> None:
    """The serve goes in turn, in a tie break after one point and then after every two."""
    assert _found(**told).games.tolist() == [game_place(first, *games)]


def test_over_is_who_has_the_sets() -> None:
    """Two sets win of three, three of five; at 1-1 nobody has won."""
    need, home, away = np.array([[2, 2, 3, 3], [2, 0, 3, 2], [1, 2, 0, 1]])
    won = OVER[np.asarray(match_place(need, home, away))]
    np.testing.assert_array_equal(won, [1.0, 0.0, 1.0, np.nan])


@given(
    st.fixed_dictionaries(
        {name: st.one_of(st.floats(), st.integers(-9, 120)) for name in (*NAMES, "best_of")}
    )
)
def test_every_state_is_within_the_tables(told: dict[str, float]) -> None:
    """Whatever the columns say, match, set, points and games have their places."""
    at = _found(**told)
    found = tables(0.5577)

    sizes = (len(found.lost), len(found.set_won), len(found.points), len(found.games))
    for place, size in zip(at[1:], sizes, strict=True):
        assert 0 <= place[0] < size
