from __future__ import annotations

import numpy as np
from scipy.special import expit, logit, ndtr

from models.calibration import played_share
from models.training.error import FLOOR, measured_error
from models.training.state_table import StateTable


def test_true_prices_have_the_least_error(walks: StateTable) -> None:
    """Nothing beyond chance is found in most of the game."""
    home = ndtr(walks.columns["lead"] / np.sqrt(walks.columns["remaining_s"]))
    prices = np.stack([home, home * 0.0, 1.0 - home], axis=1)
    found = measured_error(prices, played_share(walks.columns), walks.outcome, walks.game)
    assert sorted(found.log_odds)[len(found.log_odds) // 2 - 1] < 0.15
    assert min(found.log_odds) == FLOOR


def test_prices_that_are_off_show_by_how_much(walks: StateTable) -> None:
    """Log-odds that lean to home by one half are found to be off by about as much."""
    home = ndtr(walks.columns["lead"] / np.sqrt(walks.columns["remaining_s"]))
    home = expit(logit(np.clip(home, 1e-9, 1 - 1e-9)) + 0.5)
    prices = np.stack([home, home * 0.0, 1.0 - home], axis=1)
    found = measured_error(prices, played_share(walks.columns), walks.outcome, walks.game)
    assert 0.35 < np.median(found.log_odds) < 0.75
