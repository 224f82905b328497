"""Calibration: does what happens as often as the truth says?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simulator.plan import Moment

Play = Callable[[np.random.Generator, int], tuple[Moment, ...]]
Calibrate = Callable[[Play, int], tuple[float, float]]
MARKS = (0.0, 0.2, 0.5, 0.8, 0.95)
START_MS = 600_000


def _scores(game: tuple[Moment, ...]) -> list[tuple[float, float, float, float]]:
    """Return per mark and outcome: truth, what happened, and both squared-error terms."""
    result = np.array(game[-1].truth)
    rows = []
    for mark in MARKS:
        truth = np.array(game[int(mark * (len(game) - 1))].truth)
        for chance, happened in zip(truth, result, strict=True):
            rows.append((chance, happened, (chance - happened) ** 2, chance * (1 - chance)))
    return rows


@pytest.fixture(scope="session")
def calibrate() -> Calibrate:
    """Return a function that plays games and gives two z-scores, of the mean and the Brier score.

    Truths of one game are not independent, so that errors are taken per game.
    """

    def run(play: Play, games: int) -> tuple[float, float]:
        home, brier = [], []
        for seed in range(games):
            rows = np.array(_scores(play(np.random.default_rng(seed), START_MS)))
            home.append(float((rows[:, 1] - rows[:, 0])[::3].mean()))
            brier.append(float((rows[:, 2] - rows[:, 3]).mean()))
        return _z(home), _z(brier)

    return run


def _z(values: list[float]) -> float:
    return float(np.mean(values) / (np.std(values) / len(values) ** 0.5))


@pytest.fixture(scope="session")
def well_formed() -> Callable[[tuple[Moment, ...]], bool]:
    """Return a check of what every game has in common."""

    def check(game: tuple[Moment, ...]) -> bool:
        times = [moment.at_ms for moment in game]
        sums = [sum(moment.truth) for moment in game]
        return (
            game[0].status == "scheduled"
            and game[0].at_ms == 0
            and game[1].at_ms == START_MS
            and game[-1].over
            and not any(moment.over for moment in game[:-1])
            and times == sorted(set(times))
            and [moment.period for moment in game[1:]]
            == sorted(moment.period for moment in game[1:])
            and max(abs(total - 1.0) for total in sums) < 1e-9
            and min(min(moment.truth) for moment in game) > -1e-12
            and sorted(game[-1].truth) == [0.0, 0.0, 1.0]
        )

    return check
