"""The views and the named queries, on real files; and what a query may not do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archived import write_rows

from connectors.archive.connect import ask, connect
from connectors.archive.places import archive_directory
from connectors.archive.schema import TABLES
from connectors.archive.swap import PLAN, hidden
from connectors.journal.sealing import seal_segment
from connectors.journal.writer import JournalWriter, journal_directory
from fusion.errors import ArchiveError
from fusion.frames import Frame
from fusion.rows import Row, Tick


def _archive(data_dir: Path, rows: list[Row]) -> list[Path]:
    return write_rows(data_dir, rows)


def _rows(data_dir: Path, sql: str, **parameters: str) -> list[tuple[Any, ...]]:
    with connect(data_dir) as connection:
        answer = ask(connection, sql, parameters)
    return [tuple(row.values()) for row in answer.to_pylist()]


def _types(data_dir: Path) -> dict[str, list[tuple[Any, ...]]]:
    return {name: [column[:2] for column in _rows(data_dir, f"DESCRIBE {name}")] for name in TABLES}


def test_views_are_typed_alike_empty_and_full(tmp_path: Path, rows: list[Row]) -> None:
    """A view without files has the columns and types it has with them, and no rows."""
    empty, full = tmp_path / "empty", tmp_path / "full"
    empty.mkdir()
    _archive(full, rows)
    assert _types(empty) == _types(full)
    assert [_rows(empty, f"FROM {name}") for name in TABLES] == [[]] * len(TABLES)
    assert _types(empty)["dead_letters"] == [
        ("seq", "BIGINT"),
        ("recv_ns", "BIGINT"),
        ("date", "DATE"),
        ("league", "VARCHAR"),
        ("source", "VARCHAR"),
        ("reason", "VARCHAR"),
        ("detail", "VARCHAR"),
        ("excerpt", "VARCHAR"),
    ]


def test_partitions_filter_by_date_and_league(tmp_path: Path, rows: list[Row]) -> None:
    """Days compare as dates, leagues as text."""
    _archive(tmp_path, rows)
    by_day = "SELECT seq FROM ticks WHERE date = '2026-11-20' ORDER BY seq"
    by_league = "SELECT seq, date FROM ticks WHERE league = 'eng.1' AND date < '2026-11-21'"
    assert _rows(tmp_path, by_day) == [(41,), (42,)]
    assert _rows(tmp_path, by_league) == [(42, date(2026, 11, 20))]


def test_files_of_later_flushes_are_seen(tmp_path: Path, tick: Tick) -> None:
    """An open connection sees the files that are added to a view that had one."""
    _archive(tmp_path, [tick])
    with connect(tmp_path) as connection:
        _archive(tmp_path, [msgspec.structs.replace(tick, seq=99)])
        assert ask(connection, "SELECT max(seq) AS last FROM ticks").to_pylist() == [{"last": 99}]


def test_file_from_before_a_column_gives_null(tmp_path: Path, tick: Tick) -> None:
    """A file without one of today's columns, alone or among others, is read with NULL there."""
    (path,) = _archive(tmp_path, [tick])
    pq.write_table(pq.ParquetFile(path).read().drop_columns(["edge", "prior"]), path)
    question = "SELECT seq, edge, prior, model FROM ticks ORDER BY seq"
    assert _rows(tmp_path, question) == [(41, None, None, "brownian-1")]
    _archive(tmp_path, [msgspec.structs.replace(tick, seq=42, edge=0.5)])
    assert _rows(tmp_path, question) == [
        (41, None, None, "brownian-1"),
        (42, 0.5, "market", "brownian-1"),
    ]


def test_folder_name_is_taken_as_it_is(tmp_path: Path, tick: Tick) -> None:
    """A data directory may have brackets, stars, spaces and quotes in its name."""
    folder = tmp_path / "it's [a] *star* ü"
    _archive(folder, [tick])
    assert _rows(folder, "SELECT seq FROM ticks") == [(41,)]


@pytest.mark.parametrize("kept", [0, 3, 200])
def test_truncated_file_is_named(tmp_path: Path, tick: Tick, kept: int) -> None:
    """A damaged file makes the archive unreadable, and the error says which and what to do."""
    good, bad = _archive(tmp_path, [tick, msgspec.structs.replace(tick, date="2026-11-21")])
    bad.write_bytes(bad.read_bytes()[:kept])
    with pytest.raises(ArchiveError) as caught:
        connect(tmp_path)
    assert str(bad) in str(caught.value)
    assert str(good) not in str(caught.value)
    assert str(caught.value).endswith(
        "move the damaged file away, its rows can be made again from the journal"
    )


def test_file_damaged_after_connecting_is_named(tmp_path: Path, tick: Tick) -> None:
    """A file that is damaged while a connection is open is named by the query that meets it."""
    (path,) = _archive(tmp_path, [tick])
    with connect(tmp_path) as connection:
        path.write_bytes(path.read_bytes()[:-20])
        with pytest.raises(ArchiveError, match=path.name):
            ask(connection, "SELECT count(*) FROM ticks")


