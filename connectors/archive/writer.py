"""The archive's writer: rows in, whole Parquet files out."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.archive.schema import TABLE_OF, Table
from connectors.disk import disk_errors, sync_directory
from fusion.errors import ArchiveError
from fusion.rows import Row

_TEMPORARY = ".tmp"


def archive_directory(data_dir: Path) -> Path:
    """Return the folder of a data directory that holds the tables."""
    return data_dir / "archive"


class _Place(NamedTuple):
    """Where a row belongs: its kind, its slate day and its league."""

    row: type[Row]
    date: str
    league: str


class ArchiveWriter:
    """Buffers rows by table, day and league, and writes each buffer as one file.

    A file is `archive/<table>/date=<date>/league=<league>/<session>-<first seq>-<n>.parquet` in
    `data_dir`, where `n` counts the writer's files of that folder from 0. It appears whole: it is
    written under a temporary name, synced and renamed. What a crash left under a temporary name
    is removed at the start.

    Raises:
        ArchiveError: the disk refuses.
    """

    def __init__(self, data_dir: Path, session: str) -> None:
        self._root = archive_directory(data_dir)
        self._session = session
        self._buffers: dict[_Place, list[Row]] = {}
        self._written: dict[_Place, int] = {}
        with disk_errors(ArchiveError, "open", self._root):
            self._root.mkdir(parents=True, exist_ok=True)
            for leftover in self._root.glob(f"*/*/*/*{_TEMPORARY}"):
                _remove_if_abandoned(leftover)

    @property
    def buffered_rows(self) -> int:
        """How many rows wait to be written."""
        return sum(map(len, self._buffers.values()))

    def add(self, rows: Iterable[Row]) -> None:
        """Take rows; they are kept until a flush has written them."""
        buffers = self._buffers
        for row in rows:
            place = _Place(type(row), row.date, row.league)
            try:
                buffers[place].append(row)
            except KeyError:
                buffers[place] = [row]

    def flush(self, min_rows: int = 0) -> list[Path]:
        """Write every buffer that holds rows, and at least `min_rows`; return the new files.

        Raises:
            ArchiveError: the disk refuses, a row has a date or a value that no column takes, or
                another writer of the same session wrote the same file. What was not written
                stays buffered, so that a later flush can write it.
        """
        full = [place for place, rows in self._buffers.items() if len(rows) >= min_rows]
        return [self._write(place) for place in full]

    def _write(self, place: _Place) -> Path:
        rows = self._buffers[place]
        table = TABLE_OF[place.row]
        number = self._written.get(place, 0)
        folder = self._root / table.name / _partition(place)
        path = folder / f"{self._session}-{rows[0].seq:012d}-{number:04d}.parquet"
        if path.exists():
            msg = f"{path} exists already; give each writer of a table a session of its own"
            raise ArchiveError(msg)
        with disk_errors(ArchiveError, "write", path):
            folder.mkdir(parents=True, exist_ok=True)
            _write_whole(to_arrow(table, rows), table.parquet, path)
        self._written[place] = number + 1
        del self._buffers[place]
        return path


def to_arrow(table: Table, rows: list[Row]) -> pa.Table:
    """Return rows of one kind as columns, in the schema of a file.

    Raises:
        ArchiveError: a value does not fit its column, such as an integer beyond 64 bits.
    """
    columns = []
    for field in table.schema:
        values = list(map(attrgetter(field.name), rows))
        try:
            columns.append(pa.array(values, field.type))
        except (pa.ArrowException, OverflowError, UnicodeEncodeError) as error:
            msg = f"a value does not fit {table.name}.{field.name}: {error}; refuse it on arrival"
            raise ArchiveError(msg) from error
    return pa.Table.from_arrays(columns, schema=table.schema)


def _partition(place: _Place) -> Path:
    """Return the folders of a day and a league.

    Raises:
        ArchiveError: the day is no date; one such folder would break every query.
    """
    try:
        day = date.fromisoformat(place.date).isoformat()
    except ValueError as error:
        name = TABLE_OF[place.row].name
        msg = f"a row of {name} has the date {place.date!r}; give it its day as YYYY-MM-DD"
        raise ArchiveError(msg) from error
    return Path(f"date={day}") / f"league={quote(place.league, safe='')}"


def _write_whole(table: pa.Table, options: dict[str, Any], path: Path) -> None:
    temporary = path.with_name(f".{path.name}{_TEMPORARY}")
    try:
        with temporary.open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # Held until renamed: a writer that starts leaves it.
            pq.write_table(table, file, **options)
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def _remove_if_abandoned(temporary: Path) -> None:
    """Remove a temporary file unless the writer that holds it lives."""
    try:
        with temporary.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            temporary.unlink()
    except (FileNotFoundError, BlockingIOError):
        return
