from __future__ import annotations

import numpy as np
import pytest

from simulator.play.innings import STATES, Batting, InningsChain, advance


@pytest.mark.parametrize(
    ("bases", "hit", "expected"),
    [
        (0, "walk", (1, 0)),
        (1, "walk", (3, 0)),
        (2, "walk", (3, 0)),
        (5, "walk", (7, 0)),
        (7, "walk", (7, 1)),
        (0, "single", (1, 0)),
        (1, "single", (3, 0)),
        (7, "single", (3, 2)),
        (1, "double", (6, 0)),
        (6, "double", (2, 2)),
        (7, "triple", (4, 3)),
        (7, "homer", (0, 4)),
    ],
)
def test_runners_advance(bases: int, hit: str, expected: tuple[int, int]) -> None:
    """Walks force, singles bring home from second, doubles leave the man from first on third."""
    assert advance(bases, hit) == expected


def test_run_distributions_are_whole() -> None:
    """Every state's runs to come sum to one, and a half inning brings about half a run."""
    bat = Batting(1.0)
    assert {round(float(bat.runs[state].sum()), 9) for state in STATES} == {1.0}
    mean = float(bat.runs[0, 0] @ np.arange(len(bat.runs[0, 0])))
    assert 0.4 < mean < 0.56


def test_runs_to_come_are_what_is_thrown() -> None:
    """Four thousand half innings with a runner on second match the solved mean."""
    bat = Batting(1.0)
    rng = np.random.default_rng(2)
    scored = []
    for _ in range(4000):
        outs, bases, runs = 0, 2, 0
        while outs < 3:
            hit = bat.draw(rng)
            if hit == "out":
                outs += 1
            else:
                bases, more = advance(bases, hit)
                runs += more
        scored.append(runs)
    solved = float(bat.runs[0, 2] @ np.arange(len(bat.runs[0, 2])))
    assert abs(np.mean(scored) - solved) < 4 * np.std(scored) / 4000**0.5


def test_equal_teams_are_even_and_the_bottom_of_the_last_decides() -> None:
    """Even at the start; a lead in the bottom of the ninth has won."""
    chain = InningsChain(Batting(1.0), Batting(1.0))
    start = chain.home_win(1, bottom=False, outs=0, bases=0, margin=0)
    assert start == pytest.approx(0.5, abs=1e-9)
    assert chain.home_win(9, bottom=True, outs=0, bases=0, margin=1) == 1.0
    assert chain.home_win(12, bottom=False, outs=0, bases=2, margin=0) == pytest.approx(0.5)
