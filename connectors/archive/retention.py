"""Retention: folders of days that a table is not to keep any longer.

A day goes whole, and at once to readers. Of `frames` a day goes only when every session in it is
finished and none of its segments is still in the journal, from which it would be sealed again;
and no day goes before an older one, so that a session only ever loses its beginning.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.archive.ended import folder_date
from connectors.archive.frames import TABLE as FRAMES
from connectors.archive.frames import sealed_files
from connectors.archive.places import archive_directory
from connectors.archive.swap import changing
from connectors.disk import disk_errors, sync_directory
from connectors.journal.finished import unfinished_sessions
from connectors.journal.sessions import find_sessions, stream_name
from fusion.errors import ArchiveError

_LEAVING = ".leaving-"


class Day(NamedTuple):
    """One day of one table that is older than it is kept.

    `kept` says why it may not go yet; empty where it may.
    """

    table: str
    date: str
    files: int
    size: int
    kept: str


def oldest_kept(keep_days: Mapping[str, int], today: date) -> dict[str, date]:
    """Return the oldest day that each table keeps; `today` is the slate day."""
    return {table: today - timedelta(days=days) for table, days in keep_days.items()}


def expired(data_dir: Path, oldest: Mapping[str, date], held: Mapping[str, str]) -> list[Day]:
    """Return the days before the `oldest` of their tables, oldest first.

    `held` are the streams of the journal whose frames must stay, and why.
    """
    root = archive_directory(data_dir)
    days: list[Day] = []
    for table, first in oldest.items():
        kept = ""
        for folder in sorted((root / table).glob("date=????-??-??")):
            if folder_date(folder.name) >= first:
                continue
            if table == FRAMES and not kept:
                kept = next(
                    (held[name] for name in sorted(sealed_files(folder)) if name in held), ""
                )
            files = [path for path in folder.rglob("*.parquet") if path.is_file()]
            size = sum(path.stat().st_size for path in files)
            days.append(Day(table, str(folder_date(folder.name)), len(files), size, kept))
    return days


def held_frames(data_dir: Path) -> dict[str, str]:
    """Return the streams of the journal whose sealed frames must stay, and why.

    Raises:
        JournalError: the journal is not as it should be.
    """
    unfinished = set(unfinished_sessions(data_dir))
    held: dict[str, str] = {}
    for session in find_sessions(data_dir):
        for hub in session.hubs:
            stream = stream_name(hub.folder)
            if session.name in unfinished:
                held[stream] = f"session {session.name} is not finished"
            elif any(part.segment and part.sealed for part in hub.parts):
                held[stream] = f"segments of {stream} that are sealed are still in the journal"
    return held


def retain(data_dir: Path, days: list[Day]) -> None:
    """Remove those of some days that may go, and what a crash left of such a removal.

    Raises:
        ArchiveError: the disk refuses, or somebody reads the archive for long.
    """
    root = archive_directory(data_dir)
    with changing(root), disk_errors(ArchiveError, "remove days from", root):
        for day in days:
            folder = root / day.table / f"date={day.date}"
            if not day.kept and folder.is_dir():
                folder.replace(folder.with_name(f"{_LEAVING}{folder.name}"))
                sync_directory(folder.parent)
    # Out of every reader's sight, so that they need not wait for it.
    with disk_errors(ArchiveError, "remove days from", root):
        for leaving in root.glob(f"*/{_LEAVING}date=*"):
            shutil.rmtree(leaving)
