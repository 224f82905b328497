"""Rows from several real files in one: in order, of one schema, and compared as written."""

from __future__ import annotations

import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archived import write_rows
from rows import tick

from connectors.archive.gather import common_schema, count_rows, gather, read_columns, read_rows
from connectors.archive.layout import Output
from connectors.archive.schema import TABLES
from connectors.archive.swap import hidden
from fusion.errors import ArchiveError

TICKS = TABLES["ticks"]


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Return two files of ticks of two games, the second with earlier frames too."""
    first = [tick(seq=4, game_id="nba:1", bid=0.4), tick(seq=5, game_id="nba:2", bid=0.5)]
    second = [tick(seq=3, game_id="nba:1", bid=None), tick(seq=4, game_id="nba:1", bid=0.6)]
    return [*write_rows(tmp_path, first), *write_rows(tmp_path, second)]


def test_rows_are_parted_by_game_and_ordered(paths: list[Path]) -> None:
    """Each output has its rows in the order of `seq`; those of one frame stay as they were."""
    folder, files = paths[0].parent, tuple(path.name for path in paths)
    outputs = [
        Output("one.parquet", files, 3, "nba:1"),
        Output("rest.parquet", files, 1, None),
    ]
    gather(TICKS, folder, outputs, frozenset({"nba:1"}))
    found = {output.file: pq.ParquetFile(hidden(folder / output.file)).read() for output in outputs}
    assert {name: rows.select(["seq", "bid"]).to_pydict() for name, rows in found.items()} == {
        "one.parquet": {"seq": [3, 4, 4], "bid": [None, 0.4, 0.6]},
        "rest.parquet": {"seq": [5], "bid": [0.5]},
    }
    assert found["one.parquet"].schema.equals(TICKS.schema, check_metadata=True)
    assert all(path.exists() for path in paths)


def test_numbers_that_are_none_are_kept(tmp_path: Path, paths: list[Path]) -> None:
    """A value that equals not even itself does not fail the comparison."""
    path = paths[0]
    rows = pq.ParquetFile(path).read()
    bids = pa.array([math.nan, 0.5])
    pq.write_table(rows.set_column(rows.column_names.index("bid"), "bid", bids), path)
    gather(TICKS, path.parent, [Output("one.parquet", (path.name,), 2, None)], frozenset())
    first, second = read_columns(hidden(path.with_name("one.parquet")), ("bid",))["bid"].to_pylist()
    assert (math.isnan(first), second) == (True, 0.5)


def test_columns_of_both_times_are_there(paths: list[Path]) -> None:
    """A column that one file lacks may be null; one that the table has no more comes last."""
    old = pq.ParquetFile(paths[0]).read().drop_columns(["held"])
    pq.write_table(old.append_column("mood", pa.array(["calm", "wild"])), paths[0])
    schema = common_schema(TICKS, paths)
    assert schema.names == [*TICKS.schema.names, "mood"]
    assert (schema.field("held").nullable, TICKS.schema.field("held").nullable) == (True, False)
    assert read_rows(paths[0], schema).select(["held", "mood"]).to_pydict() == {
        "held": [None, None],
        "mood": ["calm", "wild"],
    }
    assert read_rows(paths[1], schema).select(["held", "mood"]).to_pydict() == {
        "held": [False, False],
        "mood": [None, None],
    }


def test_a_column_of_another_type_is_named(paths: list[Path]) -> None:
    """What does not become today's type is an error with the file, and nothing is guessed."""
    rows = pq.ParquetFile(paths[0]).read()
    texts = pa.array(["half", "full"])
    pq.write_table(rows.set_column(rows.column_names.index("bid"), "bid", texts), paths[0])
    with pytest.raises(ArchiveError, match=rf"^{paths[0]} cannot be read: Failed to parse"):
        read_rows(paths[0], common_schema(TICKS, paths))


def test_damaged_and_missing_files(paths: list[Path]) -> None:
    """A damaged file is named; one that is gone says so, as somebody else may have taken it."""
    paths[0].write_bytes(b"PAR1")
    for read in (count_rows, lambda path: read_columns(path, ("seq",))):
        with pytest.raises(ArchiveError, match=rf"^{paths[0]} cannot be read: "):
            read(paths[0])
        with pytest.raises(FileNotFoundError):
            read(paths[0].with_name("absent.parquet"))


def test_only_columns_that_are_there(paths: list[Path]) -> None:
    """Columns that a file does not have are left out, text is plain."""
    found = read_columns(paths[0], ("game_id", "mood"))
    assert found.to_pydict() == {"game_id": ["nba:1", "nba:2"]}
    assert found.schema.field("game_id").type == pa.string()
    assert count_rows(paths[0]) == 2
