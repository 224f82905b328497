from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.plan import Moment
from simulator.play.hockey import HockeyGame


def test_games_are_well_formed_and_never_tie(
    well_formed: Callable[[tuple[Moment, ...]], bool],
) -> None:
    """Three periods, then overtime and a shootout that adds one goal to the winner."""
    game = HockeyGame(3.0, 3.0)
    finals = []
    for seed in range(60):
        moments = game.play(np.random.default_rng(seed), 600_000)
        assert well_formed(moments)
        finals.append(moments[-1])
    assert all(final.home != final.away for final in finals)
    late = {final.period: abs(final.home - final.away) for final in finals if final.period > 3}
    assert late == {4: 1, 5: 1}


def test_intermissions_are_named_in_two_ways() -> None:
    """Some are the end of a period, some in progress with the clock at zero."""
    game = HockeyGame(3.0, 3.0)
    names = {
        moment.status
        for seed in range(10)
        for moment in game.play(np.random.default_rng(seed), 0)
        if moment.text == "Period End"
    }
    assert names == {"end_period", "in_progress"}


def test_truth_is_calibrated(calibrate: Callable[..., tuple[float, float]]) -> None:
    """Over 500 games neither the mean nor the Brier score is off by four standard errors."""
    mean, brier = calibrate(HockeyGame(3.3, 2.7).play, 500)
    assert abs(mean) < 4
    assert abs(brier) < 4
