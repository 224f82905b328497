from __future__ import annotations

import numpy as np
import polars as pl

from fusion.leagues import LEAGUES
from models.training.priors import PriorColumns
from models.training.timed import clocked, score_names, scores, timed_phases, two_way_outcome


def prior(rows: int) -> PriorColumns:
    """Return even chances."""
    return PriorColumns(*(np.full(rows, value) for value in (0.5, 0.0, 0.5, 1.0)))


def test_a_margin_stands_in_for_missing_scores(nba_frame: pl.DataFrame) -> None:
    """The lead is known although neither score is."""
    columns = scores(nba_frame, prior(4))
    assert columns["lead"].tolist() == [0.0, 2.0, -3.0, -2.0]
    assert np.isnan(columns["home_score"]).tolist() == [False, False, True, False]


def test_clock_columns(nba_frame: pl.DataFrame) -> None:
    """Overtime is counted from 1, and the last second lasts."""
    left, period = np.array([2880.0, 250.0, 0.0, 300.0]), np.array([1.0, 4.0, 4.0, 5.0])
    columns = clocked(nba_frame, prior(4), LEAGUES["nba"], left, period)
    assert columns["remaining_s"].tolist() == [2880.0, 250.0, 1.0, 300.0]
    assert columns["overtime"].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert columns["regulation_s"].tolist() == [2880.0] * 4
    assert columns["overtime_s"].tolist() == [300.0] * 4


def test_the_last_five_minutes_are_a_phase() -> None:
    """They are taken out of the last period, not out of overtime."""
    columns = {
        "overtime": np.array([0.0, 0.0, 0.0, 0.0, 1.0]),
        "remaining_s": np.array([2400.0, 1200.0, 301.0, 300.0, 100.0]),
        "period": np.array([1.0, 2.0, 2.0, 2.0, 3.0]),
    }
    found = timed_phases(columns, LEAGUES["ncaamb"])
    assert [found.names[code] for code in found.codes] == [
        "1st half", "2nd half before", "2nd half before", "last 5 minutes", "overtime",
    ]  # fmt: skip


def test_outcomes_are_home_and_away() -> None:
    """1 is home, 0 is away; a tie, or what is not known, is neither."""
    assert two_way_outcome(np.array([1.0, 0.0, 0.5, np.nan])).tolist() == [0, 2, -1, -1]


def test_a_score_is_two_numbers_or_a_margin() -> None:
    """A file that has the margin needs no scores."""
    assert score_names(pl.DataFrame({"margin": [1]})) == ("margin",)
    assert score_names(pl.DataFrame({"home_score": [1]})) == ("home_score", "away_score")
