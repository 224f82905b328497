from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from fusion.game import SetScore
from simulator.plan import Moment, Scene
from simulator.play.tennis import WALKS_OVER, TennisMatch, tennis_match
from simulator.play.tennis_chain import TennisChain

MATCHES = 40


def matches(best_of: int) -> list[tuple[Moment, ...]]:
    """Return matches that were played, not walked over."""
    match = TennisMatch(TennisChain(0.66, 0.62, best_of, 0.0005), "home")
    played = [match.play(np.random.default_rng(seed), 600_000) for seed in range(MATCHES)]
    return [moments for moments in played if moments[-1].status != "walkover"]


@pytest.mark.parametrize("best_of", [3, 5])
def test_matches_are_well_formed(
    best_of: int, well_formed: Callable[[tuple[Moment, ...]], bool]
) -> None:
    """The winner has the sets, each set has a winner, and there are few enough moments."""
    for moments in matches(best_of):
        assert well_formed(moments)
        assert len(moments) < 400
        last = moments[-1]
        won = [played.winner for played in last.scene.sets]
        assert (last.home, last.away) == (won.count("home"), won.count("away"))
        if last.status == "final":
            assert max(last.home, last.away) == best_of // 2 + 1
            assert last.truth[0] == float(last.home > last.away)
            assert last.period == len(last.scene.sets)


def test_games_only_rise_within_a_set() -> None:
    """One game at a time; the sets that were played before stay as they were."""
    for moments in matches(3):
        for before, after in pairwise(moments[1:]):
            old, new = before.scene.sets, after.scene.sets
            done = [played for played in old if played.winner]
            assert list(new[: len(done)]) == done
            if len(old) == len(new):
                games = (new[-1].home - old[-1].home, new[-1].away - old[-1].away)
                assert games in {(0, 0), (1, 0), (0, 1)}


def test_sets_with_a_tie_break_tell_its_points() -> None:
    """Seven games to six, two points ahead, seven points at least; no other set has points."""
    sets = [played for moments in matches(3) for played in moments[-1].scene.sets]
    broken = [played for played in sets if played.home_tiebreak is not None]
    assert broken
    for played in broken:
        points = sorted((played.home_tiebreak or 0, played.away_tiebreak or 0))
        assert sorted((played.home, played.away)) == [6, 7]
        assert points[1] >= 7
        assert points[1] - points[0] >= 2
        assert (played.winner == "home") == ((played.home_tiebreak or 0) == points[1])
    others = [(played.home, played.away) for played in sets if played.home_tiebreak is None]
    assert (7, 6) not in others
    assert (6, 7) not in others


def test_the_server_changes_with_every_game() -> None:
    """Between two games of a set the other side serves."""
    moments = matches(3)[0]
    games = [moment for moment in moments if moment.text in ("Play", "Game", "New Set")]
    servers = [moment.scene.server for moment in games]
    assert all(before != after for before, after in pairwise(servers))


def test_a_retirement_stops_a_set_and_gives_the_match() -> None:
    """Whoever goes on wins, whatever the score; the set that was on has no winner."""
    match = TennisMatch(TennisChain(0.6, 0.6, 3, 0.1), "home")
    ends = [match.play(np.random.default_rng(seed), 0)[-1] for seed in range(60)]
    retired = [last for last in ends if last.status == "retired"]
    assert {last.truth for last in retired} == {(1.0, 0.0, 0.0), (0.0, 0.0, 1.0)}
    assert {last.scene.sets[-1].winner for last in retired} == {None}
    leads = {(last.home - last.away, last.truth[0]) for last in retired}
    assert any(lead > 0 and won == 0.0 for lead, won in leads)


def test_a_walkover_is_not_played_and_paid_by_halves() -> None:
    """Listed, then over; the truth is one half, and someone goes on all the same."""
    match = TennisMatch(TennisChain(0.7, 0.6, 3, 0.0), "home")
    games = (match.play(np.random.default_rng(seed), 5_000) for seed in range(2_000))
    first = next(moments for moments in games if moments[-1].status == "walkover")
    assert first[1:] == (
        Moment(
            5_000,
            "walkover",
            1,
            0.0,
            0,
            0,
            (0.5, 0.0, 0.5),
            Scene(advances=first[1].scene.advances),
            "Walkover",
        ),
    )
    assert first[1].scene.advances in {"home", "away"}


def test_the_listing_knows_of_walkovers() -> None:
    """The first truth is that of the match, drawn to one half by what is not played."""
    chain = TennisChain(0.7, 0.6, 3, 0.0)
    match = TennisMatch(chain, "home")
    listed = match.play(np.random.default_rng(0), 0)[0]
    win = chain.home_win(match.start)
    assert listed.truth[0] == pytest.approx((1 - 2 * WALKS_OVER) * win + WALKS_OVER, abs=1e-12)


def test_a_match_begins_at_love() -> None:
    """The first moment of play has one set without a game."""
    moments = tennis_match("wta", 0.6, 3, np.random.default_rng(3)).play(
        np.random.default_rng(4), 9_000
    )
    assert (moments[1].at_ms, moments[1].status, moments[1].period) == (9_000, "in_progress", 1)
    assert moments[1].scene.sets == (SetScore(0, 0),)


def test_truth_is_calibrated(calibrate: Callable[..., tuple[float, float]]) -> None:
    """Over 500 matches with many retirements neither score is off by four standard errors."""
    match = TennisMatch(TennisChain(0.66, 0.62, 3, 0.004), "away")
    mean, brier = calibrate(match.play, 500, 0, 25, 50, 75, 100)
    assert abs(mean) < 4
    assert abs(brier) < 4
