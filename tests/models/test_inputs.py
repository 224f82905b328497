from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.game import GameState, SetScore, Situation, Team
from fusion.leagues import LEAGUES, Sport
from models.inputs import column_names, columns, half_left
from models.protocol import Prior

StateOf = Callable[..., GameState]

PRIOR = Prior(home=0.6, draw=0.0, away=0.4, source="market")
GUESS = Prior(home=0.5, draw=0.2, away=0.3, source="league")
MAY_2024_NS = 1_714_521_600_000_000_000
NOVEMBER_2024_NS = 1_730_419_200_000_000_000
MAY_2019_NS = 1_556_668_800_000_000_000


def only(state: GameState, prior: Prior = PRIOR) -> dict[str, float]:
    """Return the numbers of a single state."""
    made = columns([state], [prior], LEAGUES[state.league])
    return {name: float(values[0]) for name, values in made.items()}


def test_what_every_sport_has(state_of: StateOf) -> None:
    """Score, prior, and whether somebody knew the strengths."""
    state = state_of("nba", home_score=70, away_score=75, period=5, clock_s=90.0, neutral_site=True)
    assert only(state, GUESS) == {
        "lead": -5.0,
        "home_score": 70.0,
        "away_score": 75.0,
        "prior_home": 0.5,
        "prior_draw": 0.2,
        "prior_away": 0.3,
        "prior_known": 0.0,
        "overtime": 1.0,
        "in_break": 0.0,
        "neutral": 1.0,
        "remaining_s": 90.0,
        "period": 5.0,
        "possession": 0.0,
        "regulation_s": 2880.0,
        "overtime_s": 300.0,
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"period": 4, "clock_s": 0.0, "home_score": 3}, 1.0),
        ({"period": 4, "clock_s": 0.0, "home_score": 3, "in_break": True}, 0.0),
        ({"period": 4, "clock_s": 0.0}, 0.0),
        ({"period": 2, "clock_s": 0.0}, 1440.0),
    ],
)
def test_a_running_clock_has_a_second_left(
    state_of: StateOf, fields: dict[str, object], expected: float
) -> None:
    """0:00 is not the end of a game unless it is level or in a break."""
    assert only(state_of("nba", **fields))["remaining_s"] == expected


def test_football_has_its_situation(state_of: StateOf) -> None:
    """Sides are signs, what is unknown is NaN or 0, and the half has its own clock."""
    at = Situation(possession="away", down=3, distance=7, yards_to_goal=42, home_timeouts=2)
    made = only(state_of("nfl", period=2, clock_s=100.0, situation=at))
    names = ("possession", "down", "distance", "yards_to_goal", "home_timeouts", "half_left_s")
    assert [made[name] for name in names] == [-1.0, 3.0, 7.0, 42.0, 2.0, 100.0]
    assert np.isnan(made["away_timeouts"])


@pytest.mark.parametrize(
    "at",
    [
        Situation(down=3, distance=7, yards_to_goal=42),
        Situation(possession="home", down=3, distance=7, yards_to_goal=140),
        Situation(possession="home", down=3, distance=7),
    ],
)
def test_a_down_without_its_place_is_not_believed(state_of: StateOf, at: Situation) -> None:
    """The feed keeps old downs: without a side and a spot on the field they are unknown."""
    made = only(state_of("nfl", clock_s=100.0, situation=at))
    assert made["down"] == 0.0
    assert np.isnan([made["distance"], made["yards_to_goal"]]).all()


def test_the_half_ends_before_regulation_does() -> None:
    """In the first half the second is taken off; from then on it is what is left."""
    left = half_left(np.array([2000.0, 1800.0, 100.0]), np.array([2.0, 3.0, 5.0]), LEAGUES["nfl"])
    assert left.tolist() == [200.0, 1800.0, 100.0]


def test_soccer_counts_added_time_and_reds(state_of: StateOf) -> None:
    """At the 60th minute 30 are left and five of added time; the whole is 97 minutes."""
    at = Situation(home_reds=1, away_reds=2)
    made = only(state_of("eng.1", period=2, clock_s=3600.0, situation=at), GUESS)
    assert (made["remaining_s"], made["regulation_s"]) == (2100.0, 5820.0)
    assert (made["home_reds"], made["away_reds"]) == (1.0, 2.0)


