from __future__ import annotations

import msgspec
import pytest
from factories import GAME

from flows.settings import Settings
from flows.truth import PathError, PricedAt, Truth, ask_truth, path_errors
from flows.venue import live_venue, open_venue

SECOND = 1_000_000_000
TRUTH = Truth(
    at_ns=100 * SECOND,
    virtual_ms=60_000,
    speed=2.0,
    games={GAME: [(0, 0.5, 0.0, 0.5, 0, 0), (20_000, 0.75, 0.0, 0.25, 2, 0)]},
)


def priced(at_s: float, fair: float, **changes: str) -> PricedAt:
    """Return a price of the home side at a wall second."""
    chosen = {"league": "nba", "game_id": GAME, "outcome": "home", **changes}
    return PricedAt(recv_ns=round(at_s * SECOND), fair=fair, **chosen)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at_s", "outcome", "true"),
    [(69, "home", 0.5), (79.9, "home", 0.5), (80, "home", 0.75), (99, "away", 0.25)],
)
def test_truth_is_that_of_the_moment(at_s: float, outcome: str, true: float) -> None:
    """The evening runs at its own speed; a step holds from its time on."""
    assert TRUTH.of(priced(at_s, 0.6, outcome=outcome)) == true


def test_unknown_games_have_no_truth() -> None:
    """Nothing is made up."""
    assert TRUTH.of(priced(70, 0.5, game_id="nba:9")) is None
    assert path_errors([priced(70, 0.5, game_id="nba:9")], TRUTH) == []


def test_errors_are_told_by_league() -> None:
    """Errors that cancel in a bin are no miscalibration, but they are errors."""
    prices = [priced(70, 0.52), priced(71, 0.58), priced(90, 0.71), priced(91, 0.79)]
    (error,) = path_errors(prices, TRUTH)

    calibration = (abs(0.02 + 0.08) + abs(0.71 - 0.75 + 0.79 - 0.75)) / 4
    rms = ((0.02**2 + 0.08**2 + 0.04**2 + 0.04**2) / 4) ** 0.5
    assert isinstance(error, PathError)
    assert msgspec.structs.astuple(error) == (
        "nba",
        4,
        1,
        pytest.approx(calibration),
        pytest.approx(rms),
    )


def test_a_simulator_is_asked() -> None:
    """It tells every game of the evening, and how far it is."""
    with open_venue(Settings()) as venue:
        truth = ask_truth(venue)

    assert truth is not None
    assert truth.speed == 240.0
    assert len(truth.games) > 20
    assert all(abs(sum(step[1:4]) - 1.0) < 1e-6 for steps in truth.games.values() for step in steps)


def test_who_does_not_know_says_nothing() -> None:
    """A venue that is no simulator has no truth."""
    nowhere = msgspec.structs.replace(live_venue(Settings()), espn_url="http://127.0.0.1:9")

    assert ask_truth(nowhere) is None
