from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from simulator.plan import Moment
from simulator.play.college_overtime import START_ZONE, CollegeOvertime
from simulator.play.drives import EXTRA_POINT, all_ways
from simulator.play.football import FootballGame


def test_equal_teams_split_it() -> None:
    """Nobody gains by going first, for a round has both."""
    overtime = CollegeOvertime(all_ways(0.0))
    assert overtime.level == pytest.approx(0.5, abs=1e-12)
    assert CollegeOvertime(all_ways(0.05)).level > 0.52


@pytest.mark.parametrize("first", [0, 1])
def test_a_round_is_worth_what_the_level_before_it_is(first: int) -> None:
    """Whoever begins; a level round is where the game stood before it."""
    overtime = CollegeOvertime(all_ways(0.04))
    spots = ((first, START_ZONE), (1 - first, START_ZONE))
    assert overtime.home_win(0, spots) == pytest.approx(overtime.level, abs=1e-12)


def test_a_lead_needs_an_answer() -> None:
    """Seven up with away's ball to come is good, one up less so, and nothing to come is all."""
    overtime = CollegeOvertime(all_ways(0.0))
    away = ((1, START_ZONE),)
    wins = [overtime.home_win(margin, away) for margin in (-7, 0, 1, 7, 8)]
    assert wins == sorted(wins)
    assert wins[0] == 0.0
    assert wins[-1] == pytest.approx(1.0, abs=1e-12)
    assert [overtime.home_win(margin, ()) for margin in (-1, 0, 1)] == [
        0.0,
        overtime.level,
        1.0,
    ]


def test_overtime_has_no_clock_and_ends_with_a_winner() -> None:
    """Periods follow each other from the fifth; scores rise; both sides have the ball."""
    overtime = CollegeOvertime(all_ways(0.0))
    for seed in range(30):
        moments = overtime.play(np.random.default_rng(seed), 1_000, (20, 20))
        assert {moment.clock_s for moment in moments} == {0.0}
        periods = sorted({moment.period for moment in moments})
        assert periods == list(range(5, 5 + len(periods)))
        assert {moment.scene.possession for moment in moments} == {None, "home", "away"}
        last = moments[-1]
        assert last.home != last.away
        assert last.truth[0] == float(last.home > last.away)
        times = [moment.at_ms for moment in moments]
        assert times == sorted(set(times))


def test_the_sides_take_turns_to_begin() -> None:
    """Who had the ball first has it second in the next overtime."""
    overtime = CollegeOvertime(all_ways(0.0))
    games = [overtime.play(np.random.default_rng(seed), 0, (0, 0)) for seed in range(30)]
    firsts = [
        [
            next(m.scene.possession for m in moments if m.period == period)
            for period in range(5, moments[-1].period + 1)
        ]
        for moments in games
    ]
    assert max(len(first) for first in firsts) > 2
    assert all(one != next_one for first in firsts for one, next_one in pairwise(first))


def test_a_touchdown_is_worth_what_its_kick_will_bring() -> None:
    """Six points, with the mean of both kicks as its truth."""
    overtime = CollegeOvertime(all_ways(0.02))
    checked = 0
    for seed in range(30):
        moments = overtime.play(np.random.default_rng(seed), 0, (0, 0))
        for place, moment in enumerate(moments):
            if moment.text != "Touchdown":
                continue
            before = moments[place - 1]
            home = moment.home > before.home
            later = moments[place + 2 : place + 3]
            goes_on = bool(later) and later[0].period == moment.period
            rest = ((int(home), START_ZONE),) if goes_on else ()
            margin = moment.home - moment.away
            kicked = overtime.home_win(margin + (1 if home else -1), rest)
            missed = overtime.home_win(margin, rest)
            expected = EXTRA_POINT * kicked + (1 - EXTRA_POINT) * missed
            assert moment.truth[0] == pytest.approx(expected, abs=1e-12)
            checked += 1
    assert checked > 20


def test_its_truth_is_calibrated(calibrate: Callable[..., tuple[float, float]]) -> None:
    """Over 500 overtimes alone neither the mean nor the Brier score is off."""
    overtime = CollegeOvertime(all_ways(0.03))
    level = Moment(0, "scheduled", 0, 0.0, 0, 0, (overtime.level, 0.0, 1.0 - overtime.level))

    def play(rng: np.random.Generator, start_ms: int) -> tuple[Moment, ...]:
        return (level, *overtime.play(rng, start_ms, (0, 0)))

    mean, brier = calibrate(play, 500, 0, 3, 6, 9, 15)
    assert abs(mean) < 4
    assert abs(brier) < 4


def test_college_games_are_well_formed(
    well_formed: Callable[[tuple[Moment, ...]], bool],
) -> None:
    """Those that go to overtime end in it, after a break, and nobody ties."""
    game = FootballGame(0.0, 1, college=True)
    games = [game.play(np.random.default_rng(seed), 600_000) for seed in range(60)]
    assert all(well_formed(moments) for moments in games)
    assert all(moments[-1].home != moments[-1].away for moments in games)
    long = [moments for moments in games if moments[-1].period > 4]
    assert long
    for moments in long:
        first = next(place for place, m in enumerate(moments) if m.period == 5)
        assert (moments[first - 1].status, moments[first - 1].period) == ("end_period", 4)
