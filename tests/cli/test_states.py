from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from cli.states import read_states
from fusion.errors import ConfigError

FRAME = pl.DataFrame({"season": [2019], "home_won": [1]})


def test_parquet_and_csv_are_the_same_states(tmp_path: Path) -> None:
    """Either kind of file is read."""
    FRAME.write_parquet(tmp_path / "a.parquet")
    FRAME.write_csv(tmp_path / "a.csv")
    assert read_states(tmp_path / "a.parquet").equals(FRAME)
    assert read_states(tmp_path / "a.csv").equals(FRAME)


def test_nothing_may_be_written_in_many_ways(tmp_path: Path) -> None:
    """Other programs write NA, NaN or None where there is nothing."""
    path = tmp_path / "a.CSV"
    path.write_text("season,total\n2019,NA\n2020,NaN\n2021,None\n2022,\n2023,7.5\n")
    assert read_states(path)["total"].to_list() == [None, None, None, None, 7.5]


@pytest.mark.parametrize(
    ("name", "message"), [("a.txt", "was 'a.txt'"), ("a.parquet", "cannot be read")]
)
def test_what_is_no_file_of_states_is_told(tmp_path: Path, name: str, message: str) -> None:
    """By its kind, or by what is inside."""
    (tmp_path / name).write_text("no states")
    with pytest.raises(ConfigError, match=message):
        read_states(tmp_path / name)
