from __future__ import annotations

from statistics import NormalDist

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.training.priors_basketball import SIGMA
from models.training.tables_basketball import table


def test_rows_of_an_nba_file(nba_frame: pl.DataFrame) -> None:
    """Moneylines first, then the spread, then the league's rate; games and sources keep apart."""
    made = table(nba_frame, LEAGUES["nba"])
    favourite = NormalDist().cdf(12.2 / SIGMA["nba"])
    np.testing.assert_allclose(
        made.columns["prior_home"], [favourite, favourite, 0.5 / 1.25, 0.58], atol=1e-6
    )
    assert made.columns["prior_known"].tolist() == [1.0, 1.0, 1.0, 0.0]
    assert made.outcome.tolist() == [0, 0, 2, 2]
    assert made.game.tolist() == [0, 0, 1, 1]
    assert [made.source.names[code] for code in made.source.codes] == [
        "pbp", "pbp", "quarter", "states",
    ]  # fmt: skip
    assert made.day.tolist() == [17824, 17824, 18263, -1]


def test_a_file_without_its_clock_is_refused(nba_frame: pl.DataFrame) -> None:
    """The error names the column."""
    with pytest.raises(ConfigError, match="no column 'remaining_s'"):
        table(nba_frame.drop("remaining_s"), LEAGUES["nba"])
