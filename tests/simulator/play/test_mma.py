from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simulator.plan import Moment
from simulator.play.mma import ROUND_S, Bout, bout


@pytest.mark.parametrize("rounds", [3, 5])
@pytest.mark.parametrize("strength", [0.2, 0.5, 0.85])
def test_a_strength_is_met(rounds: int, strength: float) -> None:
    """Before the first second home has what was asked."""
    assert bout(strength, rounds).home_win(0, 0, 0) == pytest.approx(strength, abs=1e-9)


def test_the_closed_form_is_the_recursion_second_by_second() -> None:
    """Solved backwards over seconds and rounds won, the chance is the same."""
    fight = Bout(0.0011, 0.0007, 0.57, 3)

    def value(period: int, home: int) -> float:
        """Return home's chance at the start of a round, of which it won `home` before."""
        if period == fight.rounds:
            return float(2 * home > fight.rounds)
        after = fight.round_won * value(period + 1, home + 1)
        after += (1 - fight.round_won) * value(period + 1, home)
        for _ in range(ROUND_S):
            after = fight.home + (1 - fight.home - fight.away) * after
        return after

    for period, home in ((0, 0), (1, 0), (1, 1), (2, 0), (2, 1), (2, 2)):
        exact = fight.home_win(period * ROUND_S, home, period - home)
        assert exact == pytest.approx(value(period, home), abs=1e-12)


def test_a_fight_without_finishes_is_the_judges() -> None:
    """Two rounds of three decide it, and the third changes nothing."""
    fight = Bout(1e-12, 1e-12, 0.6, 3)
    assert fight.decision(2, 0) == pytest.approx(1.0)
    assert fight.decision(0, 2) == 0.0
    assert fight.home_win(0, 0, 0) == pytest.approx(0.6**3 + 3 * 0.6**2 * 0.4, abs=1e-6)


def test_fights_are_well_formed(well_formed: Callable[[tuple[Moment, ...]], bool]) -> None:
    """The clock runs down in a round; a final shows what was fought of the last one."""
    fight = bout(0.6, 3)
    texts = set()
    for seed in range(40):
        moments = fight.play(np.random.default_rng(seed), 600_000)
        assert well_formed(moments)
        for period in (1, 2, 3):
            clocks = [
                moment.clock_s
                for moment in moments
                if moment.period == period and moment.status == "in_progress_2"
            ]
            assert clocks == sorted(clocks, reverse=True)
        end, final = moments[-2:]
        assert (end.status, end.clock_s + final.clock_s) == ("end_of_fight", ROUND_S)
        texts.add(final.text)
        if final.text == "Decision":
            assert (final.period, final.clock_s, final.home + final.away) == (3, 300.0, 3)
            assert final.truth[0] == float(final.home > final.away)
    assert texts == {"Decision", "Finish"}


def test_a_decision_tells_every_round() -> None:
    """Walkout, three rounds with two breaks, and the judges."""
    fight = Bout(1e-12, 1e-12, 0.5, 3)
    moments = fight.play(np.random.default_rng(1), 0)
    kept = [m.status for m in moments if m.status != "in_progress_2" or m.clock_s == ROUND_S]
    assert kept == [
        "scheduled",
        "fighters_walking",
        "in_progress_2",
        "end_of_round",
        "in_progress_2",
        "end_of_round",
        "in_progress_2",
        "end_of_fight",
        "final",
    ]


def test_truth_is_calibrated(calibrate: Callable[..., tuple[float, float]]) -> None:
    """Over 1,000 fights neither the mean nor the Brier score is off by four standard errors."""
    mean, brier = calibrate(bout(0.62, 3).play, 1_000, 0, 3, 6, 10, 15)
    assert abs(mean) < 4
    assert abs(brier) < 4
