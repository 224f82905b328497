from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.plan import Moment
from simulator.play.soccer import SoccerMatch


def test_matches_are_well_formed(well_formed: Callable[[tuple[Moment, ...]], bool]) -> None:
    """Two halves with added time; the clock stands at 45 and 90 while it runs."""
    match = SoccerMatch(1.6, 1.1, (2, 6))
    for seed in range(20):
        moments = match.play(np.random.default_rng(seed), 600_000)
        assert well_formed(moments)
        half = next(moment for moment in moments if moment.status == "halftime")
        assert (half.clock_s, half.scene.stoppage_min, half.period) == (2700.0, 2, 1)
        final = moments[-1]
        assert (final.status, final.clock_s, final.scene.stoppage_min) == ("full_time", 5400.0, 6)


def test_draws_stand() -> None:
    """Some matches end level and their truth says draw."""
    match = SoccerMatch(1.2, 1.2, (1, 3))
    finals = [match.play(np.random.default_rng(seed), 0)[-1] for seed in range(40)]
    draws = [final for final in finals if final.home == final.away]
    assert draws
    assert {final.truth for final in draws} == {(0.0, 1.0, 0.0)}


def test_truth_is_calibrated(calibrate: Callable[..., tuple[float, float]]) -> None:
    """Over 600 matches neither the mean nor the Brier score is off by four standard errors."""
    mean, brier = calibrate(SoccerMatch(1.7, 1.1, (2, 5)).play, 600)
    assert abs(mean) < 4
    assert abs(brier) < 4
