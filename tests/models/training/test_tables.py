from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from models.inputs import column_names
from models.training.tables import state_table, subjects


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("nba", ["nba"]),
        ("ncaam", ["ncaamb"]),
        ("soccer", ["soccer"]),
        ("soccer_intl", ["soccer_intl"]),
        ("premier-league", ["soccer"]),
        ("tennis", ["atp", "wta"]),
        ("ATP", ["atp"]),
    ],
)
def test_names_stand_for_subjects(name: str, keys: list[str]) -> None:
    """Leagues, aliases, and names of files are all understood."""
    assert [subject.key for subject in subjects(name)] == keys


@pytest.mark.parametrize("name", ["nowhere", "ufc"])
def test_what_has_no_states_is_refused(name: str) -> None:
    """The error lists the leagues there are."""
    with pytest.raises(ConfigError, match="use one of nba"):
        subjects(name)


def test_only_rows_of_the_league_count(nba_frame: pl.DataFrame) -> None:
    """Rows of another league are left out; a file without any of the league is refused."""
    mixed = nba_frame.with_columns(league=pl.Series(["nba", "nba", "wnba", "nba"]))
    (nba,) = subjects("nba")
    assert state_table(mixed, nba).rows == 3
    assert state_table(nba_frame, nba).rows == 4
    with pytest.raises(ConfigError, match="no rows of nhl, its `league` was nba, wnba"):
        state_table(mixed, subjects("nhl")[0])


FILES = ("nba", "nfl", "mlb", "nhl", "ncaam", "cfb", "wnba", "soccer", "soccer_intl", "tennis")


@pytest.mark.parametrize("name", FILES)
def test_real_files_have_the_columns_models_read(shared: Path, name: str) -> None:
    """Each file as it is gives the columns that a live state of the sport gives."""
    frame = pl.read_parquet(shared / "training" / f"{name}.parquet").gather_every(500)
    for subject in subjects(name):
        table = state_table(frame, subject)
        assert set(table.columns) == set(column_names(subject.league.sport))
        assert not np.isnan(table.columns["lead"]).any()
        assert set(np.unique(table.outcome).tolist()) <= {0, 1, 2}
        assert (table.season > 1989).all()
