from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from models.calibration import Calibration, played_share
from models.protocol import Floats
from models.training.calibrate import best_calibration, beta, isotonic
from models.training.state_table import StateTable


def prices(table: StateTable, sureness: float) -> Floats:
    """Return the prices of the walks, true at a sureness of 1."""
    home = ndtr(table.columns["lead"] / np.sqrt(table.columns["remaining_s"]))
    powers = np.stack([home, home * 0.0, 1.0 - home], axis=1) ** sureness
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def test_prices_that_are_true_stay(walks: StateTable) -> None:
    """A calibration that helps no unseen game is not kept."""
    played = played_share(walks.columns)
    assert best_calibration(
        prices(walks, 1.0), played, walks.outcome, walks.game, three_way=False
    ) == Calibration()  # fmt: skip


def test_prices_that_are_too_sure_are_mended(walks: StateTable) -> None:
    """Odds that were squared are rooted again."""
    played = played_share(walks.columns)
    by = best_calibration(
        prices(walks, 2.0), played, walks.outcome, walks.game, three_way=True
    )  # fmt: skip
    assert by.kind == "beta"
    assert np.interp([0.3, 0.6], by.played, by.power) == pytest.approx([0.5, 0.5], abs=0.12)


def test_beta_starts_from_nothing(walks: StateTable) -> None:
    """True prices have exponents near 1."""
    by = beta(prices(walks, 1.0), played_share(walks.columns), walks.outcome)
    assert by.power[1:4] == pytest.approx((1.0, 1.0, 1.0), abs=0.25)


def test_isotonic_rises_between_its_ends(walks: StateTable) -> None:
    """From 0 to 1, and through one half in the middle, as both sides count alike."""
    by = isotonic(prices(walks, 2.0), played_share(walks.columns), walks.outcome)
    assert (by.share[0], by.share[-1]) == (0.0, 1.0)
    assert list(by.share) == sorted(by.share)
    assert by.share[len(by.share) // 2] == pytest.approx(0.5, abs=0.05)
