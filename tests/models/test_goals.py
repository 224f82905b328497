from __future__ import annotations

from collections.abc import Callable
from math import exp, factorial

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.game import GameState, Situation
from models.goals import Goals, goals_left
from models.protocol import Prior

StateOf = Callable[..., GameState]

EVEN = Prior(home=0.4, draw=0.27, away=0.33, source="market")

# The priors that markets make: every draw between those of a goalless and a lively league.
priors = st.builds(
    lambda strength, draw: Prior(
        home=strength * (1 - draw * 4 * strength * (1 - strength)),
        draw=draw * 4 * strength * (1 - strength),
        away=(1 - strength) * (1 - draw * 4 * strength * (1 - strength)),
        source="market",
    ),
    st.floats(0.08, 0.92),
    st.floats(0.2, 0.33),
)
absurd = st.fixed_dictionaries(
    {
        "period": st.integers(-1, 2),
        "clock_s": st.none() | st.floats(-100, 8000),
        "in_break": st.booleans(),
        "home_score": st.integers(-5, 60),
        "away_score": st.integers(-5, 60),
        "situation": st.builds(
            Situation, home_reds=st.integers(0, 12), away_reds=st.integers(0, 12)
        ),
    }
)


def _row(state: GameState, prior: Prior) -> list[float]:
    row: list[float] = Goals().price([state], [prior])[0].tolist()
    return row


def _poisson(mean: float, count: int) -> float:
    return exp(-mean) * mean**count / factorial(count)


def _double_sum(home: float, away: float, lead: int) -> list[float]:
    result = [0.0, 0.0, 0.0]
    for mine in range(25):
        for theirs in range(25):
            margin = lead + mine - theirs
            index = 0 if margin > 0 else 1 if margin == 0 else 2
            result[index] += _poisson(home, mine) * _poisson(away, theirs)
    return result


@given(prior=priors)
def test_the_start_is_the_prior(state_of: StateOf, prior: Prior) -> None:
    """Before the match, and at kick-off, the three prices are the prior's."""
    states = [state_of("eng.1", phase="pre", period=0), state_of("eng.1", clock_s=0.0)]
    expected = [[prior.home, prior.draw, prior.away]] * 2
    np.testing.assert_allclose(Goals().price(states, [prior] * 2), expected, atol=1e-6)


def test_late_in_a_match_the_price_is_a_plain_double_sum(state_of: StateOf) -> None:
    """Rates 1.4 and 1.1 give a known prior, and what is left of them, by the lead, the price."""
    start = _double_sum(1.4, 1.1, 0)
    prior = Prior(home=start[0], draw=start[1], away=start[2], source="market")
    # 90 seconds after 5400 of 5820 leave 210 of added time: 0.036 of the time, 0.039 of the goals.
    left = goals_left(210 / 5820)
    state = state_of("eng.1", period=2, clock_s=5490.0, home_score=1, away_score=0)
    expected = _double_sum(1.4 * left * 0.95, 1.1 * left * 1.2, 1)
    assert _row(state, prior) == pytest.approx(expected, abs=1e-6)


@given(fields=absurd, prior=priors)
def test_every_state_in_play_has_a_price(
    state_of: StateOf, fields: dict[str, object], prior: Prior
) -> None:
    """Whatever the feed says in regulation time, the row is in [0, 1] and sums to 1."""
    row = np.array(_row(state_of("eng.1", **fields), prior))
    assert (row >= 0).all()
    assert row.sum() == pytest.approx(1.0)


@given(fields=absurd, prior=priors, more=st.integers(1, 10))
def test_more_lead_is_never_worse(
    state_of: StateOf, fields: dict[str, object], prior: Prior, more: int
) -> None:
    """Goals for home never lower its chance nor raise that of away."""
    state = state_of("eng.1", **fields)
    ahead = msgspec.structs.replace(state, home_score=state.home_score + more)
    now, then = _row(state, prior), _row(ahead, prior)
    assert then[0] >= now[0] - 1e-12
    assert then[2] <= now[2] + 1e-12


