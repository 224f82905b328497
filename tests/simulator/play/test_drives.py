from __future__ import annotations

import pytest

from simulator.play.drives import HALF, KICKOFF_ZONE, TOTAL, DriveChain, outcomes


@pytest.mark.parametrize("zone", range(1, 11))
@pytest.mark.parametrize("tilt", [-0.06, 0.0, 0.06])
def test_the_ways_a_series_ends_are_whole(zone: int, tilt: float) -> None:
    """Chances sum to one, and every next zone is on the field."""
    ways = outcomes(zone, tilt)
    assert sum(way.chance for way in ways) == pytest.approx(1.0)
    assert all(1 <= way.zone <= 10 and way.chance > 0 for way in ways)


def test_equal_teams_split_the_overtime() -> None:
    """What one side has with the ball the other has without it."""
    chain = DriveChain(0.0, 0)
    assert chain.level == pytest.approx(0.5, abs=1e-9)
    assert chain.sudden[0, KICKOFF_ZONE] > 0.5
    assert chain.sudden[0, 3] == pytest.approx(1 - chain.sudden[1, 3], abs=1e-9)


def test_the_ball_is_worth_more_the_closer_it_is() -> None:
    """Home's chances rise with every zone nearer to the goal, and away's ball mirrors them."""
    chain = DriveChain(0.0, 0)
    wins = [chain.home_win(TOTAL - 5, 0, zone, 0) for zone in range(1, 10)]
    assert wins == sorted(wins, reverse=True)
    assert chain.home_win(TOTAL - 5, 1, 4, 3) == pytest.approx(
        1 - chain.home_win(TOTAL - 5, 0, 4, -3), abs=1e-9
    )


def test_the_second_half_starts_with_the_other_side() -> None:
    """At half-time the ball's place no longer matters."""
    chain = DriveChain(0.0, 0)
    assert chain.home_win(HALF, 0, 2, 0) == chain.home_win(HALF, 1, 9, 0)
    assert chain.home_win(HALF, 0, 2, 0) < 0.5
