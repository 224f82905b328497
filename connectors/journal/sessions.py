"""Sessions on disk: which segments each has, in the journal and sealed in the archive."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from connectors.archive.frames import TABLE, sealed_files
from connectors.journal.segment import SUFFIX
from connectors.journal.segment_file import segments

_JOURNAL = "journal"
_ARCHIVE = "archive"
_NUMBERED = re.compile(r"(?P<stamp>.+Z)-(?P<number>\d+)")


class Part(msgspec.Struct, frozen=True):
    """One segment of a session: its file in the journal, its sealed file, or both."""

    number: int
    segment: Path | None
    sealed: Path | None


class Session(msgspec.Struct, frozen=True):
    """One session: its segments, oldest first. `folder` may be gone when all are sealed."""

    name: str
    folder: Path
    parts: tuple[Part, ...]


def journal_directory(data_dir: Path) -> Path:
    """Return the folder of a data directory that holds the sessions of its journal."""
    return data_dir / _JOURNAL


def age_order(session: str) -> tuple[str, int]:
    """Return what sorts sessions by age: the stamp of a name, then the number behind it."""
    numbered = _NUMBERED.fullmatch(session)
    return (numbered["stamp"], int(numbered["number"])) if numbered else (session, 0)


def archive_of(folder: Path) -> Path | None:
    """Return the archive beside the journal that a session's folder is in, if it is in one."""
    journal = folder.absolute().parent
    return journal.parent / _ARCHIVE if journal.name == _JOURNAL else None


def session_at(folder: Path) -> Session:
    """Return the session of a folder, with what of it is sealed."""
    archive = archive_of(folder)
    sealed = sealed_files(archive / TABLE) if archive else {}
    name = folder.absolute().name
    return _session(name, folder, sealed.get(name, {}))


def find_sessions(path: Path) -> list[Session]:
    """Return the sessions in a folder, oldest first; none where it holds no frames.

    `path` is a data directory, its `journal`, one session of it, another folder with segments or
    with sessions, or a folder of sealed frames.
    """
    if any(path.glob(f"*{SUFFIX}")):
        return [session_at(path)]
    sealed_in = path
    if journal_directory(path).is_dir() or (path / _ARCHIVE / TABLE).is_dir():
        path, sealed_in = journal_directory(path), path / _ARCHIVE / TABLE
    elif path.absolute().name == _JOURNAL:
        sealed_in = path.absolute().parent / _ARCHIVE / TABLE
    elif path.absolute().parent.name == _JOURNAL:
        found = session_at(path)
        return [found] if found.parts else []
    sealed = sealed_files(sealed_in)
    names = {segment.parent.name for segment in path.glob(f"*/*{SUFFIX}")} | sealed.keys()
    return [
        _session(name, path / name, sealed.get(name, {})) for name in sorted(names, key=age_order)
    ]


def _session(name: str, folder: Path, sealed: dict[int, Path]) -> Session:
    live = segments(folder)
    numbers = sorted(live.keys() | sealed.keys())
    parts = tuple(Part(each, live.get(each), sealed.get(each)) for each in numbers)
    return Session(name, folder, parts)