@given(fields=absurd, prior=priors)
def test_swapping_the_sides_swaps_the_price(
    state_of: StateOf, fields: dict[str, object], prior: Prior
) -> None:
    """The advantage of home is in the prior and nowhere else."""
    state = state_of("eng.1", **fields)
    at = state.situation
    swapped = msgspec.structs.replace(
        state,
        home_score=state.away_score,
        away_score=state.home_score,
        situation=Situation(home_reds=at.away_reds, away_reds=at.home_reds),
    )
    other = msgspec.structs.replace(prior, home=prior.away, away=prior.home)
    assert _row(state, prior) == pytest.approx(_row(swapped, other)[::-1], abs=1e-6)


@given(prior=priors, lead=st.integers(-3, 3))
def test_half_time_is_the_end_of_one_half_and_the_start_of_the_other(
    state_of: StateOf, prior: Prior, lead: int
) -> None:
    """The break and the first second after it have one price, the last minute nearly that."""
    score = {"home_score": 3 + lead, "away_score": 3}
    states = [
        state_of("eng.1", period=1, clock_s=2760.0 + 60.0, **score),
        state_of("eng.1", period=1, clock_s=2700.0, in_break=True, status="halftime", **score),
        state_of("eng.1", period=2, clock_s=2700.0, **score),
    ]
    late, pause, begun = Goals().price(states, [prior] * 3)
    np.testing.assert_allclose(pause, begun, atol=1e-12)
    np.testing.assert_allclose(late, pause, atol=0.03)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [((2, 1), [1.0, 0.0, 0.0]), ((1, 1), [0.0, 1.0, 0.0]), ((0, 1), [0.0, 0.0, 1.0])],
)
def test_the_score_after_ninety_minutes_decides(
    state_of: StateOf, scores: tuple[int, int], expected: list[float]
) -> None:
    """A full-time score, and that of the break before extra time, is the result exactly."""
    score = {"home_score": scores[0], "away_score": scores[1]}
    ended = state_of("eng.1", phase="post", status="full_time", completed=True, period=2, **score)
    pause = state_of("fifa.world", period=2, clock_s=5400.0, in_break=True, **score)
    assert [_row(ended, EVEN), _row(pause, EVEN)] == [expected] * 2


@pytest.mark.parametrize(
    "fields",
    [
        {"period": 3, "clock_s": 6000.0, "status": "overtime"},
        {"period": 5, "clock_s": 7200.0, "status": "shootout"},
        {"phase": "post", "completed": True, "status": "final_aet", "period": 4, "winner": "home"},
        {"phase": "post", "completed": True, "status": "final_pen", "period": 5, "winner": "away"},
    ],
)
def test_extra_time_follows_a_draw_only_in_a_single_match(
    state_of: StateOf, fields: dict[str, object]
) -> None:
    """A cup match in extra time was drawn; a second leg may not have been, and has no price."""
    single = state_of("fifa.world", home_score=2, away_score=1, **fields)
    second_leg = state_of("uefa.champions", home_score=2, away_score=1, **fields)
    prices = Goals().price([single, second_leg], [EVEN] * 2)
    np.testing.assert_array_equal(prices, [[0.0, 1.0, 0.0], [np.nan] * 3])


def test_no_price_without_a_result_or_a_three_way_prior(state_of: StateOf) -> None:
    """A postponed match has no price, nor has one whose prior knows no draw."""
    postponed = state_of("eng.1", phase="post", status="postponed")
    states = [postponed, state_of("eng.1", clock_s=60.0)]
    priors = [EVEN, Prior(home=0.6, draw=0.0, away=0.4, source="odds")]
    assert np.isnan(Goals().price(states, priors)).all()


def test_a_red_card_costs_the_side_that_gets_it(state_of: StateOf) -> None:
    """Ten men win less and lose more; a card for each side keeps the order of the chances."""
    clock = {"period": 1, "clock_s": 1800.0}
    full = _row(state_of("eng.1", **clock), EVEN)
    ten = _row(state_of("eng.1", situation=Situation(home_reds=1), **clock), EVEN)
    assert ten[0] < full[0] - 0.1
    assert ten[2] > full[2] + 0.1


def test_goals_fall_a_little_later_than_evenly() -> None:
    """Nothing is left at the end, all at the start, 55 of 100 at half time."""
    assert [goals_left(left) for left in (1.0, 0.5, 0.0)] == pytest.approx([1.0, 0.55, 0.0])


def test_nothing_in_gives_nothing_out() -> None:
    """An empty batch is an empty answer of three columns."""
    assert Goals().price([], []).shape == (0, 3)
