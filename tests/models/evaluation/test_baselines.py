from __future__ import annotations

import numpy as np

from models.evaluation.baselines import base_rate, leader_wins, prior_alone, published
from models.training.state_table import Labels, StateTable

LABELS = Labels(np.zeros(4, dtype=np.int64), ("all",))
TABLE = StateTable(
    columns={
        "lead": np.array([3.0, 1.0, 0.0, -2.0]),
        "prior_home": np.array([0.6, 0.6, 0.5, 0.5]),
        "prior_draw": np.zeros(4),
        "prior_away": np.array([0.4, 0.4, 0.5, 0.5]),
    },
    outcome=np.array([0, 2, 0, 2]),
    game=np.arange(4),
    season=np.full(4, 2020),
    phase=LABELS,
    source=LABELS,
    published=np.array([0.9, np.nan, 0.5, 0.1]),
    day=np.arange(4),
)


def test_the_base_rate_is_the_same_in_every_row() -> None:
    """Home won two of four."""
    np.testing.assert_array_equal(base_rate(TABLE), [[0.5, 0.0, 0.5]] * 4)


def test_leaders_are_counted_by_who_leads() -> None:
    """Home won one of two in front, and away when it was in front."""
    expected = [[0.5, 0.0, 0.5], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    np.testing.assert_array_equal(leader_wins(TABLE), expected)


def test_in_tennis_level_sets_go_by_games() -> None:
    """A player a game up in the set leads."""
    games = {"games_home": np.array([0.0, 0.0, 2.0, 0.0]), "games_away": np.zeros(4)}
    table = TABLE._replace(columns={**TABLE.columns, **games})
    np.testing.assert_array_equal(leader_wins(table)[2], [2 / 3, 0.0, 1 / 3])


def test_the_prior_and_what_was_published_are_as_they_are() -> None:
    """A row nobody published is NaN."""
    np.testing.assert_array_equal(prior_alone(TABLE)[0], [0.6, 0.0, 0.4])
    np.testing.assert_allclose(published(TABLE)[[0, 1]], [[0.9, 0.0, 0.1], [np.nan] * 3])
