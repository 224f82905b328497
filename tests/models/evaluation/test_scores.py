from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from models.coefficients.schema import Scores
from models.evaluation.scores import (
    Score,
    bin_of,
    brier,
    clustered_se,
    kept,
    log_loss,
    pool,
    score,
)

TWO_WAY = np.array([[0.8, 0.0, 0.2], [0.8, 0.0, 0.2], [0.3, 0.0, 0.7], [1.0, 0.0, 0.0]])
OUTCOME = np.array([0, 0, 2, 2])
GAME = np.array([0, 0, 1, 2])


def test_two_way_scores_by_hand() -> None:
    """Squares .04, .04, .09 and 1; a sure miss costs as much as one in a million."""
    losses = [-log(0.8), -log(0.8), -log(0.7), -log(1e-6)]
    squares = [0.04, 0.04, 0.09, 1.0]
    mean, mean_loss = sum(squares) / 4, sum(losses) / 4
    expected = Score(
        rows=4,
        games=3,
        brier=mean,
        brier_se=sqrt(((0.08 - 2 * mean) ** 2 + (0.09 - mean) ** 2 + (1 - mean) ** 2) * 1.5) / 4,
        log_loss=mean_loss,
        log_loss_se=sqrt(
            (
                (losses[0] + losses[1] - 2 * mean_loss) ** 2
                + (losses[2] - mean_loss) ** 2
                + (losses[3] - mean_loss) ** 2
            )
            * 1.5
        )
        / 4,
        ece=(2 * 0.2 + 0.3 + 1.0) / 4,
    )
    found = score(TWO_WAY, OUTCOME, GAME, three_way=False)
    assert [getattr(found, name) for name in expected.__struct_fields__] == pytest.approx(
        [getattr(expected, name) for name in expected.__struct_fields__]
    )


def test_three_way_scores_sum_over_the_outcomes() -> None:
    """.5/.3/.2 with a draw costs .25 + .49 + .04."""
    prices, outcome = np.array([[0.5, 0.3, 0.2]]), np.array([1])
    assert brier(prices, outcome, three_way=True).tolist() == pytest.approx([0.78])
    assert log_loss(prices, outcome).tolist() == pytest.approx([-log(0.3)])
    pooled = pool(prices, outcome, np.array([4]), three_way=True)
    assert (pooled.price.tolist(), pooled.true.tolist()) == ([0.5, 0.3, 0.2], [0.0, 1.0, 0.0])
    assert pooled.game.tolist() == [4, 4, 4]


def test_rows_of_one_game_count_once() -> None:
    """Copies of a row make the mean no surer."""
    values, game = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0, 1, 2, 3])
    copies = clustered_se(np.repeat(values, 10), np.repeat(game, 10))
    assert copies == pytest.approx(clustered_se(values, game))
    assert np.isnan(clustered_se(np.array([0.2, 0.4]), np.array([7, 7])))


def test_bins_are_ten_and_the_last_is_closed() -> None:
    """1 belongs to the last bin, not to an eleventh."""
    assert bin_of(np.array([0.0, 0.0999, 0.1, 0.95, 1.0])).tolist() == [0, 0, 1, 9, 9]


def test_a_file_keeps_five_decimals() -> None:
    """And the seasons; the error of the log loss is not kept."""
    scores = Score(9, 2, 0.1234567, 0.0123456, 0.4567891, 0.3, 0.0456789)
    expected = Scores((2018, 2019), 9, 2, 0.12346, 0.01235, 0.45679, 0.04568)
    assert kept(scores, (2018, 2019)) == expected
