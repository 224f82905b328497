"""Calibration: does what happens as often as the truth says?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simulator.plan import Moment

Play = Callable[[np.random.Generator, int], tuple[Moment, ...]]
Calibrate = Callable[..., tuple[float, float]]
MARKS = (0.0, 0.2, 0.5, 0.8, 0.95)
START_MS = 600_000


def _seen(game: tuple[Moment, ...], minutes: tuple[int, ...]) -> list[Moment]:
    """Return the moments at marks: so many minutes in, or shares of a game of fixed length."""
    if not minutes:
        return [game[int(mark * (len(game) - 1))] for mark in MARKS]
    ends = [START_MS + minute * 60_000 for minute in minutes]
    return [[moment for moment in game if moment.at_ms <= end][-1] for end in ends]


def _scores(
    game: tuple[Moment, ...], minutes: tuple[int, ...]
) -> list[tuple[float, float, float, float]]:
    """Return per mark and outcome: truth, what happened, and both squared-error terms."""
    result = np.array(game[-1].truth)
    rows = []
    for moment in _seen(game, minutes):
        truth = np.array(moment.truth)
        for chance, happened in zip(truth, result, strict=True):
            rows.append((chance, happened, (chance - happened) ** 2, chance * (1 - chance)))
    return rows


@pytest.fixture(scope="session")
def calibrate() -> Calibrate:
    """Return a function that plays games and gives two z-scores, of the mean and the Brier score.

    Truths of one game are not independent, so that errors are taken per game. Where it depends on
    the play how long a game is, a share of its length would tell how it went on: then the truths
    are those after so many `minutes`.
    """

    def run(play: Play, games: int, *minutes: int) -> tuple[float, float]:
        home, brier = [], []
        for seed in range(games):
            rows = np.array(_scores(play(np.random.default_rng(seed), START_MS), minutes))
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
