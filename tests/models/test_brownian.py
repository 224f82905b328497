from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from statistics import NormalDist

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.game import GameState, Situation
from models.brownian import Brownian, possession_points
from models.protocol import Prior

StateOf = Callable[..., GameState]

LEAGUES = ("nba", "wnba", "ncaamb", "ncaawb", "nfl", "cfb")
PERIOD_S = {"nba": 720, "wnba": 600, "ncaamb": 1200, "ncaawb": 600, "nfl": 900, "cfb": 900}

leagues = st.sampled_from(LEAGUES)
chances = st.floats(0.005, 0.995)
situations = st.builds(
    Situation,
    possession=st.sampled_from([None, "home", "away"]),
    down=st.none() | st.integers(-1, 9),
    distance=st.none() | st.integers(-1, 99),
    yards_to_goal=st.none() | st.integers(-5, 120),
)
absurd = st.fixed_dictionaries(
    {
        "period": st.integers(-1, 99),
        "clock_s": st.none() | st.floats(-100, 4000),
        "in_break": st.booleans(),
        "home_score": st.integers(-5, 300),
        "away_score": st.integers(-5, 300),
        "situation": situations,
    }
)


def _prior(home: float) -> Prior:
    return Prior(home=home, draw=0.0, away=1.0 - home, source="market")


def _home(state: GameState, prior: Prior) -> float:
    return float(Brownian().price([state], [prior])[0, 0])


def _swapped(state: GameState) -> GameState:
    at = state.situation
    other = {"home": "away", "away": "home"}.get(at.possession or "")
    return msgspec.structs.replace(
        state,
        home_score=state.away_score,
        away_score=state.home_score,
        situation=msgspec.structs.replace(at, possession=other),
    )


def test_a_college_lead_is_worth_what_the_formula_says(
    state_of: StateOf,
) -> None:
    """Half a game is left: Stern's normal margin, the last drives, and level scores shared."""
    state = state_of("cfb", period=3, clock_s=900.0, home_score=10, away_score=7)
    spread = sqrt(16.0**2 * 0.5 + 15.0)
    win = NormalDist(3, spread).cdf(1e9) - NormalDist(3, spread).cdf(0.5)
    tie = NormalDist(3, spread).cdf(0.5) - NormalDist(3, spread).cdf(-0.5)
    expected = win + tie / 2
    assert _home(state, _prior(0.5)) == pytest.approx(expected, abs=1e-9)


@given(league=leagues, chance=chances)
def test_the_start_is_the_prior(state_of: StateOf, league: str, chance: float) -> None:
    """Before the game, and at its first second, the price is the prior."""
    waiting = state_of(league, phase="pre", status="scheduled", period=0)
    begun = state_of(league, clock_s=float(PERIOD_S[league]))
    prices = Brownian().price([waiting, begun], [_prior(chance)] * 2)
    expected = np.array([[chance, 0.0, 1.0 - chance]] * 2)
    np.testing.assert_allclose(prices, expected, atol=1e-6)


@given(league=leagues, fields=absurd, chance=chances)
def test_every_state_in_play_has_a_price(
    state_of: StateOf, league: str, fields: dict[str, object], chance: float
) -> None:
    """Whatever the feed says, the row is in [0, 1], sums to 1 and has no draw."""
    row = Brownian().price([state_of(league, **fields)], [_prior(chance)])[0]
    assert (row >= 0).all()
    assert row.sum() == pytest.approx(1.0)
    assert row[1] == 0.0


@given(league=leagues, fields=absurd, chance=chances, more=st.integers(1, 60))
def test_more_lead_is_never_worse(
    state_of: StateOf,
    league: str,
    fields: dict[str, object],
    chance: float,
    more: int,
) -> None:
    """Points for home at the same state never lower its chance."""
    state = state_of(league, **fields)
    ahead = msgspec.structs.replace(state, home_score=state.home_score + more)
    assert _home(ahead, _prior(chance)) >= _home(state, _prior(chance)) - 1e-12


@given(league=leagues, fields=absurd, chance=chances)
def test_swapping_the_sides_swaps_the_price(
    state_of: StateOf, league: str, fields: dict[str, object], chance: float
) -> None:
    """The advantage of home is in the prior and nowhere else."""
    state = state_of(league, **fields)
    there = _home(_swapped(state), _prior(1.0 - chance))
    assert _home(state, _prior(chance)) == pytest.approx(1.0 - there, abs=1e-6)


@given(league=leagues, chance=chances, lead=st.integers(-20, 20), data=st.data())
def test_the_end_of_a_period_is_the_start_of_the_next(
    state_of: StateOf, league: str, chance: float, lead: int, data: st.DataObject
) -> None:
    """The last second, the break and the first second of the next period have one price."""
    periods = 2 if league == "ncaamb" else 4
    period = data.draw(st.integers(1, periods - 1))
    fields = {"home_score": 50 + lead, "away_score": 50}
    states = [
        state_of(league, period=period, clock_s=0.0, **fields),
        state_of(league, period=period, clock_s=0.0, in_break=True, **fields),
        state_of(league, period=period + 1, clock_s=float(PERIOD_S[league]), **fields),
    ]
    prices = Brownian().price(states, [_prior(chance)] * 3)[:, 0]
    assert prices.tolist() == pytest.approx([prices[1]] * 3, abs=1e-9)


