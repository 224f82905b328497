from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from fusion.leagues import LEAGUES
from simulator.maker import Window
from simulator.plan import BookStep, Moment
from simulator.play.strength import play
from simulator.schedule import Fate
from simulator.story import MINUTE_MS, Story, tell

START_MS = 30 * MINUTE_MS


@pytest.fixture(scope="module")
def game() -> tuple[Moment, ...]:
    """Return a baseball game."""
    return play(LEAGUES["mlb"], 0.6, START_MS, np.random.default_rng(3))


def told(fate: Fate, game: tuple[Moment, ...]) -> Story:
    """Return what becomes of a game."""
    return tell(fate, game, START_MS, np.random.default_rng(5))


def test_without_a_fate_nothing_changes(game: tuple[Moment, ...]) -> None:
    """Markets resolve five to nine minutes after the final."""
    story = told("", game)
    assert (story.moments, story.quoted, story.stopped_ms) == (game, game, 0)
    assert 5 * MINUTE_MS <= story.resolve_ms - game[-1].at_ms <= 9 * MINUTE_MS
    assert story.window == Window(START_MS, game[-1].at_ms, story.resolve_ms)


@pytest.mark.parametrize(("fate", "truth"), [("postponed", None), ("canceled", (0.5, 0.0, 0.5))])
def test_a_game_that_is_called_off_has_no_play(
    fate: Fate, truth: tuple[float, float, float] | None, game: tuple[Moment, ...]
) -> None:
    """It is told five minutes before the start; a cancelled game pays a half to either side."""
    story = told(fate, game)
    listed, off = story.moments
    assert listed == game[0]
    assert (off.at_ms, off.status) == (START_MS - 5 * MINUTE_MS, fate)
    assert off.truth == (truth or listed.truth)
    assert not off.live
    assert not off.over
    assert story.window.start_ms == off.at_ms


def test_rain_moves_the_rest_of_a_game_and_its_books(game: tuple[Moment, ...]) -> None:
    """Twenty to forty minutes later; makers see the game as if it had not rained."""
    story = told("rain_delay", game)
    (rain,) = [moment for moment in story.moments if moment.status == "rain_delay"]
    assert story.quoted == game
    assert (story.stop_ms, story.moments[-1].at_ms) == (
        rain.at_ms,
        game[-1].at_ms + story.stopped_ms,
    )
    assert 20 * MINUTE_MS <= story.stopped_ms <= 40 * MINUTE_MS
    assert story.resolve_ms == story.window.resolve_ms + story.stopped_ms
    steps = tuple(BookStep(rain.at_ms + at_ms, ()) for at_ms in (-1, 0, 1))
    resumed_ms = rain.at_ms + story.stopped_ms
    assert [step.at_ms for step in story.stretched(steps)] == [
        rain.at_ms - 1,
        resumed_ms,
        resumed_ms + 1,
    ]


def test_a_suspended_game_ends_early_without_a_result(game: tuple[Moment, ...]) -> None:
    """Rain within fifty minutes, then nothing more; makers saw what was played."""
    story = told("suspended", game)
    *played, rain, called = story.moments
    assert (rain.status, called.status, called.over) == ("rain_delay", "suspended", False)
    assert rain.at_ms < START_MS + 50 * MINUTE_MS
    assert story.quoted == tuple(played) == game[: len(played)]
    assert all(before.at_ms < after.at_ms for before, after in pairwise(story.moments))


def test_a_wrong_score_is_shown_for_three_minutes(game: tuple[Moment, ...]) -> None:
    """Three points too many for one side, and the game itself is as it was."""
    story = told("score_correction", game)
    (slip,) = story.corrections
    assert story.moments == game
    assert {slip.home, slip.away} == {0, 3}
    assert slip.until_ms - slip.at_ms == 3 * MINUTE_MS