@pytest.mark.parametrize(
    ("start_ns", "expected"), [(MAY_2024_NS, 1.0), (NOVEMBER_2024_NS, 0.0), (MAY_2019_NS, 0.0)]
)
def test_baseball_knows_the_runner_on_second(
    state_of: StateOf, start_ns: int, expected: float
) -> None:
    """The rule is of regular seasons since 2020; play-offs are told by the date."""
    at = Situation(bottom=True, outs=2, bases=5)
    made = only(state_of("mlb", period=3, situation=at, start_ns=start_ns))
    names = ("half", "outs", "bases", "fresh", "innings", "runner_rule")
    assert [made[name] for name in names] == [5.0, 2.0, 5.0, 0.0, 9.0, expected]


def test_tennis_counts_the_games_of_the_set_in_play(state_of: StateOf) -> None:
    """Sets won are the score; the set in play has its games, and points are never there."""
    sets = (SetScore(6, 4, winner="home"), SetScore(6, 7, winner="away"), SetScore(6, 6))
    at = Situation(server="away")
    state = state_of(
        "atp", home_score=1, away_score=1, period=3, sets=sets, best_of=5, situation=at
    )
    made = only(state)
    names = ("sets_home", "sets_away", "games_home", "games_away", "best_of", "server", "tiebreak")
    assert [made[name] for name in names] == [1.0, 1.0, 6.0, 6.0, 5.0, -1.0, 1.0]
    assert [made["earlier_home"], made["earlier_away"]] == [12.0, 11.0]
    assert np.isnan([made["points_home"], made["points_away"]]).all()


def test_between_two_sets_the_games_are_level(state_of: StateOf) -> None:
    """A set that is won is not the one in play; a match without a format is of three sets."""
    made = only(state_of("wta", home_score=1, sets=(SetScore(6, 4, winner="home"),)))
    assert (made["games_home"], made["games_away"], made["best_of"]) == (0.0, 0.0, 3.0)
    assert (made["earlier_home"], made["earlier_away"]) == (6.0, 4.0)


@pytest.mark.parametrize("sport", get_args(Sport))
def test_the_names_are_those_of_the_columns(sport: Sport, state_of: StateOf) -> None:
    """What a sport says that it has is what a state of it gives; fights have none."""
    league = next(league for league in LEAGUES.values() if league.sport == sport)
    made = columns([state_of(league.key)], [PRIOR], league)
    assert set(column_names(sport)) == set(made)


WHOLE = st.integers(-(2**31), 2**31)
CLOCKS = st.none() | st.floats(-1e9, 1e9)


@given(
    key=st.sampled_from(["nba", "nfl", "nhl", "mlb", "eng.1", "atp"]),
    scores=st.tuples(WHOLE, WHOLE),
    period=st.integers(-5, 10**6),
    clock=CLOCKS,
    at=st.builds(
        Situation,
        possession=st.sampled_from(["home", "away", None]),
        down=st.none() | WHOLE,
        distance=st.none() | WHOLE,
        yards_to_goal=st.none() | WHOLE,
        outs=st.none() | WHOLE,
        bases=st.none() | WHOLE,
        bottom=st.none() | st.booleans(),
        between_halves=st.booleans(),
    ),
    in_break=st.booleans(),
)
def test_every_state_has_its_numbers(
    *,
    key: str,
    scores: tuple[int, int],
    period: int,
    clock: float | None,
    at: Situation,
    in_break: bool,
) -> None:
    """Absurd states too: only what may be unknown is NaN, and nothing is infinite."""
    state = GameState(
        f"{key}:1", key, 0, Team("1", "H", "H"), Team("2", "A", "A"), "in", "in_progress", False,
        scores[0], scores[1], period, clock, situation=at, in_break=in_break,
    )  # fmt: skip
    unknown = {"distance", "yards_to_goal", "home_timeouts", "away_timeouts", "points_home"}
    made = only(state)
    assert {name for name, value in made.items() if not np.isfinite(value)} <= {
        *unknown,
        "points_away",
    }
    assert made.get("remaining_s", 0.0) >= 0.0