@pytest.mark.parametrize("league", ["nba", "wnba", "ncaamb", "ncaawb", "nfl"])
@pytest.mark.parametrize("chance", [0.1, 0.5, 0.8])
def test_level_scores_after_regulation_are_overtime(
    state_of: StateOf, league: str, chance: float
) -> None:
    """The break before overtime and its first second have one price, nearer a coin toss."""
    periods = 2 if league == "ncaamb" else 4
    length = 600.0 if league == "nfl" else 300.0
    before = state_of(league, period=periods, clock_s=0.0, in_break=True)
    begun = state_of(league, period=periods + 1, clock_s=length)
    prices = Brownian().price([before, begun], [_prior(chance)] * 2)[:, 0]
    assert prices[0] == pytest.approx(prices[1], abs=1e-9)
    assert abs(prices[0] - 0.5) <= abs(chance - 0.5) + 1e-9


def test_a_lead_is_not_won_before_the_end(
    state_of: StateOf,
) -> None:
    """At 0:00 of a running game a point ahead is nearly won, ten points are, a break is over."""
    states = [
        state_of("nba", period=4, clock_s=0.0, home_score=100, away_score=99),
        state_of("nba", period=4, clock_s=0.0, home_score=110, away_score=100),
        state_of("nba", period=4, clock_s=0.0, home_score=100, away_score=99, in_break=True),
    ]
    close, far, over = Brownian().price(states, [_prior(0.5)] * 3)[:, 0].tolist()
    assert 0.9 < close < 0.99
    assert (far, over) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"completed": True, "winner": "home"}, [1.0, 0.0, 0.0]),
        ({"completed": True, "winner": "away"}, [0.0, 0.0, 1.0]),
        ({"completed": True, "home_score": 99, "away_score": 101}, [0.0, 0.0, 1.0]),
        ({"completed": True, "home_score": 101, "away_score": 99}, [1.0, 0.0, 0.0]),
        ({"completed": False, "status": "postponed"}, [np.nan] * 3),
        ({"completed": True, "home_score": 99, "away_score": 99}, [np.nan] * 3),
    ],
)
def test_a_game_that_is_over_is_its_result(
    state_of: StateOf, fields: dict[str, object], expected: list[float]
) -> None:
    """The winner has 1 exactly, by flag or score; without a result there is no price."""
    state = state_of("nba", phase="post", period=4, clock_s=720.0, **fields)
    np.testing.assert_array_equal(Brownian().price([state], [_prior(0.6)]), [expected])


def test_a_tie_that_stands_pays_half_each(
    state_of: StateOf,
) -> None:
    """The NFL has ties, and a two-way market pays both sides half."""
    state = state_of("nfl", phase="post", completed=True, home_score=20, away_score=20)
    np.testing.assert_array_equal(Brownian().price([state], [_prior(0.6)]), [[0.5, 0.0, 0.5]])


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        (Situation(), 0.0),
        (Situation(possession="home", down=1, yards_to_goal=25), 3.681),
        (Situation(possession="away", down=1, yards_to_goal=25), -3.681),
        (Situation(possession="home", down=4, yards_to_goal=75), 0.236 - 2.0),
        (Situation(possession="home", down=None, yards_to_goal=95), -1.245),
        (Situation(possession="home", down=-1, yards_to_goal=15), 4.572),
        (Situation(possession="home", down=1, yards_to_goal=None), 0.0),
        (Situation(possession="home", down=1, yards_to_goal=130), 0.0),
        (Situation(possession=None, down=2, yards_to_goal=40), 0.0),
    ],
)
def test_points_of_the_possession(state_of: StateOf, situation: Situation, expected: float) -> None:
    """Field position and down are worth what the table says, and nothing where unknown."""
    points = possession_points(state_of("nfl", situation=situation))
    assert points == pytest.approx(expected)


def test_the_ball_in_college_overtime_helps_who_is_behind(state_of: StateOf) -> None:
    """Both sides get the ball: first with it is worth nothing, behind with it something."""
    ball = Situation(possession="home", down=1, distance=10, yards_to_goal=25)
    level, level_ball, behind, behind_ball, ahead = (
        _home(state_of("cfb", period=5, home_score=20, away_score=20 - lead, situation=at), prior)
        for prior in [_prior(0.5)]
        for lead, at in (
            (0, Situation()),
            (0, ball),
            (-7, Situation()),
            (-7, ball),
            (7, Situation(possession="away", down=1, distance=10, yards_to_goal=25)),
        )
    )
    assert level == level_ball == pytest.approx(0.5)
    assert behind < 0.1 < behind_ball < 0.35
    assert ahead == pytest.approx(1.0 - behind_ball)


def test_rows_of_a_batch_do_not_depend_on_each_other(
    state_of: StateOf,
) -> None:
    """A batch of leagues, phases and priors gives the rows of its single calls."""
    states = [
        state_of("nba", period=2, clock_s=100.0, home_score=40, away_score=44),
        state_of("cfb", phase="pre", period=0),
        state_of("nfl", phase="post", completed=False),
        state_of("nfl", period=4, clock_s=200.0, home_score=14, away_score=10),
    ]
    priors = [_prior(0.3), _prior(0.6), _prior(0.5), Prior(0.0, 0.0, 0.0, "league")]
    batch = Brownian().price(states, priors)
    single = [Brownian().price([s], [p])[0] for s, p in zip(states, priors, strict=True)]
    np.testing.assert_array_equal(batch, single)
    assert np.isnan(batch).all(axis=1).tolist() == [False, False, True, True]


def test_nothing_in_gives_nothing_out() -> None:
    """An empty batch is an empty answer of three columns."""
    assert Brownian().price([], []).shape == (0, 3)
