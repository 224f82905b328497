from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from simulator.plan import Moment
from simulator.play.baseball import BaseballGame


def test_games_are_well_formed(well_formed: Callable[[tuple[Moment, ...]], bool]) -> None:
    """Halves change in turn, nobody ties, and the home side stops when it leads in the last."""
    game = BaseballGame(1.0, 1.0)
    for seed in range(15):
        moments = game.play(np.random.default_rng(seed), 600_000)
        assert well_formed(moments)
        final, last = moments[-1], moments[-2]
        assert final.home != final.away
        assert last.period >= 9
        # Away wins only after both sides batted; home may stop without batting.
        assert last.scene.bottom or final.home > final.away
        breaks = [moment for moment in moments if moment.scene.between_halves]
        assert [moment.scene.bottom for moment in breaks] == [
            index % 2 == 1 for index in range(len(breaks))
        ]


def test_the_third_out_is_shown_as_two_and_a_third_strike() -> None:
    """Until the sides change the last pitch stands."""
    moments = BaseballGame(1.0, 1.0).play(np.random.default_rng(1), 0)
    before = [earlier.scene for earlier, later in pairwise(moments) if later.scene.between_halves]
    assert {(scene.outs, scene.strikes) for scene in before} == {(2, 3)}


def test_truth_is_calibrated(calibrate: Callable[..., tuple[float, float]]) -> None:
    """Over 250 games neither the mean nor the Brier score is off by four standard errors."""
    mean, brier = calibrate(BaseballGame(1.06, 0.96).play, 250)
    assert abs(mean) < 4
    assert abs(brier) < 4
