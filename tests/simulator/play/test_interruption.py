from __future__ import annotations

import msgspec
import numpy as np
import pytest

from fusion.leagues import LEAGUES
from simulator.plan import Moment
from simulator.play.interruption import delayed, pauses, suspended
from simulator.play.strength import play

MINUTE_MS = 60_000


def game(key: str, seed: int) -> tuple[Moment, ...]:
    """Return a game of a league."""
    return play(LEAGUES[key], 0.55, 600_000, np.random.default_rng(seed))


@pytest.mark.parametrize("key", ["mlb", "nfl", "cfb", "atp", "eng.1"])
def test_a_delay_moves_the_rest_and_changes_nothing_else(key: str) -> None:
    """Without the pause the game is the one before, and in it nothing moves."""
    before = game(key, 2)
    after = delayed(np.random.default_rng(5), before, "rain_delay")
    at = next(place for place, moment in enumerate(after) if moment.status == "rain_delay")
    stopped, resumed = after[at], after[at + 1]
    pause_ms = resumed.at_ms - stopped.at_ms
    assert 20 * MINUTE_MS <= pause_ms <= 40 * MINUTE_MS
    assert pauses(after) == ((stopped.at_ms, resumed.at_ms),)
    assert after[:at] == before[:at]
    frozen = msgspec.structs.replace(before[at - 1], at_ms=0, status="rain_delay", text="")
    assert msgspec.structs.replace(stopped, at_ms=0, text="") == frozen
    again = msgspec.structs.replace(before[at - 1], at_ms=0, text="")
    assert msgspec.structs.replace(resumed, at_ms=0, text="") == again
    later = [
        msgspec.structs.replace(moment, at_ms=moment.at_ms - pause_ms) for moment in after[at + 2 :]
    ]
    assert later == list(before[at:])
    times = [moment.at_ms for moment in after]
    assert times == sorted(set(times))


def test_a_suspended_game_has_no_result() -> None:
    """It rains, then it is called; the score and the truth are those of the last play."""
    before = game("mlb", 3)
    after = suspended(np.random.default_rng(5), before)
    last, rain, called = after[-3:]
    assert after[:-2] == before[: len(after) - 2]
    assert (rain.status, called.status, called.over) == ("rain_delay", "suspended", False)
    assert (called.home, called.away, called.truth) == (last.home, last.away, last.truth)
    assert 20 * MINUTE_MS <= called.at_ms - rain.at_ms <= 40 * MINUTE_MS
    assert pauses(after) == ((rain.at_ms, called.at_ms), (called.at_ms, called.at_ms))


def test_an_undisturbed_game_has_no_pauses() -> None:
    """Breaks between periods are play."""
    assert pauses(game("nhl", 1)) == ()


def test_a_game_without_play_cannot_be_interrupted() -> None:
    """The message says what was missing."""
    listed = game("nhl", 1)[:1]
    with pytest.raises(ValueError, match="had 1 moments"):
        delayed(np.random.default_rng(1), listed, "delayed")
