"""The straightforward script: what it makes of frames, and that it obeys the same rule."""

from __future__ import annotations

import pytest
from factories import AWAY, GAME, HOME
from payloads import espn_event, frame, gamma_event, listing_body, scoreboard

from benchmarks import baseline
from fusion.frames import Frame


def test_script_opens_what_the_rule_says(frames: list[Frame]) -> None:
    """The side that leads by twenty is worth more than it costs; the other one is not."""
    script = baseline.run(frames)

    assert script.opened == 1
    assert list(script.open) == [HOME]
    fair = script.games[GAME].fair or {}
    assert script.open[HOME] == pytest.approx(fair["home"] - 0.61 - 0.05 * 0.61 * 0.39)


def test_script_keeps_the_books(frames: list[Frame]) -> None:
    """A book is what the snapshot said and the last change of each level."""
    script = baseline.run(frames)

    assert baseline.run(frames[:-1]).books[HOME]["BUY"] == {0.59: 500.0}
    assert script.books[HOME]["BUY"] == {0.59: 500.0, 0.6: 100.0}
    assert max(script.books[AWAY]["BUY"]) == 0.39


def test_kept_prices_change_nothing_but_the_time(frames: list[Frame]) -> None:
    """The script that keeps prices opens the same signals."""
    plain, keeping = baseline.run(frames), baseline.run(frames, keep_prices=True)

    assert plain.open == keeping.open


def test_signal_closes_when_its_edge_is_gone(frames: list[Frame]) -> None:
    """A lead that melts away, or a game that ends, closes the signal."""
    level = frame(500, "espn:nba", scoreboard(espn_event(home=75, away=75)), at_s=16.0)
    over = frame(500, "espn:nba", scoreboard(espn_event(phase="post", home=75, away=55)), at_s=16.0)

    assert baseline.run([*frames, level]).open == {}
    assert baseline.run([*frames, over]).open == {}


def test_garbage_is_left_out(frames: list[Frame]) -> None:
    """Text that is no JSON ends nothing."""
    garbage = frame(3, "polymarket:market:0", "PONG")

    assert baseline.run([garbage, *frames]).opened == 1


@pytest.mark.parametrize(
    ("asks", "expected"),
    [
        ({0.5: 100.0}, 0.5 + 0.05 * 0.25),
        ({0.6: 100.0, 0.5: 50.0}, (0.5 + 0.05 * 0.25 + 0.6 + 0.05 * 0.24) / 2),
        ({0.5: 99.0}, None),
        ({}, None),
    ],
)
def test_cost_walks_the_offers(asks: dict[float, float], expected: float | None) -> None:
    """A hundred shares are bought from the cheapest on, with the fee of each fill."""
    assert baseline.cost_of(asks, 0.05) == (expected and pytest.approx(expected))


def test_market_of_another_game_finds_none(frames: list[Frame]) -> None:
    """A moneyline whose sides are nobody's on the boards has no game."""
    other = gamma_event(outcomes='["Bulls", "Heat"]')
    script = baseline.run([frames[0], frame(1, "gamma:events", listing_body(other))])

    assert script.game_of == {}
