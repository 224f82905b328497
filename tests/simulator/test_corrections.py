from __future__ import annotations

import msgspec
import numpy as np
import pytest

from fusion.leagues import LEAGUES
from simulator.corrections import SLIP_MS, early_final, score_slip
from simulator.plan import Correction, GamePlan, Moment, shown_moment
from simulator.play.strength import play
from simulator.teams import TEAMS


def game(key: str, seed: int, *corrections: Correction) -> GamePlan:
    """Return a game with mistakes."""
    moments = play(LEAGUES[key], 0.6, 600_000, np.random.default_rng(seed))
    home, away = TEAMS[key][:2]
    return GamePlan(
        LEAGUES[key], "1", 1, home, away, 600_000, 0, 0, moments, (), corrections=corrections
    )


@pytest.mark.parametrize(("key", "points"), [("nba", 3), ("nhl", 1), ("nfl", 6)])
def test_a_slip_is_shown_for_a_while_and_put_right(key: str, points: int) -> None:
    """One side has too many points in the middle of the game, for the time of a few polls."""
    plain = game(key, 1)
    slip = score_slip(np.random.default_rng(2), plain.moments, points)
    wrong = msgspec.structs.replace(plain, corrections=(slip,))
    assert sorted((slip.home, slip.away)) == [0, points]
    assert slip.until_ms - slip.at_ms >= SLIP_MS
    changed = [
        (moment, shown)
        for moment in wrong.moments
        if (shown := shown_moment(wrong, moment)) != moment
    ]
    assert changed
    assert changed[0][0].at_ms == slip.at_ms
    assert all(moment.at_ms < slip.until_ms for moment, _ in changed)
    assert {(s.home - m.home, s.away - m.away) for m, s in changed} == {(slip.home, slip.away)}
    assert any(moment.at_ms == slip.until_ms for moment in wrong.moments)
    times = [moment.at_ms for moment in wrong.moments]
    middle = times[len(times) // 4], times[3 * len(times) // 4]
    assert middle[0] <= slip.at_ms <= middle[1]


def test_a_final_that_was_none_is_taken_back() -> None:
    """It is shown in the last period and the game goes on after it; scores are right."""
    plain = game("nba", 3)
    early = early_final(plain.moments)
    wrong = msgspec.structs.replace(plain, corrections=(early,))
    shown = [shown_moment(wrong, moment) for moment in plain.moments]
    over = [place for place, moment in enumerate(shown) if moment.over]
    false, true = over[:-1], over[-1]
    assert true == len(shown) - 1
    assert false
    assert false[-1] < true - 1
    assert all(plain.moments[place].live for place in false)
    assert [(m.home, m.away) for m in shown] == [(m.home, m.away) for m in plain.moments]
    assert {plain.moments[place].period for place in false} == {plain.final.period}


def test_a_game_without_a_lead_cannot_be_called_too_early() -> None:
    """The message says what was missing."""
    truth = (0.5, 0.0, 0.5)
    moments = (
        Moment(0, "scheduled", 1, 0.0, 0, 0, truth),
        Moment(1, "in_progress", 1, 0.0, 0, 0, truth),
        Moment(90_000, "final", 1, 0.0, 0, 0, truth),
    )
    with pytest.raises(ValueError, match="had none"):
        early_final(moments)


def test_a_game_without_mistakes_is_shown_as_it_is() -> None:
    """Moments are the same objects."""
    plain = game("nhl", 1)
    assert all(shown_moment(plain, moment) is moment for moment in plain.moments)
