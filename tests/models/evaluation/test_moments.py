from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.game import GameState, SetScore, Situation, Team
from fusion.leagues import LEAGUES
from models.calibration import played_share
from models.evaluation.moments import Moment, Seen, seen
from models.inputs import columns
from models.protocol import Prior

StateOf = Callable[..., GameState]

PRIOR = Prior(home=0.6, draw=0.0, away=0.4, source="market")
CLOCKED = sorted(key for key, each in LEAGUES.items() if each.clock in {"down", "up"})


def moment(state: GameState) -> Moment:
    """Return what the archive keeps of a state."""
    return Moment(
        state.period,
        state.clock_s,
        state.status,
        state.detail,
        state.home_score,
        state.away_score,
    )


def share(state: GameState) -> float:
    """Return the share of the game that the models read out of a state."""
    return float(played_share(columns([state], [PRIOR], LEAGUES[state.league]))[0])


def named(found: Seen) -> list[str]:
    """Return the part of the game of each row."""
    return [found.phase.names[code] for code in found.phase.codes]


@given(
    key=st.sampled_from(CLOCKED),
    period=st.integers(0, 7),
    clock_s=st.none() | st.floats(0.0, 7500.0),
    status=st.sampled_from(["in_progress", "halftime", "end_period", "delayed", "shootout"]),
)
def test_share_of_games_with_a_clock_is_exact(
    key: str, period: int, clock_s: float | None, status: str
) -> None:
    """The archive tells as much of the clock as the state that was priced."""
    state = GameState(
        game_id="x:1",
        league=key,
        start_ns=0,
        home=Team("1", "A", "A"),
        away=Team("2", "B", "B"),
        phase="in",
        status=status,
        completed=False,
        home_score=3,
        away_score=1,
        period=period,
        clock_s=clock_s,
        in_break=status in {"halftime", "end_period"},
    )
    assert seen([moment(state)], LEAGUES[key]).played.tolist() == [share(state)]


@pytest.mark.parametrize("detail", ["Top 5th", "Bottom 5th", "Middle 5th", "End 5th", "Rain Delay"])
@pytest.mark.parametrize("outs", [0, 1, 2])
def test_share_of_baseball_is_near(state_of: StateOf, detail: str, outs: int) -> None:
    """It is off by two thirds of a half inning at most, by one where the half is hidden."""
    between = detail.startswith(("Mid", "End"))
    situation = Situation(
        bottom=detail.startswith(("Bot", "Mid")),
        outs=0 if between else outs,
        between_halves=between,
    )
    state = state_of("mlb", period=5, detail=detail, situation=situation)
    (found,) = seen([moment(state)], LEAGUES["mlb"]).played.tolist()
    most = 1.0 if detail == "Rain Delay" else 0.0 if between else 2 / 3
    assert abs(found - share(state)) <= most / 18 + 1e-12


@pytest.mark.parametrize("games", [(0, 0), (3, 2), (6, 6)])
def test_share_of_tennis_is_near(state_of: StateOf, games: tuple[int, int]) -> None:
    """The set is known, and the middle stands for its games."""
    state = state_of("atp", period=2, home_score=1, sets=(SetScore(*games),))
    (found,) = seen([moment(state)], LEAGUES["atp"]).played.tolist()
    assert found == pytest.approx((1 + 1 / 2) / 3)
    assert abs(found - share(state)) <= 1 / 2 / 3 + 1e-12


PHASES: list[tuple[str, dict[str, Any], str]] = [
    ("nba", {"period": 1, "clock_s": 400.0}, "1st quarter"),
    ("nba", {"period": 4, "clock_s": 400.0}, "4th quarter before"),
    ("nba", {"period": 4, "clock_s": 200.0}, "last 5 minutes"),
    ("nba", {"period": 5, "clock_s": 200.0}, "overtime"),
    ("eng.1", {"period": 1, "clock_s": 1200.0}, "to 30 minutes"),
    ("eng.1", {"period": 2, "clock_s": 3599.0}, "30 to 60"),
    ("eng.1", {"period": 2, "clock_s": 3600.0}, "60 to 75"),
    ("eng.1", {"period": 2, "clock_s": 4800.0}, "75 to 85"),
    ("eng.1", {"period": 2, "clock_s": 5400.0}, "last 5 minutes"),
    ("fifa.world", {"period": 3, "clock_s": 5700.0}, "after 90 minutes"),
    ("mlb", {"period": 3}, "innings 1 to 3"),
    ("mlb", {"period": 6}, "4 to 6"),
    ("mlb", {"period": 8}, "7 and 8"),
    ("mlb", {"period": 9}, "last inning"),
    ("mlb", {"period": 10}, "extra innings"),
    ("atp", {"home_score": 0, "away_score": 0}, "1st set"),
    ("atp", {"home_score": 1, "away_score": 1}, "3rd set"),
]


@pytest.mark.parametrize(("key", "fields", "expected"), PHASES)
def test_parts_of_the_game(
    state_of: StateOf, key: str, fields: dict[str, Any], expected: str
) -> None:
    """They are called as on the cards of the models."""
    assert named(seen([moment(state_of(key, **fields))], LEAGUES[key])) == [expected]


def test_parts_come_in_the_order_of_time(state_of: StateOf) -> None:
    """The parts that have rows are named by time, and each row keeps its own."""
    late = moment(state_of("nba", period=4, clock_s=10.0))
    more = moment(state_of("nba", period=5, clock_s=100.0))
    soon = moment(state_of("nba", period=1, clock_s=600.0))
    found = seen([more, late, soon, late], LEAGUES["nba"])
    assert found.phase.names[:3] == ("1st quarter", "last 5 minutes", "overtime")
    assert named(found) == ["overtime", "last 5 minutes", "1st quarter", "last 5 minutes"]


def test_row_without_anything_is_at_the_start() -> None:
    """What the archive does not say counts as nothing."""
    found = seen([Moment(None, None, None, None, None, None)], LEAGUES["atp"])
    assert (found.played.tolist(), named(found)) == ([pytest.approx(0.5 / 3)], ["1st set"])
