from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from simulator.plan import Moment
from simulator.play.recursion import EDGE
from simulator.play.trips import POINTS, RULES, TripGame, TripRules

TINY = TripRules(
    periods=1,
    period_s=60,
    overtime_s=30,
    trips=4,
    overtime_trips=2,
    reversion=0.4,
    trip_ms=9_000,
    half_after=9,
)


def test_truth_equals_the_sum_over_every_possible_game() -> None:
    """A game of four turns has 256 courses; ties go to an overtime of the same chances."""
    game = TripGame(TINY, 1.0)

    def total(turns: int, level: float) -> float:
        chance = 0.0
        for course in product(POINTS, repeat=turns):
            weight, margin = 1.0, 0
            for turn, points in enumerate(course):
                weight *= game.shares[turn % 2][points, EDGE + margin]
                margin += -points if turn % 2 else points
            chance += weight * (1.0 if margin > 0 else level if margin == 0 else 0.0)
        return chance

    lost, won = total(2, 0.0), total(2, 1.0)
    level = lost / (1.0 - (won - lost))
    assert game.home_win(1, 0, 0) == pytest.approx(total(4, level), abs=1e-12)


def test_shares_are_whole_and_lean_against_the_leader() -> None:
    """They sum to one at every margin, and a turn is worth less to who leads."""
    game = TripGame(RULES["nba"], 0.0)
    for side in (0, 1):
        shares = game.shares[side]
        assert float(abs(shares.sum(axis=0) - 1.0).max()) < 1e-12
        assert shares.min() >= 0.0
    worth = np.array(POINTS) @ game.shares[0]
    assert worth[EDGE + 20] < worth[EDGE] < worth[EDGE - 20]


def test_no_edge_is_even_and_margins_are_those_of_the_league() -> None:
    """Whoever has the ball first; and final margins of the NBA spread by 12.4 points."""
    game = TripGame(RULES["nba"], 0.0)
    assert game.home_win(1, 0, 0) == pytest.approx(0.5, abs=0.015)
    finals = [game.play(np.random.default_rng(seed), 0)[-1] for seed in range(300)]
    spread = float(np.std([final.home - final.away for final in finals]))
    assert spread == pytest.approx(12.4, abs=4 * 12.4 / (2 * 300) ** 0.5)


@pytest.mark.parametrize("key", RULES)
def test_games_are_well_formed(key: str, well_formed: Callable[[tuple[Moment, ...]], bool]) -> None:
    """Times rise, periods follow each other, nobody ties, and the clock stays in its period."""
    rules = RULES[key]
    game = TripGame(rules, 2.0)
    for seed in range(20):
        moments = game.play(np.random.default_rng(seed), 600_000)
        assert well_formed(moments)
        assert moments[-1].home != moments[-1].away
        assert all(0 <= moment.clock_s <= rules.period_s for moment in moments)


def test_truth_is_calibrated(calibrate: Callable[..., tuple[float, float]]) -> None:
    """Over 400 games neither the mean nor the Brier score is off by four standard errors."""
    mean, brier = calibrate(TripGame(RULES["nba"], 3.0).play, 400)
    assert abs(mean) < 4
    assert abs(brier) < 4
