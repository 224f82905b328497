from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.game import GameState
from models.hockey import DECIDED, Hockey
from models.protocol import Prior

StateOf = Callable[..., GameState]

chances = st.floats(0.005, 0.995)
absurd = st.fixed_dictionaries(
    {
        "period": st.integers(-1, 99),
        "clock_s": st.none() | st.floats(-100, 4000),
        "in_break": st.booleans(),
        "home_score": st.integers(-5, 60),
        "away_score": st.integers(-5, 60),
    }
)


def _prior(home: float) -> Prior:
    return Prior(home=home, draw=0.0, away=1.0 - home, source="market")


def _home(state: GameState, chance: float) -> float:
    return float(Hockey().price([state], [_prior(chance)])[0, 0])


@given(chance=chances)
def test_the_start_is_the_prior(state_of: StateOf, chance: float) -> None:
    """Before the game, and at the first face-off, the price is the prior."""
    states = [state_of("nhl", phase="pre", period=0), state_of("nhl", clock_s=1200.0)]
    expected = [[chance, 0.0, 1.0 - chance]] * 2
    np.testing.assert_allclose(Hockey().price(states, [_prior(chance)] * 2), expected, atol=1e-6)


@given(fields=absurd, chance=chances)
def test_every_state_in_play_has_a_price(
    state_of: StateOf, fields: dict[str, object], chance: float
) -> None:
    """Whatever the feed says, the row is in [0, 1], sums to 1 and has no draw."""
    row = Hockey().price([state_of("nhl", **fields)], [_prior(chance)])[0]
    assert (row >= 0).all()
    assert row.sum() == pytest.approx(1.0)
    assert row[1] == 0.0


@given(fields=absurd, chance=chances, more=st.integers(1, 9))
def test_more_lead_is_never_worse(
    state_of: StateOf, fields: dict[str, object], chance: float, more: int
) -> None:
    """Goals for home at the same state never lower its chance."""
    state = state_of("nhl", **fields)
    ahead = msgspec.structs.replace(state, home_score=state.home_score + more)
    assert _home(ahead, chance) >= _home(state, chance) - 1e-12


@given(fields=absurd, chance=chances)
def test_swapping_the_sides_swaps_the_price(
    state_of: StateOf, fields: dict[str, object], chance: float
) -> None:
    """The advantage of home is in the prior and nowhere else."""
    state = state_of("nhl", **fields)
    other = msgspec.structs.replace(state, home_score=state.away_score, away_score=state.home_score)
    assert _home(state, chance) == pytest.approx(1.0 - _home(other, 1.0 - chance), abs=1e-9)


@given(chance=chances, lead=st.integers(-3, 3), period=st.integers(1, 2))
def test_the_end_of_a_period_is_the_start_of_the_next(
    state_of: StateOf, chance: float, lead: int, period: int
) -> None:
    """An intermission has one price, told as a break or as 0:00 or by the next face-off."""
    score = {"home_score": 3 + lead, "away_score": 3}
    prices = [
        _home(state_of("nhl", period=period, clock_s=0.0, **score), chance),
        _home(state_of("nhl", period=period, clock_s=0.0, in_break=True, **score), chance),
        _home(state_of("nhl", period=period + 1, clock_s=1200.0, **score), chance),
    ]
    assert prices == pytest.approx([prices[0]] * 3, abs=1e-12)


def test_overtime_runs_from_the_third_period_into_the_shoot_out(state_of: StateOf) -> None:
    """Level after 60 minutes has one price before and at the start of overtime, then 1/2."""
    end, begun, late, shoot_out, unclocked = (
        _home(state_of("nhl", home_score=2, away_score=2, period=period, clock_s=clock), 0.7)
        for period, clock in ((3, 0.0), (4, 300.0), (4, 0.0), (5, 0.0), (5, None))
    )
    assert begun == pytest.approx(end, abs=1e-12)
    assert 0.5 < begun < 0.7
    assert (late, shoot_out, unclocked) == (0.5, 0.5, 0.5)


def test_play_off_overtime_is_the_share_of_the_rates(state_of: StateOf) -> None:
    """A clock over five minutes is play-off overtime, which no shoot-out ends."""
    regular, play_off, second = (
        _home(state_of("nhl", period=period, clock_s=clock), 0.7)
        for period, clock in ((4, 300.0), (4, 900.0), (5, 100.0))
    )
    assert play_off == second
    assert regular - 0.5 == pytest.approx(DECIDED * (play_off - 0.5))


def test_a_goal_in_overtime_has_won(state_of: StateOf) -> None:
    """Overtime is sudden death, whatever the clock says before the feed calls it final."""
    state = state_of("nhl", home_score=3, away_score=2, period=4, clock_s=100.0)
    assert _home(state, 0.3) == 1.0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"completed": True, "home_score": 3, "away_score": 2}, [1.0, 0.0, 0.0]),
        ({"completed": True, "winner": "away"}, [0.0, 0.0, 1.0]),
        ({"completed": True, "home_score": 2, "away_score": 2}, [np.nan] * 3),
        ({"completed": False, "status": "canceled"}, [np.nan] * 3),
    ],
)
def test_a_game_that_is_over_is_its_result(
    state_of: StateOf, fields: dict[str, object], expected: list[float]
) -> None:
    """The winner has 1 exactly, by flag or score; without a result there is no price."""
    state = state_of("nhl", phase="post", period=5, **fields)
    np.testing.assert_array_equal(Hockey().price([state], [_prior(0.5)]), [expected])


def test_no_price_without_a_prior(state_of: StateOf) -> None:
    """A prior of nothing gives a row of NaN, and no error."""
    nothing = Prior(home=0.0, draw=0.0, away=0.0, source="league")
    assert np.isnan(Hockey().price([state_of("nhl", clock_s=60.0)], [nothing])).all()
