from __future__ import annotations

from math import exp, factorial

import numpy as np
import pytest

from simulator.play.goals import MEN, GoalChain, Rates
from simulator.play.recursion import EDGE
from simulator.play.soccer import RESULTS


def skellam(home: float, away: float) -> list[float]:
    """Return the chances that the first of two Poisson counts is more, the same, or less."""

    def poisson(rate: float, count: int) -> float:
        return exp(-rate) * rate**count / factorial(count)

    chances = [0.0, 0.0, 0.0]
    for goals in range(40):
        for against in range(40):
            which = 0 if goals > against else 1 if goals == against else 2
            chances[which] += poisson(home, goals) * poisson(away, against)
    return chances


def test_short_ticks_come_close_to_two_poisson_counts() -> None:
    """With 1,000 ticks and nobody sent off, every result is within a thousandth of Skellam."""
    chain = GoalChain(Rates(1.6 / 1000, 1.1 / 1000), 1000, RESULTS)
    assert chain.value(0, 0).tolist() == pytest.approx(skellam(1.6, 1.1), abs=1e-3)
    assert chain.value(500, 0).tolist() == pytest.approx(skellam(0.8, 0.55), abs=1e-3)


def test_a_player_sent_off_hurts_his_side() -> None:
    """Home's chances fall with its own red card and rise with the other side's."""
    chain = GoalChain(Rates(1.4 / 90, 1.4 / 90, 0.001), 90, RESULTS)
    home = {men: float(chain.value(30, 0, men)[0]) for men in MEN}
    assert home[1, 0] < home[0, 0] < home[0, 1]


def test_rates_lean_with_the_score_and_rise_with_time() -> None:
    """The side behind scores more, the side ahead less, and everybody more towards the end."""
    rates = Rates(0.01, 0.02, ahead=0.95, behind=1.2, ramp=0.1)
    home, away = rates.goals((0, 0), 0.5)
    at = [EDGE - 1, EDGE, EDGE + 1]
    assert home[at].tolist() == pytest.approx([0.012, 0.01, 0.0095])
    assert away[at].tolist() == pytest.approx([0.019, 0.02, 0.024])
    late, _ = rates.goals((0, 0), 1.0)
    assert float(late[EDGE]) == pytest.approx(0.011)


def test_chances_of_a_tick_are_what_is_thrown() -> None:
    """Twenty thousand ticks bring each event within four standard errors of its chance."""
    chain = GoalChain(Rates(0.2, 0.1, 0.05), 1, RESULTS)
    rng = np.random.default_rng(5)
    throws = [chain.draw(rng, 0, 0, (0, 1)) for _ in range(20_000)]
    home, away = (chances[EDGE] for chances in chain.rates.goals((0, 1), 0.5))
    expected = {"home": float(home), "away": float(away), "home_red": 0.05, "away_red": 0.0}
    errors = {
        what: abs(throws.count(what) / 20_000 - chance) / max((chance / 20_000) ** 0.5, 1e-9)
        for what, chance in expected.items()
    }
    assert max(errors.values()) < 4
