"""Digests: equal rows have equal ones in any order, and any other rows have not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from archived import write_rows
from rows import signal, tick

from connectors.archive.digest import Digest, file_digests, known_columns, signal_digests
from connectors.archive.schema import TABLES
from fusion.rows import SignalRow, Tick

TICKS = TABLES["ticks"]
COLUMNS = TICKS.schema.names
PLACE = ("2026-11-18", "nba")


def digest(folder: Path, *files: list[Tick]) -> dict[tuple[str, str], Digest]:
    """Return the digests of ticks written as some files."""
    paths = [path for rows in files for path in write_rows(folder, rows)]
    return file_digests(TICKS, paths, COLUMNS)


def test_order_and_files_do_not_count(tmp_path: Path) -> None:
    """The same rows give the same digest, in one file or in two, forwards or backwards."""
    rows = [tick(seq=seq, fair=None if seq % 2 else 0.1 * seq) for seq in range(6)]
    one = digest(tmp_path / "one", rows)
    two = digest(tmp_path / "two", rows[4:][::-1], rows[:4])
    assert one == two
    assert one[PLACE].rows == 6


@pytest.mark.parametrize(
    "change", [{"bid": 0.5900000001}, {"bid": None}, {"venue_ms": 7}, {"held": True}, {"gate": "x"}]
)
def test_a_change_is_seen(tmp_path: Path, change: dict[str, Any]) -> None:
    """One value of one row, of whatever type, gives another digest."""
    rows = [tick(seq=seq) for seq in range(3)]
    other = [*rows[:2], msgspec.structs.replace(rows[2], **change)]
    assert digest(tmp_path / "one", rows) != digest(tmp_path / "two", other)


def test_a_double_is_not_nothing(tmp_path: Path) -> None:
    """Two equal rows do not cancel each other, nor hide a third that is missing."""
    rows = [tick(seq=seq) for seq in range(3)]
    doubled = digest(tmp_path / "two", [rows[0], rows[1], rows[1]])
    assert digest(tmp_path / "one", rows)[PLACE].rows == doubled[PLACE].rows
    assert digest(tmp_path / "three", rows) != doubled


def test_days_and_leagues_are_apart(tmp_path: Path) -> None:
    """Each day and league has its digest, also a league with a slash in its name."""
    rows = [tick(), tick(league="a/b"), tick(date="2026-11-19"), tick(league="007")]
    assert sorted(digest(tmp_path, rows)) == [
        ("2026-11-18", "007"),
        ("2026-11-18", "a/b"),
        ("2026-11-18", "nba"),
        ("2026-11-19", "nba"),
    ]


def test_columns_that_a_file_lacks_are_left_out(tmp_path: Path) -> None:
    """What is compared is what all files have."""
    (path,) = write_rows(tmp_path, [tick()])
    pq.write_table(pq.ParquetFile(path).read().drop_columns(["edge"]), path)
    columns = [name for name in COLUMNS if name != "edge"]
    assert known_columns(TICKS, [path]) == columns
    assert known_columns(TICKS, []) == COLUMNS
    (other,) = write_rows(tmp_path / "other", [tick(edge=0.5)])
    assert file_digests(TICKS, [path], columns) == file_digests(TICKS, [other], columns)


def test_lines_and_table_of_signals_agree(tmp_path: Path) -> None:
    """The lines of a run give the digest of its table; lines that are none are counted."""
    rows: list[SignalRow] = [signal("open"), signal("close", seq=9, fair_error=0.01)]
    path = tmp_path / "signals.jsonl"
    lines = [msgspec.json.encode(rows[0]), b'{"seq":1}', b"\xff{", msgspec.json.encode(rows[1])]
    path.write_bytes(b"\n".join(lines) + b"\n")
    table = TABLES["signals"]
    expected = file_digests(table, write_rows(tmp_path, rows), table.schema.names)
    assert signal_digests(path, table.schema.names) == (expected, (2, 3))
    assert expected[PLACE].rows == 2