def test_missing_directory_is_an_error(tmp_path: Path) -> None:
    """A directory that is not there is named, with how to make one."""
    with pytest.raises(ArchiveError) as caught:
        connect(tmp_path / "absent")
    assert str(caught.value) == (
        f"{tmp_path}/absent is no directory; run ./scripts/run to make an archive, or name another"
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('{0}/secret.csv')",
        "SELECT * FROM '{0}/secret.csv'",
        "SELECT * FROM glob('/etc/*')",
    ],
    ids=["text", "csv", "bare", "glob"],
)
def test_other_files_cannot_be_read(tmp_path: Path, sql: str) -> None:
    """SQL reads the archive and nothing else."""
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    with connect(tmp_path) as connection, pytest.raises(ArchiveError, match="Permission Error"):
        ask(connection, sql.format(tmp_path))


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO 'out.csv'",
        "CREATE TABLE a AS SELECT 1",
        "SET enable_external_access = true",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO 'out.csv'",
        "SELECT 1; SELECT 2",
        "-- nothing",
        "",
    ],
)
def test_only_one_question_is_answered(tmp_path: Path, sql: str) -> None:
    """What is not one SELECT is refused before it runs."""
    with connect(tmp_path) as connection, pytest.raises(ArchiveError) as caught:
        ask(connection, sql)
    assert str(caught.value) == (
        "the archive answers one SELECT at a time, and changes by nothing else"
    )


def test_settings_are_locked(tmp_path: Path) -> None:
    """Not even the raw connection can open itself."""
    with connect(tmp_path) as connection, pytest.raises(duckdb.Error, match="locked"):
        connection.execute("SET enable_external_access = true")


def test_variables_of_the_program_are_no_tables(tmp_path: Path, tick: Tick) -> None:
    """A name in SQL never means a Python variable."""
    found = pa.table({"seq": [tick.seq]})
    with connect(tmp_path) as connection, pytest.raises(ArchiveError, match="found does not exist"):
        ask(connection, "SELECT seq FROM found")
    assert found.num_rows == 1


def test_wrong_sql_names_the_views(tmp_path: Path) -> None:
    """The error is DuckDB's, and then the views there are."""
    with connect(tmp_path) as connection, pytest.raises(ArchiveError) as caught:
        ask(connection, "SELECT seq FROM tics")
    message = str(caught.value)
    assert message.startswith("Catalog Error: Table with name tics does not exist!")
    assert message.endswith(
        "Views: ticks, games, signals, books, slates, dead_letters, levels, frames, results; "
        "DESCRIBE one to see its columns"
    )


FRAME_COLUMNS = [
    ("session", "VARCHAR"),
    ("seq", "BIGINT"),
    ("recv_ns", "BIGINT"),
    ("source", "VARCHAR"),
    ("payload", "BLOB"),
    ("date", "DATE"),
]


def test_frames_of_sealed_segments_are_a_view(tmp_path: Path) -> None:
    """Frames that are sealed are seen with their day; those still in the journal are not."""
    writer = JournalWriter(journal_directory(tmp_path) / "20261120T190501Z")
    noon_ns = 1_795_280_400_000_000_000
    writer.append([Frame(0, noon_ns, "espn:nba", b'{"a":1}'), Frame(1, noon_ns, "clock", b"")])
    writer.append([Frame(2, noon_ns + 86_400 * 10**9, "clock", b"")])
    assert [column[:2] for column in _rows(tmp_path, "DESCRIBE frames")] == FRAME_COLUMNS
    assert _rows(tmp_path, "FROM frames") == []
    (finished,) = writer.finished()
    seal_segment(finished, archive_directory(tmp_path))
    writer.close()
    day = date(2026, 11, 21)
    assert _rows(tmp_path, "FROM frames ORDER BY seq") == [
        ("20261120T190501Z", 0, noon_ns, "espn:nba", b'{"a":1}', day),
        ("20261120T190501Z", 1, noon_ns, "clock", b"", day),
    ]
    assert [column[:2] for column in _rows(tmp_path, "DESCRIBE frames")] == FRAME_COLUMNS
    assert _rows(tmp_path, "SELECT decode(payload) FROM frames WHERE seq = 0") == [('{"a":1}',)]


def test_damaged_frames_are_to_be_restored(tmp_path: Path) -> None:
    """A damaged file of frames cannot be made again, and the error says so."""
    folder = archive_directory(tmp_path) / "frames" / "date=2026-11-20" / "league=all"
    folder.mkdir(parents=True)
    (folder / "journal-20261120T190501Z-00000001.parquet").write_bytes(b"PAR1")
    with pytest.raises(ArchiveError, match=r"move the damaged file away, restore it from a copy$"):
        connect(tmp_path)


def test_a_cut_off_exchange_is_carried_out_first(tmp_path: Path, tick: Tick) -> None:
    """Whoever connects or asks after a crash of a compaction sees its files exchanged."""
    (path,) = _archive(tmp_path, [tick])
    root = archive_directory(tmp_path)
    with connect(tmp_path) as connection:
        new = path.with_name("20261120T190501Z-merged-0001.parquet")
        path.rename(hidden(new))
        folder = str(path.parent.relative_to(root))
        plan = {"folder": folder, "old": [path.name], "new": [new.name]}
        (root / PLAN).write_bytes(msgspec.json.encode(plan))
        assert ask(connection, "SELECT seq FROM ticks").to_pylist() == [{"seq": tick.seq}]
        assert ask(connection.cursor(), "SELECT seq FROM ticks").num_rows == 1


def test_times_are_utc(tmp_path: Path) -> None:
    """An instant is shown in UTC wherever the machine stands."""
    question = "SELECT to_timestamp(0)::VARCHAR"
    assert _rows(tmp_path, question) == [("1970-01-01 00:00:00+00",)]
