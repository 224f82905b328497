from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from simulator.plan import Moment
from simulator.play.football import FootballGame


def test_games_are_well_formed(well_formed: Callable[[tuple[Moment, ...]], bool]) -> None:
    """Clocks run down within a period, and the offense stands on the field."""
    game = FootballGame(0.01, 1)
    for seed in range(20):
        moments = game.play(np.random.default_rng(seed), 600_000)
        assert well_formed(moments)
        assert moments[-1].home != moments[-1].away
        for before, after in pairwise(moments[1:-1]):
            assert after.period > before.period or after.clock_s <= before.clock_s
        yards = [m.scene.yard_line for m in moments if m.scene.yard_line is not None]
        assert yards
        assert all(1 <= yard <= 99 for yard in yards)


def test_a_touchdown_and_its_kick_come_one_after_the_other() -> None:
    """Six points, then one more or none, with the truth between both."""
    game = FootballGame(0.0, 0)
    pairs = [
        (before, after)
        for seed in range(20)
        for before, after in pairwise(game.play(np.random.default_rng(seed), 0))
        if before.text == "Touchdown"
    ]
    changes = {(after.home - before.home, after.away - before.away) for before, after in pairs}
    assert changes == {(0, 0), (0, 1), (1, 0)}
    assert {after.text for _, after in pairs} == {"Extra Point Good", "Extra Point Missed"}


def test_scores_are_those_of_the_game() -> None:
    """Points come in sixes, ones and threes only."""
    game = FootballGame(0.0, 0)
    steps = {
        after.home + after.away - before.home - before.away
        for seed in range(20)
        for before, after in pairwise(game.play(np.random.default_rng(seed), 0))
    }
    assert steps == {0, 1, 3, 6}


def test_truth_is_calibrated(calibrate: Callable[..., tuple[float, float]]) -> None:
    """Over 500 games neither the mean nor the Brier score is off by four standard errors."""
    mean, brier = calibrate(FootballGame(0.02, 0).play, 500)
    assert abs(mean) < 4
    assert abs(brier) < 4
