"""What a model has to beat: prices that know little."""

from __future__ import annotations

import numpy as np

from models.protocol import Floats, Probabilities
from models.training.state_table import Codes, StateTable


def base_rate(table: StateTable) -> Probabilities:
    """Return how often each outcome came, the same in every row."""
    return np.broadcast_to(_rates(table.outcome), (table.rows, 3))


def leader_wins(table: StateTable) -> Probabilities:
    """Return how often each outcome came where home leads, trails, or is level."""
    leads = np.sign(_lead(table))
    prices = np.empty((table.rows, 3))
    for sign in (-1.0, 0.0, 1.0):
        rows = leads == sign
        prices[rows] = _rates(table.outcome[rows])
    return prices


def prior_alone(table: StateTable) -> Probabilities:
    """Return the pregame prior in every row."""
    sides = [table.columns[f"prior_{side}"] for side in ("home", "draw", "away")]
    return np.stack(sides, axis=1)


def published(table: StateTable) -> Probabilities:
    """Return the probability of home that somebody else published, NaN where there is none."""
    home = table.published
    return np.stack([home, home * 0.0, 1.0 - home], axis=1)


def _lead(table: StateTable) -> Floats:
    """Return who leads; in tennis by sets, then by the games of the set."""
    lead = table.columns["lead"]
    if "games_home" in table.columns:
        games = table.columns["games_home"] - table.columns["games_away"]
        lead = np.where(lead == 0.0, games, lead)
    return lead


def _rates(outcome: Codes) -> Floats:
    counts = np.bincount(outcome, minlength=3)
    return counts / max(outcome.size, 1)
