from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from simulator.plan import EXTRA_TIME, Moment, Scene, settled_score
from simulator.play.extra_time import play_extra_time
from simulator.play.soccer import SoccerMatch

LEVEL = Moment(
    0, "end_of_regulation", 2, 5400.0, 1, 1, (0.0, 1.0, 0.0), Scene(away_reds=1, stoppage_min=4)
)


def extra(seed: int, chances: tuple[float, float] = (0.012, 0.012)) -> tuple[Moment, ...]:
    """Return what follows a level match."""
    return play_extra_time(np.random.default_rng(seed), LEVEL, chances)


def out_of_reach(taken: int, home: int, away: int) -> bool:
    """Return whether whoever is behind after so many kicks has too few left of its five.

    After ten each pair of kicks stands alone.
    """
    if taken > 10:
        return taken % 2 == 0 and home != away
    shots = ((taken + 1) // 2, taken // 2)
    left = 5 - (shots[0] if home < away else shots[1])
    return abs(home - away) > left


def test_the_clock_counts_up_and_stops_with_each_quarter() -> None:
    """Minutes 91 to 105 and on to 120, with the rest as added time; the truth is settled."""
    for seed in range(20):
        moments = extra(seed)
        times = [moment.at_ms for moment in moments]
        assert times == sorted(set(times))
        assert {moment.truth for moment in moments} == {(0.0, 1.0, 0.0)}
        assert {moment.scene.away_reds for moment in moments} == {1}
        turn = next(moment for moment in moments if moment.status == "halftime_et")
        assert (turn.period, turn.clock_s) == (3, 6300.0)
        assert turn.scene.stoppage_min >= 1
        first = [m.clock_s for m in moments if m.period == 3 and m.status == "overtime"]
        assert first[:3] == [5400.0, 5460.0, 5520.0]
        assert max(moment.clock_s for moment in moments) == 7200.0


def test_a_lead_ends_it_after_extra_time() -> None:
    """Without a shootout, in the fourth period, at 120 minutes and what was added."""
    final = extra(1, (0.2, 0.0))[-1]
    assert (final.status, final.period, final.clock_s) == ("final_aet", 4, 7200.0)
    assert final.home > final.away == 1
    assert final.scene.home_shootout is None
    assert final.scene.stoppage_min >= 1


def test_a_shootout_leaves_the_score_and_ends_when_it_is_decided() -> None:
    """Kicks in turn, never one too many, and never an even count after five each."""
    for seed in range(40):
        moments = [moment for moment in extra(seed, (0.0, 0.0)) if moment.period == 5]
        assert {(moment.home, moment.away) for moment in moments} == {(1, 1)}
        assert {(moment.clock_s, moment.scene.stoppage_min) for moment in moments} == {(7200.0, 0)}
        counts = [(m.scene.home_shootout or 0, m.scene.away_shootout or 0) for m in moments]
        assert counts[0] == (0, 0)
        kicks = counts[:-1]
        assert counts[-1] == kicks[-1]
        for number, (before, after) in enumerate(pairwise(kicks)):
            gained = (after[0] - before[0], after[1] - before[1])
            assert gained in ({(0, 0), (1, 0)} if number % 2 == 0 else {(0, 0), (0, 1)})
        over = [out_of_reach(taken, *count) for taken, count in enumerate(kicks)]
        assert over == [False] * (len(kicks) - 1) + [True]
        assert moments[-1].status == "final_pen"


@pytest.mark.parametrize("seed", range(6))
def test_both_sides_win_shootouts(seed: int) -> None:
    """Nobody is favoured by kicking first to the point of always winning."""
    finals = [extra(10 * seed + more, (0.0, 0.0))[-1].scene for more in range(10)]
    ahead = {(s.home_shootout or 0) > (s.away_shootout or 0) for s in finals}
    assert ahead == {True, False}


def test_cup_ties_that_are_level_go_on(
    well_formed: Callable[[tuple[Moment, ...]], bool],
) -> None:
    """The others end after 90 minutes; markets settle on the score of 90 minutes in all."""
    match = SoccerMatch(1.2, 1.2, (1, 3), cup_tie=True)
    games = [match.play(np.random.default_rng(seed), 600_000) for seed in range(60)]
    assert {moments[-1].status for moments in games} == {"full_time", "final_aet", "final_pen"}
    for moments in games:
        assert well_formed(moments)
        regular = [moment for moment in moments if moment.status not in EXTRA_TIME]
        assert settled_score(moments) == (regular[-1].home, regular[-1].away)
        if moments[-1].status != "full_time":
            assert regular[-1].status == "end_of_regulation"
            assert regular[-1].home == regular[-1].away
            assert moments[-1].truth == (0.0, 1.0, 0.0)
