from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest

from simulator.plan import Moment
from simulator.play.trips import RULES, TripGame, TripRules, shares

TINY = TripRules(
    periods=1, period_s=60, overtime_s=30, trips=4, overtime_trips=2, trip_ms=9_000, half_after=9
)


def test_truth_equals_the_sum_over_every_possible_game() -> None:
    """A game of four turns has 256 courses; ties go to an overtime of the same chances."""
    game = TripGame(TINY, 1.0)
    home, away = shares(1.0, 2)

    def total(turns: int, level: float) -> float:
        chance = 0.0
        for course in product(*[(home, away)[turn % 2].items() for turn in range(turns)]):
            margin = sum(points for points, _ in course)
            weight = float(np.prod([share for _, share in course]))
            chance += weight * (1.0 if margin > 0 else level if margin == 0 else 0.0)
        return chance

    lost, won = total(2, 0.0), total(2, 1.0)
    level = lost / (1.0 - (won - lost))
    assert game.home_win(1, 0, 0) == pytest.approx(total(4, level), abs=1e-12)


def test_an_edge_favours_its_side_by_that_many_points() -> None:
    """The expected margin of a game is the edge, and half of the games of no edge are won."""
    home, away = shares(8.0, 80)
    margin = 80 * sum(points * share for points, share in [*home.items(), *away.items()])
    assert margin == pytest.approx(8.0)
    assert TripGame(RULES["nba"], 0.0).home_win(1, 0, 0) == pytest.approx(0.5, abs=0.005)


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
