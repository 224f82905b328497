from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from fusion.errors import ConfigError
from fusion.leagues import League
from models.families.cricket import INPUTS
from models.inputs import column_names
from models.training.tables import joined, state_table, subjects, title, with_rows


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
        ("fifa.world", ["soccer_intl"]),
        ("cricket_ipl", ["cricket_ipl"]),
    ],
)
def test_names_stand_for_subjects(name: str, keys: list[str]) -> None:
    """Leagues, aliases, and names of files are all understood."""
    assert [subject.key for subject in subjects(name)] == keys


@pytest.mark.parametrize("name", ["nowhere", "ufc"])
def test_what_has_no_states_is_refused(name: str) -> None:
    """The error lists the leagues there are, and the files of several or without a feed."""
    files = "soccer, soccer_intl, tennis, cricket_ipl$"
    with pytest.raises(ConfigError, match=f"'{name}'.*; use one of nba, .*, {files}"):
        subjects(name)


def test_only_rows_of_the_league_count(nba_frame: pl.DataFrame) -> None:
    """Rows of another league are left out; a file without any of the league is refused."""
    mixed = nba_frame.with_columns(league=pl.Series(["nba", "nba", "wnba", "nba"]))
    (nba,) = subjects("nba")
    found, whole = state_table(mixed, nba), state_table(nba_frame, nba)
    assert (found.rows, found.skipped) == (3, {"other leagues": 1})
    assert (whole.rows, whole.skipped, whole.league.names) == (4, {}, ("nba",))
    assert (
        state_table(mixed.with_columns(league=pl.col("league").str.to_uppercase()), nba).rows == 3
    )
    with pytest.raises(ConfigError, match="no rows of nhl: its `league` was nba, wnba"):
        state_table(mixed, subjects("nhl")[0])


def test_rows_that_cannot_be_judged_are_counted(nba_frame: pl.DataFrame) -> None:
    """Without a result, a game, a score or a clock there is nothing to judge."""
    broken = nba_frame.vstack(nba_frame.head(1)).with_columns(
        home_won=pl.Series([None, 1, 0, 0, 1]),
        game_id=pl.Series(["a", None, "b", "b", "c"]),
        margin=pl.Series([0, 2, None, -2, 0]),
        remaining_s=pl.Series([2880, 250, 0, None, 2880]),
    )
    (nba,) = subjects("nba")
    found = state_table(broken, nba)
    assert found.skipped == {
        "no result": 1, "no game": 1, "no score": 1, "no place in the game": 1,
    }  # fmt: skip
    assert found.columns["remaining_s"].tolist() == [2880.0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("NCAAM", "ncaamb"),
        ("premier-league", "eng.1"),
        ("tennis", "tennis"),
        ("Soccer", "soccer"),
        ("Cricket_IPL", "cricket_ipl"),
    ],
)
def test_reports_are_called_by_the_key(name: str, expected: str) -> None:
    """Of a file of several leagues by its name."""
    assert title(name) == expected


@pytest.fixture
def tours() -> pl.DataFrame:
    """Return two matches of men, one of women, and a row of something else."""
    return pl.DataFrame(
        {
            "league": ["ATP", "ATP", "WTA", "ipl"],
            "season": [2015] * 4,
            "game_id": ["x", "y", "x", "z"],
            "best_of": [3] * 4,
            "sets1": [0, 1, 0, 0],
            "sets2": [0] * 4,
            "games1": [0] * 4,
            "games2": [0] * 4,
            "pts1": [0] * 4,
            "pts2": [0] * 4,
            "server": [1] * 4,
            "tiebreak": [0] * 4,
            "p1_won": [1, 0, None, 1],
        }
    )


def test_tables_of_one_file_are_joined(tours: pl.DataFrame) -> None:
    """Games of one name in two leagues are two; a row of neither is counted once."""
    found = with_rows(tours, subjects("tennis"))
    assert [each.key for each in found] == ["atp", "wta"]
    women = tours.with_columns(p1_won=pl.Series([1, 0, 1, 1]))
    whole = joined([state_table(women, each) for each in found])
    assert whole.outcome.tolist() == [0, 2, 0]
    assert whole.game.tolist() == [0, 1, 2]
    assert [whole.league.names[code] for code in whole.league.codes] == ["ATP", "ATP", "WTA"]
    assert whole.columns["sets_home"].tolist() == [0.0, 1.0, 0.0]
    assert whole.skipped == {"other leagues": 1}
    unknown = joined([state_table(tours, each) for each in found])
    assert (unknown.rows, unknown.skipped) == (2, {"other leagues": 1, "no result": 1})


def test_only_tours_of_the_file_are_asked_for(tours: pl.DataFrame) -> None:
    """A file that does not tell the tours apart is refused; an empty one is told to be empty."""
    tennis = subjects("tennis")
    assert with_rows(tours.head(2), tennis) == tennis[:1]
    with pytest.raises(ConfigError, match="tells atp or wta apart"):
        with_rows(tours.drop("league"), tennis)
    with pytest.raises(ConfigError, match="no rows of atp: it is empty"):
        state_table(tours.head(0), with_rows(tours.head(0), tennis)[0])


FILES = ("nba", "nfl", "mlb", "nhl", "ncaam", "cfb", "wnba", "soccer", "soccer_intl", "tennis")


@pytest.mark.parametrize("name", FILES)
def test_real_files_have_the_columns_models_read(shared: Path, name: str) -> None:
    """Each file as it is gives the columns that a live state of the sport gives."""
    frame = pl.read_parquet(shared / "training" / f"{name}.parquet").gather_every(500)
    for subject in subjects(name):
        table = state_table(frame, subject)
        assert isinstance(subject.league, League)
        assert set(table.columns) == set(column_names(subject.league.sport))
        assert not np.isnan(table.columns["lead"]).any()
        assert set(np.unique(table.outcome).tolist()) <= {0, 1, 2}
        assert (table.season > 1989).all()


def test_the_real_file_of_cricket_has_the_columns_its_family_reads(shared: Path) -> None:
    """And no row of it is skipped."""
    frame = pl.read_parquet(shared / "training" / "cricket_ipl.parquet").gather_every(500)
    table = state_table(frame, subjects("cricket_ipl")[0])
    assert set(INPUTS) <= set(table.columns)
    assert (table.rows, dict(table.skipped)) == (frame.height, {})
    assert set(np.unique(table.outcome).tolist()) == {0, 2}
