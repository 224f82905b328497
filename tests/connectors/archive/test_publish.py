"""Publishing: what readers get, and what the end of a session leaves behind."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pyarrow.parquet as pq
import pytest
from archived import SESSION, write_rows
from staged_run import published

from connectors.archive.connect import connect
from connectors.archive.publish import (
    check_whole,
    forget_staged,
    publish,
    publish_leftovers,
    published_by_end,
)
from connectors.archive.restore import PartState
from connectors.archive.schema import TABLE_OF, TABLES, ArchiveItem
from connectors.archive.writer import PartWriter
from fusion.errors import ArchiveError
from fusion.rows import DeadLetter, Row, Tick

ROOT = Path(__file__).parents[3]
HELD = """
import fcntl, os, sys
descriptor = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(descriptor, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""

ENDS = """
import atexit, sys
from pathlib import Path
from connectors.archive.publish import publish_leftovers
atexit.register(lambda: print(len(publish_leftovers(Path(sys.argv[1]), sys.argv[2]))))
"""
"""Ends a session as a run does, when its interpreter ends."""


def staged(data_dir: Path, rows: list[Any], part: str = "rows-0") -> None:
    """Stage rows as a run that ended well, before its leftovers are published."""
    writer = PartWriter(data_dir, part, PartState(SESSION), now_s=0.0)
    writer.write(rows, 0.0)
    writer.snapshot(0.0)
    writer.close()


def _expected(rows: list[Row], kind: type[ArchiveItem]) -> list[dict[str, Any]]:
    """Return the rows of a kind as a database gives them: with the day as a date."""
    return [
        {**msgspec.structs.asdict(row), "date": date.fromisoformat(row.date)}
        for row in rows
        if type(row) is kind
    ]


def test_rows_come_back_from_duckdb(tmp_path: Path, rows: list[Row]) -> None:
    """Every row of every table comes back whole through its view, in the order of its fields."""
    write_rows(tmp_path, rows)
    with connect(tmp_path) as connection:
        for kind, table in TABLE_OF.items():
            found = connection.execute(f"FROM {table.name} ORDER BY seq")
            names = [column[0] for column in found.description or ()]
            values = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
            assert names == list(table.row.__struct_fields__)
            assert values == _expected(rows, kind)


def test_rows_come_back_from_polars(tmp_path: Path, rows: list[Row]) -> None:
    """Polars reads the ticks back, leagues as text and ids as categories."""
    write_rows(tmp_path, rows)
    ticks = pl.read_parquet(
        tmp_path / "archive" / "ticks" / "**" / "*.parquet",
        hive_partitioning=True,
        hive_schema={"date": pl.Date, "league": pl.String},
    ).sort("seq")
    assert ticks.select(Tick.__struct_fields__).to_dicts() == _expected(rows, Tick)
    assert ticks.schema["token_id"] == pl.Categorical


def test_rows_come_back_from_pyarrow(tmp_path: Path, tick: Tick) -> None:
    """A file holds the columns of its table's schema and nothing of its folders' names."""
    (path,) = write_rows(tmp_path, [tick])
    table = pq.ParquetFile(path).read()
    expected = msgspec.structs.asdict(tick)
    del expected["date"], expected["league"]
    assert table.to_pylist() == [expected]
    assert table.schema.equals(TABLES["ticks"].schema)


@pytest.mark.parametrize("league", ["eng.1", "007", "1", "a/b", "", "ä b", "a__b", "%2F"])
def test_league_stays_text(tmp_path: Path, tick: Tick, league: str) -> None:
    """A league comes back as the text it was, whatever it looks like."""
    write_rows(tmp_path, [msgspec.structs.replace(tick, league=league)])
    with connect(tmp_path) as connection:
        answer = connection.execute("SELECT league, typeof(league), typeof(date) FROM ticks")
        assert answer.fetchall() == [(league, "VARCHAR", "DATE")]


def test_leftovers_are_named_and_nothing_stays(tmp_path: Path, rows: list[Row]) -> None:
    """Each part's files get their places; staging is gone but for the record of it."""
    staged(tmp_path, rows[:2])
    staged(tmp_path, rows[5:6], "records-0")
    made = publish_leftovers(tmp_path, SESSION)
    archive = tmp_path / "archive"

    assert [str(path.relative_to(archive)) for path in made] == [
        f"dead_letters/date=2026-11-20/league=/{SESSION}-records-0-00000000.parquet",
        f"games/date=2026-11-20/league=nba/{SESSION}-rows-0-00000000.parquet",
        f"ticks/date=2026-11-20/league=nba/{SESSION}-rows-0-00000001.parquet",
    ]
    assert sorted(path for path in archive.rglob("*") if path.is_file()) == made
    assert list((tmp_path / "staging").iterdir()) == [tmp_path / "staging" / f"{SESSION}.published"]
    ended = published_by_end(tmp_path, SESSION)
    assert {part: list(files) for part, files in ended.items()} == {
        "records-0": [0],
        "rows-0": [0, 1],
    }
    assert publish_leftovers(tmp_path, SESSION) == []


def test_leftovers_outlive_a_power_cut(
    tmp_path: Path, letter: DeadLetter, synced: set[Path]
) -> None:
    """Staged rows, and then their file, are synced with every folder that has a new name."""
    staged(tmp_path, [letter])
    folder = tmp_path / "staging" / SESSION / "rows-0"
    (file,) = folder.iterdir()
    assert synced == {tmp_path, folder.parent.parent, folder.parent, folder, file}
    synced.clear()
    (made,) = publish_leftovers(tmp_path, SESSION)
    archive = tmp_path / "archive"
    assert synced >= {folder / ".00000000.parquet.tmp", tmp_path, archive, *made.parents[:3]}


def test_no_session_has_no_leftovers(tmp_path: Path) -> None:
    """A session that archived nothing leaves nothing, not even a folder."""
    assert publish_leftovers(tmp_path, SESSION) == []
    assert published_by_end(tmp_path, SESSION) == {}
    forget_staged(tmp_path, SESSION)
    assert list(tmp_path.iterdir()) == []


def test_an_end_can_be_done_again(tmp_path: Path, rows: list[Row]) -> None:
    """What the disk kept from being published is published by the next try, once."""
    staged(tmp_path, rows)
    (tmp_path / "archive").mkdir()
    in_the_way = tmp_path / "archive" / "signals"
    in_the_way.touch()
    with pytest.raises(ArchiveError, match=r"cannot publish .*/signals/"):
        publish_leftovers(tmp_path, SESSION)
    some = published(tmp_path)
    in_the_way.unlink()
    record = published_by_end(tmp_path, SESSION)
    publish_leftovers(tmp_path, SESSION)

    assert set(some) < {row.seq for row in rows}
    assert published(tmp_path) == sorted(row.seq for row in rows)
    assert published_by_end(tmp_path, SESSION) == record


def test_one_process_ends_a_session(tmp_path: Path, letter: DeadLetter) -> None:
    """Another that ends it at the same time is waited for."""
    staged(tmp_path, [letter])
    folder = tmp_path / "staging" / SESSION
    other = subprocess.Popen(
        [sys.executable, "-c", HELD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdout.readline() == b"held\n"
    ours = subprocess.Popen(
        [
            sys.executable,
            "-c",
            ENDS,
            str(tmp_path),
            SESSION,
        ],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    with pytest.raises(subprocess.TimeoutExpired):
        ours.wait(1.5)
    other.communicate()
    assert ours.communicate(timeout=30)[0] == "1\n"


def test_a_file_is_published_over_itself(tmp_path: Path, letter: DeadLetter) -> None:
    """A file that a crash made be converted again takes its own place."""
    (path,) = write_rows(tmp_path, [letter])
    whole = path.read_bytes()
    again = tmp_path / "again.parquet"
    again.write_bytes(whole)
    publish(again, path)

    assert (path.read_bytes(), again.exists()) == (whole, False)


@pytest.mark.parametrize("kept", [0, 3, 8, 200, -1, -8])
def test_a_truncated_file_is_told(tmp_path: Path, letter: DeadLetter, kept: int) -> None:
    """The error names the file and what makes it again; a whole file passes."""
    (path,) = write_rows(tmp_path, [letter])
    check_whole(path, SESSION)
    path.write_bytes(path.read_bytes()[:kept])

    with pytest.raises(ArchiveError) as caught:
        check_whole(path, SESSION)
    assert str(caught.value) == (
        f"{path} is not whole: it has {path.stat().st_size} bytes and does not end as Parquet "
        f"does; make it again with: fairline rebuild --session {SESSION}"
    )


def test_a_footer_longer_than_the_file_is_told(tmp_path: Path) -> None:
    """The last bytes alone do not make a file."""
    path = tmp_path / "x.parquet"
    path.write_bytes(b"PAR1" + (100).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(ArchiveError, match="is not whole"):
        check_whole(path, SESSION)


def test_a_damaged_record_is_told(tmp_path: Path) -> None:
    """A record that cannot be read is not taken for none."""
    folder = tmp_path / "staging"
    folder.mkdir()
    (folder / f"{SESSION}.published").write_bytes(b"\xff{")
    with pytest.raises(ArchiveError, match=rf"{SESSION}\.published does not say what was"):
        published_by_end(tmp_path, SESSION)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, letter: DeadLetter) -> None:
    """A file where the archive must be is named, and what is staged stays."""
    staged(tmp_path, [letter])
    (tmp_path / "archive").write_text("")
    with pytest.raises(ArchiveError, match=r"cannot publish .*parquet: .*; move away the file"):
        publish_leftovers(tmp_path, SESSION)
    assert len(list((tmp_path / "staging").rglob("*.jsonl"))) == 1
