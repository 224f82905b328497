"""Compaction: one file a game when it is over, and one for what is left of small files.

It works in one folder after the other, and in each on one session after the other, as the files
of a session are replaced together when it is made again. A file that a run may yet have to
publish again, which is one whose staged rows are still there, is left alone.
"""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyarrow.compute as pc

from connectors.archive.ended import ended_games
from connectors.archive.gather import GAME, count_rows, gather, read_columns
from connectors.archive.layout import Output, Source, lay_out
from connectors.archive.names import FileName, parse_name
from connectors.archive.places import archive_directory, parse_staged, staging_directory
from connectors.archive.schema import TABLES
from connectors.archive.swap import HIDDEN_SUFFIX, exchange, finish_swap, seen
from connectors.disk import disk_errors
from fusion.errors import ArchiveError

ROWS_AT_ONCE = 1_000_000
"""So many rows are held in memory at most, or those of one file that is to be made."""


class Compacted(NamedTuple):
    """What became of the files of one session in one folder; `rows` are those that moved."""

    folder: str
    session: str
    files_before: int
    files_after: int
    rows: int


class Compaction(NamedTuple):
    """What was compacted, and what could not be; those files are as they were."""

    compacted: tuple[Compacted, ...]
    failures: tuple[str, ...]


def compact(data_dir: Path, today: date, tables: Iterable[str] = tuple(TABLES)) -> Compaction:
    """Compact tables of the archive in `data_dir`; `today` is the slate day.

    Raises:
        ArchiveError: another process compacts one of them, or a change that was cut off cannot be
            carried out.
    """
    root = archive_directory(data_dir)
    done: list[Compacted] = []
    failures: list[str] = []
    for table in tables:
        if not (root / table).is_dir():
            continue
        with _alone(root / table):
            for folder in sorted((root / table).glob("date=*/league=*")):
                for session in _sessions(folder):
                    try:
                        made = _compact(data_dir, folder, session, today)
                    except ArchiveError as error:
                        failures.append(str(error))
                    else:
                        done += [made] if made else []
    return Compaction(tuple(done), tuple(failures))


@contextmanager
def _alone(table: Path) -> Iterator[None]:
    """Hold a table against other compactions, and finish or clear away what one left cut off."""
    folder = os.open(table, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Asked behind the lock: until then another may plan a change with files that are hidden.
        finish_swap(table.parent)
        with disk_errors(ArchiveError, "remove leftovers in", table):
            for leftover in table.glob(f"date=*/league=*/.*{HIDDEN_SUFFIX}*"):
                leftover.unlink()
        yield
    except BlockingIOError as error:
        msg = f"another process compacts {table} at this moment; wait until it has ended"
        raise ArchiveError(msg) from error
    finally:
        os.close(folder)


def _sessions(folder: Path) -> list[str]:
    names = (parse_name(path.name) for path in folder.glob("*.parquet"))
    return sorted({name.session for name in names if name})


def _compact(data_dir: Path, folder: Path, session: str, today: date) -> Compacted | None:
    """Compact the files of a session in a folder; None where nothing is to be done.

    Raises:
        ArchiveError: a file is damaged, or the disk refuses; nothing is changed.
    """
    root = archive_directory(data_dir)
    table = TABLES[folder.parent.parent.name]
    try:
        files = _free_files(data_dir, folder, session)
        before = {path.name: seen(path) for path in files}
        sources = [_source(path, name) for path, name in files.items()]
        is_over = ended_games(root, folder.parent.name, folder.name, today)
        layout = lay_out(sources, is_over)
        if layout is None:
            return None
        for outputs in _lots(layout.outputs):
            gather(table, folder, outputs, layout.apart)
    except FileNotFoundError:
        return None  # The session is made again at this moment; the next compaction finds it.
    new = [folder / output.file for output in layout.outputs]
    if not exchange(root, [before[file] for file in layout.replaced], new):
        return None
    return Compacted(
        folder=str(folder.relative_to(root)),
        session=session,
        files_before=len(layout.replaced),
        files_after=len(new),
        rows=sum(output.rows for output in layout.outputs),
    )


def _free_files(data_dir: Path, folder: Path, session: str) -> dict[Path, FileName]:
    """Return the files of a session in the order of their rows, less those still staged."""
    found = {path: parse_name(path.name) for path in folder.glob("*.parquet")}
    # Looked up behind the files: what is published was staged before.
    staged = staged_files(data_dir, session)
    free = {
        path: name
        for path, name in found.items()
        if name and name.session == session and (name.part, name.number) not in staged
    }
    return dict(sorted(free.items(), key=lambda item: _row_order(item[1])))


def _row_order(name: FileName) -> tuple[int, str, int]:
    return ("game", "merged", "published").index(name.kind), name.part, name.number


def staged_files(data_dir: Path, session: str) -> set[tuple[str, int]]:
    """Return the part and the number of every file of a session that is still staged."""
    staged = (staging_directory(data_dir) / session).glob("*/*")
    found = ((path.parent.name, parse_staged(path)) for path in staged)
    return {(part, name[0]) for part, name in found if name}


def _source(path: Path, name: FileName) -> Source:
    games = Counter[str]()
    ids = read_columns(path, (GAME,))
    if ids.num_columns:
        for each in pc.value_counts(ids.column(GAME)).to_pylist():
            games[each["values"] or ""] += each["counts"]
    return Source(path.name, name, count_rows(path), games)


def _lots(outputs: Iterable[Output]) -> Iterator[list[Output]]:
    """Yield the files to be made in lots that fit into memory together."""
    lot: list[Output] = []
    for output in outputs:
        if lot and sum(each.rows for each in lot) + output.rows > ROWS_AT_ONCE:
            yield lot
            lot = []
        lot.append(output)
    if lot:
        yield lot
