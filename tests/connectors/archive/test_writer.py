"""The writer against real files: what goes in comes out of three readers, and only whole."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pyarrow.parquet as pq
import pytest

from connectors.archive.connect import connect
from connectors.archive.schema import TABLE_OF, TABLES
from connectors.archive.writer import ArchiveWriter, to_arrow
from fusion.errors import ArchiveError
from fusion.rows import Row, Tick

ROOT = Path(__file__).parents[3]
SESSION = "20261120T190501Z"

STUCK_IN_FSYNC = """
import os, sys, time
from pathlib import Path
import msgspec
from connectors.archive.writer import ArchiveWriter
from fusion.rows import DeadLetter
writer = ArchiveWriter(Path(sys.argv[1]), "crashed")
writer.add([DeadLetter(seq=1, recv_ns=1, date="2026-11-20", league="nba", source="espn:nba",
                       reason="html", detail="", excerpt="")])
def stuck(descriptor):
    print("written", flush=True)
    time.sleep(600)
os.fsync = stuck
writer.flush()
"""


def _expected(rows: list[Row], kind: type[Row]) -> list[dict[str, Any]]:
    """Return the rows of a kind as a database gives them: with the day as a date."""
    return [
        {**msgspec.structs.asdict(row), "date": date.fromisoformat(row.date)}
        for row in rows
        if type(row) is kind
    ]


def test_rows_come_back_from_duckdb(tmp_path: Path, rows: list[Row]) -> None:
    """Every row of every table comes back whole through its view, in the order of its fields."""
    writer = ArchiveWriter(tmp_path, SESSION)
    writer.add(rows)
    writer.flush()
    with connect(tmp_path) as connection:
        for kind, table in TABLE_OF.items():
            found = connection.execute(f"FROM {table.name} ORDER BY seq")
            names = [column[0] for column in found.description or ()]
            values = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
            assert names == list(kind.__struct_fields__)
            assert values == _expected(rows, kind)


def test_rows_come_back_from_polars(tmp_path: Path, rows: list[Row]) -> None:
    """Polars reads the ticks back, leagues as text and ids as categories."""
    writer = ArchiveWriter(tmp_path, SESSION)
    writer.add(rows)
    writer.flush()
    ticks = pl.read_parquet(
        tmp_path / "archive" / "ticks" / "**" / "*.parquet",
        hive_partitioning=True,
        hive_schema={"date": pl.Date, "league": pl.String},
    ).sort("seq")
    assert ticks.select(Tick.__struct_fields__).to_dicts() == _expected(rows, Tick)
    assert ticks.schema["token_id"] == pl.Categorical


def test_rows_come_back_from_pyarrow(tmp_path: Path, tick: Tick) -> None:
    """A file holds the columns of its table's schema and nothing of its folders' names."""
    writer = ArchiveWriter(tmp_path, SESSION)
    writer.add([tick])
    (path,) = writer.flush()
    table = pq.ParquetFile(path).read()
    expected = msgspec.structs.asdict(tick)
    del expected["date"], expected["league"]
    assert table.to_pylist() == [expected]
    assert table.schema.equals(TABLES["ticks"].schema)


def test_files_are_named_by_session_seq_and_number(tmp_path: Path, rows: list[Row]) -> None:
    """Each table, day and league has its file; the number tells files of equal seq apart."""
    writer = ArchiveWriter(tmp_path, SESSION)
    writer.add(rows)
    first = writer.flush()
    writer.add(rows[1:2])
    second = writer.flush()
    archive = tmp_path / "archive"
    assert [str(path.relative_to(archive)) for path in (*first, *second)] == [
        f"games/date=2026-11-20/league=nba/{SESSION}-000000000040-0000.parquet",
        f"ticks/date=2026-11-20/league=nba/{SESSION}-000000000041-0000.parquet",
        f"signals/date=2026-11-20/league=nba/{SESSION}-000000000041-0000.parquet",
        f"ticks/date=2026-11-20/league=eng.1/{SESSION}-000000000042-0000.parquet",
        f"books/date=2026-11-20/league=nba/{SESSION}-000000000045-0000.parquet",
        f"dead_letters/date=2026-11-20/league=/{SESSION}-000000000043-0000.parquet",
        f"ticks/date=2026-11-21/league=nba/{SESSION}-000000000044-0000.parquet",
        f"ticks/date=2026-11-20/league=nba/{SESSION}-000000000041-0001.parquet",
    ]
    assert sorted(archive.glob("**/*.*et*")) == sorted([*first, *second])


def test_no_file_is_written_over(tmp_path: Path, tick: Tick) -> None:
    """Two writers that share a session and a table are told so before one harms the other."""
    first, second = (ArchiveWriter(tmp_path, SESSION) for _ in range(2))
    first.add([tick])
    second.add([msgspec.structs.replace(tick, bid=0.1)])
    (path,) = first.flush()
    with pytest.raises(ArchiveError) as caught:
        second.flush()
    assert str(caught.value) == (
        f"{path} exists already; give each writer of a table a session of its own"
    )
    assert pq.ParquetFile(path).read(["bid"]).to_pylist() == [{"bid": 0.47}]
    assert second.buffered_rows == 1


def test_flush_leaves_small_buffers(tmp_path: Path, tick: Tick, rows: list[Row]) -> None:
    """Only buffers with the rows asked for are written; the others wait and are counted."""
    writer = ArchiveWriter(tmp_path, SESSION)
    writer.add(rows)
    writer.add([tick, tick])
    assert writer.buffered_rows == 9
    (path,) = writer.flush(min_rows=3)
    assert pq.read_metadata(path).num_rows == 3
    assert writer.buffered_rows == 6
    assert len(writer.flush()) == 6
    assert (writer.buffered_rows, writer.flush()) == (0, [])


@pytest.mark.parametrize("league", ["eng.1", "007", "1", "a/b", "", "ä b"])
def test_league_stays_text(tmp_path: Path, tick: Tick, league: str) -> None:
    """A league comes back as the text it was, whatever it looks like."""
    writer = ArchiveWriter(tmp_path, SESSION)
    writer.add([msgspec.structs.replace(tick, league=league)])
    writer.flush()
    with connect(tmp_path) as connection:
        answer = connection.execute("SELECT league, typeof(league), typeof(date) FROM ticks")
        assert answer.fetchall() == [(league, "VARCHAR", "DATE")]


def test_killed_writer_leaves_no_visible_file(tmp_path: Path, tick: Tick) -> None:
    """A file that was being written is never seen, is left to its writer, and goes after a kill."""
    child = subprocess.Popen(
        [sys.executable, "-c", STUCK_IN_FSYNC, str(tmp_path)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"written\n"
    folder = tmp_path / "archive" / "dead_letters" / "date=2026-11-20" / "league=nba"
    temporary = [".crashed-000000000001-0000.parquet.tmp"]
    ArchiveWriter(tmp_path, SESSION)
    assert [path.name for path in folder.iterdir()] == temporary
    with connect(tmp_path) as connection:
        assert connection.execute("SELECT count(*) FROM dead_letters").fetchall() == [(0,)]
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert [path.name for path in folder.iterdir()] == temporary
    ArchiveWriter(tmp_path, SESSION)
    assert list(folder.iterdir()) == []


def test_full_disk_keeps_the_rows(tmp_path: Path, tick: Tick) -> None:
    """A file that does not fit leaves nothing behind; its rows are written by a later flush."""
    writer = ArchiveWriter(tmp_path, SESSION)
    writer.add([tick])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(ArchiveError, match=r"cannot write .*-0000\.parquet: .*too large; "):
            writer.flush()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert writer.buffered_rows == 1
    (path,) = writer.flush()
    assert pq.read_metadata(path).num_rows == 1


def test_file_in_place_of_the_archive_is_an_error(tmp_path: Path) -> None:
    """A file where the archive must be is named at the start."""
    (tmp_path / "archive").write_text("")
    with pytest.raises(ArchiveError, match=r"cannot open .*/archive: File exists; move away"):
        ArchiveWriter(tmp_path, SESSION)


@pytest.mark.parametrize("day", ["", "2026-13-01", "../../etc"])
def test_day_must_be_a_date(tmp_path: Path, tick: Tick, day: str) -> None:
    """A row without a day is refused by name, for one such folder would break every query."""
    writer = ArchiveWriter(tmp_path, SESSION)
    writer.add([msgspec.structs.replace(tick, date=day)])
    with pytest.raises(ArchiveError) as caught:
        writer.flush()
    assert str(caught.value) == (
        f"a row of ticks has the date {day!r}; give it its day as YYYY-MM-DD"
    )


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"home_score": 2**63}, "home_score"),
        ({"bid": "0.5"}, "bid"),
        ({"status": "\ud800"}, "status"),
    ],
)
def test_value_must_fit_its_column(tick: Tick, change: dict[str, Any], column: str) -> None:
    """A value that no column takes is an error that names the column."""
    row = msgspec.structs.replace(tick, **change)
    with pytest.raises(ArchiveError, match=f"^a value does not fit ticks.{column}: .*on arrival$"):
        to_arrow(TABLES["ticks"], [row])
