from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from models.training.priors_tennis import from_rating, over_sets
from models.training.ratings_tennis import Match, expected_by_earlier
from models.training.tables_tennis import table

ROWS = pl.DataFrame(
    {
        "season": [2015] * 3,
        "game_id": ["a"] * 3,
        "best_of": [3, 3, 3],
        "sets1": [0, 1, 1],
        "sets2": [0, 0, 1],
        "games1": [0, 3, 6],
        "games2": [0, 2, 6],
        "pts1": [0, 2, 5],
        "pts2": [0, 3, 4],
        "server": [1, 2, None],
        "tiebreak": [0, 0, 1],
        "elo_p1_prob": [0.6, 0.6, None],
        "p1_won": [1, 1, 1],
    }
)


def test_rows_of_a_tennis_file() -> None:
    """Player 1 is home; without ratings the chances are even and unknown."""
    made = table(ROWS, LEAGUES["atp"])
    names = ("sets_home", "games_away", "points_home", "server", "tiebreak", "prior_home")
    assert [made.columns[name].tolist() for name in names] == [
        [0.0, 1.0, 1.0],
        [0.0, 2.0, 6.0],
        [0.0, 2.0, 5.0],
        [1.0, -1.0, 0.0],
        [0.0, 0.0, 1.0],
        [*from_rating(np.array([0.6, 0.6]), np.full(2, 3.0), "atp").tolist(), 0.5],
    ]
    assert made.columns["prior_known"].tolist() == [1.0, 1.0, 0.0]
    assert [made.phase.names[code] for code in made.phase.codes] == [
        "1st set", "2nd set", "deciding set",
    ]  # fmt: skip


def test_games_of_the_sets_before_are_counted_up() -> None:
    """The last game of a set has no row: it is the one that its winner had not won yet."""
    rows = [(0, 0, 5, 3), (0, 0, 5, 4), (1, 0, 0, 0), (1, 0, 6, 6), (1, 1, 0, 0), (1, 1, 2, 1)]
    sets1, sets2, games1, games2 = zip(*rows, strict=True)
    frame = pl.DataFrame(
        {
            "season": 2015,
            "game_id": ["a"] * 6 + ["b"] * 6,
            "best_of": 3,
            "sets1": sets1 * 2,
            "sets2": sets2 * 2,
            "games1": games1 * 2,
            "games2": games2 * 2,
            "pts1": 0,
            "pts2": 0,
            "server": 1,
            "tiebreak": 0,
            "elo_p1_prob": 0.6,
            "p1_won": 1,
        }
    )
    made = table(frame[::-1], LEAGUES["atp"]).columns
    assert made["earlier_home"].tolist()[5::-1] == [0.0, 0.0, 6.0, 6.0, 12.0, 12.0]
    assert made["earlier_away"].tolist()[11:5:-1] == [0.0, 0.0, 4.0, 4.0, 11.0, 11.0]


def test_a_file_without_sets_is_refused() -> None:
    """The error names the column."""
    with pytest.raises(ConfigError, match="no column 'sets1'"):
        table(ROWS.drop("sets1"), LEAGUES["atp"])


def _matches(**changes: object) -> pl.DataFrame:
    """Return a match of A and B with a rating, and one on the next day without, two rows each."""
    values: dict[str, object] = {
        "game_id": ["x", "x", "y", "y"],
        "date": ["2015-05-01", "2015-05-01", "2015-05-02", "2015-05-02"],
        "p1": ["A", "A", "B", "B"],
        "p2": ["B", "B", "A", "A"],
        "best_of": [3, 3, 5, 5],
        "sets1": 0,
        "sets2": 0,
        "games1": [0, 1, 0, 1],
        "games2": 0,
        "pts1": 0,
        "pts2": 0,
        "server": 1,
        "tiebreak": 0,
        "elo_p1_prob": [0.8, 0.8, None, None],
        "p1_won": [1, 1, 0, 0],
    }
    return pl.DataFrame({**values, **changes})


def test_a_match_without_a_rating_has_one_of_the_days_before() -> None:
    """Its prior is no known one all the same; in best of five it says more."""
    said = expected_by_earlier([Match(1, "A", "B", 1.0, 0.8), Match(2, "B", "A", np.nan, np.nan)])[
        1
    ]
    made = table(_matches(), LEAGUES["atp"])
    longer = over_sets(np.array([said]), np.array([5.0]))[0]
    rated = from_rating(np.array([0.8]), np.array([3.0]), "atp")[0]
    assert longer < said < 0.5
    assert made.columns["prior_home"].tolist() == pytest.approx([rated, rated, longer, longer])
    assert made.columns["prior_away"].tolist() == pytest.approx(
        [1.0 - rated, 1.0 - rated, 1.0 - longer, 1.0 - longer]
    )
    assert made.columns["prior_known"].tolist() == [1.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    "frame",
    [
        _matches().drop("p2"),
        _matches().drop("date"),
        _matches(p1=["A", "A", None, None]),
        _matches(date=["2015-05-01"] * 4),
    ],
)
def test_without_names_or_order_the_chances_are_even(frame: pl.DataFrame) -> None:
    """No name, no day, or both matches on one day."""
    assert table(frame, LEAGUES["atp"]).columns["prior_home"].tolist()[2:] == [0.5, 0.5]
