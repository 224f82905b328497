from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.errors import ConfigError
from models.calibration import Calibration, calibrated
from models.coefficients.schema import CoefficientFile
from models.coefficients.shelf import built_in
from models.protocol import Probabilities
from models.training.calibrate import KNOTS
from models.training.recalibrate import (
    GAMES_FOR_KNOTS,
    Mended,
    Played,
    mended,
    newest_games,
    next_file,
    undone,
)

NBA = built_in()["nba"]
STEPS = 4


def played_games(games: int, power: float, seed: int = 3) -> Played:
    """Return games whose prices are true when they are raised to a power, four rows a game."""
    dice = np.random.default_rng(seed)
    raw = np.repeat(dice.uniform(0.05, 0.95, games), STEPS)
    prices = np.stack([raw, raw * 0.0, 1.0 - raw], axis=1)
    true = raw[::STEPS] ** power / (raw[::STEPS] ** power + (1.0 - raw[::STEPS]) ** power)
    outcome = np.where(dice.random(games) < true, 0, 2)
    return Played(
        prices=prices,
        played=np.tile(np.arange(STEPS) / STEPS, games),
        outcome=np.repeat(outcome, STEPS).astype(np.int64),
        game=np.repeat(np.arange(games), STEPS),
    )


def asked(rows: Played, newest: CoefficientFile = NBA) -> Mended:
    """Return the calibration of two-way games."""
    return mended(rows, newest, (2026,), three_way=False)


@given(
    home=st.floats(1e-4, 1.0),
    draw=st.floats(0.0, 1.0),
    away=st.floats(1e-4, 1.0),
    played=st.floats(0.0, 1.0),
    power=st.floats(0.5, 2.0),
)
def test_undoing_gives_back_what_was_calibrated(
    home: float, draw: float, away: float, played: float, power: float
) -> None:
    """A beta calibration and its undoing leave every price as it was."""
    prices: Probabilities = np.array([[home, draw, away]]) / (home + draw + away)
    by = Calibration("beta", played=(0.0, 1.0), power=(power, 1.0))
    at = np.array([played])
    assert np.allclose(undone(calibrated(prices, at, by), at, by), prices, atol=1e-9)


def test_no_calibration_is_undone_by_doing_nothing() -> None:
    """Prices that were not calibrated are the formula's own."""
    prices = np.array([[0.6, 0.0, 0.4]])
    assert undone(prices, np.array([0.5]), Calibration()) is prices


def test_unsure_prices_are_made_surer() -> None:
    """The exponent that the games were drawn with is found, and saves what it must."""
    found = asked(played_games(2000, 1.5))
    assert found.calibration.played == KNOTS
    assert found.calibration.power[1] == pytest.approx(1.5, abs=0.2)
    assert (found.is_better, found.held_out_games) == (True, 500)
    assert found.after.log_loss < found.before.log_loss
    assert found.saved == pytest.approx(found.before.log_loss - found.after.log_loss, abs=2e-5)


def test_few_games_give_one_exponent() -> None:
    """Below the limit all of the game has one."""
    found = asked(played_games(GAMES_FOR_KNOTS - 1, 1.5)).calibration
    assert (found.kind, found.played, len(found.power)) == ("beta", (0.0,), 1)
    assert found.power[0] == pytest.approx(1.5, abs=0.4)


def test_mended_prices_are_no_better_for_it() -> None:
    """There is nothing left to save where the newest file has the calibration already."""
    rows = played_games(400, 1.5)
    newer = msgspec.structs.replace(NBA, calibration=asked(rows).calibration)
    found = asked(rows, newer)
    assert not found.is_better
    assert found.calibration == newer.calibration


def test_held_out_games_are_the_newest() -> None:
    """What the newest quarter says is no part of what is judged by it."""
    old, new = played_games(300, 1.5, seed=4), played_games(100, 0.5, seed=5)
    rows = Played(
        np.concatenate([old.prices, new.prices]),
        np.concatenate([old.played, new.played]),
        np.concatenate([old.outcome, new.outcome]),
        np.concatenate([old.game, new.game + 300]),
    )
    assert asked(rows).saved < 0.0
    assert newest_games(np.arange(30)).tolist() == [22, 23, 24, 25, 26, 27, 28, 29]


def test_too_few_games_are_refused() -> None:
    """The refusal says how many there are, and how many there must be."""
    with pytest.raises(ConfigError) as caught:
        asked(played_games(29, 1.5))
    assert str(caught.value) == (
        "nba needs 30 games with results that these coefficients priced in play, was 29; run on,"
        " and ask again"
    )


def test_next_file_keeps_the_formula() -> None:
    """Calibration, scores, version and the words on the data are new; the rest is as it was."""
    by = asked(played_games(40, 1.5))
    first = next_file(NBA, by, 2, "the archive of A to B, 40 games", "2026-11-19")
    assert first == msgspec.structs.replace(
        NBA,
        version=2,
        calibration=by.calibration,
        scores=by.after,
        data=msgspec.structs.replace(
            NBA.data,
            newest="2026-11-19",
            source=f"{NBA.data.source}; calibrated on the archive of A to B, 40 games",
        ),
    )
    again = next_file(first, by, 3, "the archive of A to C, 50 games", "2026-11-20")
    assert again.data.source == (
        f"{NBA.data.source}; calibrated on the archive of A to C, 50 games"
    )
