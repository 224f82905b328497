"""The table of sealed frames: its columns, its names, and what of it can be read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archived import write_rows

from connectors.archive.frames import (
    SCHEMA,
    SealedFrames,
    UnreadableError,
    sealed_file,
    sealed_files,
    to_columns,
    write_frames,
)
from connectors.archive.places import published_of_session
from fusion.errors import JournalError
from fusion.frames import Frame

FRAMES = [
    Frame(0, 1_795_201_501_000_000_000, "clock", b""),
    Frame(1, 1_795_201_500_000_000_000, "espn:nba", b"\x00\xff not text"),
    Frame(2, 1_795_201_502_000_000_000, "polymarket:market:0", "ünï".encode()),
]


def _written(path: Path) -> SealedFrames:
    with path.open("wb") as file:
        write_frames([to_columns("s", FRAMES[:2]), to_columns("s", FRAMES[2:])], file)
    return SealedFrames(path)


def test_columns_are_pinned(tmp_path: Path) -> None:
    """Names, types, order, encodings and version of the file are these."""
    _written(tmp_path / "f.parquet")
    file = pq.ParquetFile(tmp_path / "f.parquet")
    assert str(file.schema_arrow.remove_metadata()) == (
        "session: dictionary<values=string, indices=int32, ordered=0> not null\n"
        "seq: int64 not null\n"
        "recv_ns: int64 not null\n"
        "source: dictionary<values=string, indices=int32, ordered=0> not null\n"
        "payload: binary not null"
    )
    assert file.schema_arrow.metadata == {b"fairline.frames": b"1"}
    group = file.metadata.row_group(0)
    columns = {group.column(at).path_in_schema: group.column(at) for at in range(5)}
    assert {column.compression for column in columns.values()} == {"ZSTD"}
    assert [name for name, column in columns.items() if "RLE_DICTIONARY" in column.encodings] == [
        "session",
        "source",
    ]
    assert "DELTA_BINARY_PACKED" in columns["seq"].encodings
    assert "DELTA_BINARY_PACKED" in columns["recv_ns"].encodings
    assert [name for name, column in columns.items() if not column.is_stats_set] == ["payload"]


def test_groups_are_read_one_by_one(tmp_path: Path) -> None:
    """A row group gives its frames byte for byte, in their order, and bounds to choose it by."""
    sealed = _written(tmp_path / "f.parquet")
    assert (sealed.rows, sealed.groups) == (3, 2)
    assert [list(sealed.frames(number)) for number in (0, 1)] == [FRAMES[:2], FRAMES[2:]]
    assert sealed.bounds("seq") == [(0, 1), (2, 2)]
    assert sealed.bounds("recv_ns") == [
        (FRAMES[1].recv_ns, FRAMES[0].recv_ns),
        (FRAMES[2].recv_ns, FRAMES[2].recv_ns),
    ]
    assert sealed.group(1).equals(to_columns("s", FRAMES[2:]))


def test_file_is_named_by_day_session_and_segment(tmp_path: Path) -> None:
    """The day is that of the slate, and names are found again at any depth of the table."""
    name = "20261120T190501Z-01"
    path = sealed_file(tmp_path, name, 7, 1_795_237_199_999_999_999)
    assert path == (
        tmp_path / "frames/date=2026-11-20/league=all" / f"journal-{name}-00000007.parquet"
    )
    path.parent.mkdir(parents=True)
    path.touch()
    path.with_name("ticks.parquet").touch()
    path.with_name("journal-x.parquet").touch()
    for folder in (tmp_path / "frames", *path.parents[:2]):
        assert sealed_files(folder) == {name: {7: path}}
    assert sealed_files(tmp_path) == {}


def test_writer_of_the_archive_leaves_the_table_alone(tmp_path: Path) -> None:
    """What makes the archive of a session anew finds its files by name, and not these."""
    path = sealed_file(tmp_path / "archive", "20261120T190501Z", 1, 0)
    path.parent.mkdir(parents=True)
    _written(path)
    assert write_rows(tmp_path, []) == []
    assert published_of_session(tmp_path / "archive", "20261120T190501Z") == []
    assert list(tmp_path.glob("archive/*/date=*/league=*/*")) == [path]


def test_foreign_files_are_told(tmp_path: Path) -> None:
    """A file that is no Parquet, or another table, is unreadable, and a missing one missing."""
    path = tmp_path / "f.parquet"
    path.write_bytes(b"text")
    with pytest.raises(UnreadableError, match=f"^sealed frames {path} cannot be read: Parquet"):
        SealedFrames(path)
    pq.write_table(pa.table({"seq": [1]}), path)
    with pytest.raises(UnreadableError, match="its columns are seq; restore the file from a copy"):
        SealedFrames(path)
    with pytest.raises(FileNotFoundError):
        SealedFrames(tmp_path / "absent.parquet")


def test_number_beyond_its_column_is_refused() -> None:
    """A number of more than 63 bits fits no column."""
    with pytest.raises(JournalError, match=r"^frames 9223372036854775808 to 9223372036854775808"):
        to_columns("s", [Frame(2**63, 0, "clock", b"")])


def test_schema_has_no_partitions() -> None:
    """Day and league are folders, and no columns."""
    assert {"date", "league"} & set(SCHEMA.names) == set()
