from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from models.training.priors_cricket import from_rating, unrated
from models.training.tables_cricket import NEEDED, PAR_SINCE, RECENT, table


def frame_of(**changes: Any) -> pl.DataFrame:
    """Return two matches of one row in each innings; the second match is on the next day."""
    values: dict[str, Any] = {
        "game_id": ["a", "a", "b", "b"],
        "date": ["2019-04-01", "2019-04-01", "2019-04-02", "2019-04-02"],
        "season": 2019,
        "innings": [1, 2, 1, 2],
        "balls_left": [90, 20, 31, 120],
        "runs": [40, 150, 130, 0],
        "wickets": [1, 6, 3, 0],
        "target": [None, 181, None, 141],
        "bat_first_won": [1, 1, 0, 0],
        "elo_bat_first_prob": [0.6, 0.6, None, None],
    }
    return pl.DataFrame({**values, **changes}, strict=False)


def test_rows_of_a_cricket_file() -> None:
    """Home bats first and has its total while the other side chases it."""
    made = table(frame_of())
    rated = from_rating(np.array([0.6, 0.6])).tolist()
    names = ("home_score", "away_score", "lead", "chase", "balls_left", "wickets", "prior_home")
    assert [made.columns[name].tolist() for name in names] == [
        [40.0, 180.0, 130.0, 140.0],
        [0.0, 150.0, 0.0, 0.0],
        [40.0, 30.0, 130.0, 140.0],
        [0.0, 1.0, 0.0, 1.0],
        [90.0, 20.0, 31.0, 120.0],
        [1.0, 6.0, 3.0, 0.0],
        [*rated, unrated(), unrated()],
    ]
    assert made.columns["prior_known"].tolist() == [1.0, 1.0, 0.0, 0.0]
    assert made.outcome.tolist() == [0, 0, 2, 2]
    assert [made.phase.names[code] for code in made.phase.codes] == [
        "1st powerplay",
        "chase last overs",
        "1st middle",
        "chase powerplay",
    ]


def test_par_is_that_of_the_days_before() -> None:
    """The first day has the usual one, the second knows the first total, 180; never its own."""
    made = table(frame_of())
    later = 160.0 + RECENT * 20.0
    assert made.columns["par"].tolist() == pytest.approx([160.0, 160.0, later, later])


def test_matches_of_one_day_do_not_know_of_each_other() -> None:
    """Nor does a row without a day know of any: it has the par that the file begins with."""
    same_day = table(frame_of(date=["2019-04-01"] * 4))
    assert same_day.columns["par"].tolist() == [160.0] * 4
    undated = table(frame_of(date=["2019-04-01", "2019-04-01", None, None]))
    assert undated.columns["par"].tolist() == [160.0] * 4
    recent = table(frame_of(season=2024).drop("date"))
    assert recent.columns["par"].tolist() == [PAR_SINCE] * 4


def test_a_file_that_begins_after_the_rule_has_its_par() -> None:
    """Since 2023 first innings come to more; a file without seasons begins with the usual."""
    assert table(frame_of(season=2024)).columns["par"][0] == PAR_SINCE
    assert table(frame_of().drop("season")).columns["par"][0] == 160.0


def test_a_missing_column_is_named() -> None:
    """With all that are needed."""
    with pytest.raises(ConfigError, match=r"'target'.*bat_first_won"):
        table(frame_of().drop("target"))
    assert set(NEEDED) <= set(frame_of().columns)
