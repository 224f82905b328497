"""Sessions on disk: which segments each has, in the journal and sealed in the archive.

    journal/<session>/<segment>.fjl            a session of one hub
    journal/<session>/hub-<k>/<segment>.fjl    a session of several

What a hub writes is a stream of its own: its segments and its frames are numbered from the
beginning. A stream is called like its session, behind its first hub with `.hub-<k>`; under that
name its segments are sealed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from connectors.archive.frames import TABLE, sealed_files
from connectors.journal.segment import SUFFIX
from connectors.journal.segment_file import segments
from fusion.errors import JournalError

_JOURNAL = "journal"
_ARCHIVE = "archive"
_NUMBERED = re.compile(r"(?P<stamp>.+Z)-(?P<number>\d+)")
_HUB = re.compile(r"hub-(?P<hub>\d+)")
_STREAM = re.compile(r"(?P<session>.+)\.hub-(?P<hub>\d+)")


class Part(msgspec.Struct, frozen=True):
    """One segment of a stream: its file in the journal, its sealed file, or both."""

    number: int
    segment: Path | None
    sealed: Path | None


class HubJournal(msgspec.Struct, frozen=True):
    """What one hub wrote in a session: its segments, oldest first.

    `folder` may be gone when all are sealed.
    """

    hub: int
    folder: Path
    parts: tuple[Part, ...]


class Session(msgspec.Struct, frozen=True):
    """One session: what its hubs wrote, by their numbers; hubs without segments are left out."""

    name: str
    hubs: tuple[HubJournal, ...]


def journal_directory(data_dir: Path) -> Path:
    """Return the folder of a data directory that holds the sessions of its journal."""
    return data_dir / _JOURNAL


def hub_folder(session: Path, hub: int) -> Path:
    """Return where hub number `hub` of several writes, in the folder of its session."""
    return session / f"hub-{hub}"


def session_folder(folder: Path) -> Path:
    """Return the folder of the session that a hub writes in `folder`."""
    return folder.absolute().parent if _HUB.fullmatch(folder.absolute().name) else folder


def stream_name(folder: Path) -> str:
    """Return the name of the stream whose segments are in `folder`."""
    hub, session = _hub_number(folder), session_folder(folder).absolute().name
    return f"{session}.hub-{hub}" if hub else session


def age_order(session: str) -> tuple[str, int]:
    """Return what sorts sessions by age: the stamp of a name, then the number behind it."""
    numbered = _NUMBERED.fullmatch(session)
    return (numbered["stamp"], int(numbered["number"])) if numbered else (session, 0)


def archive_of(folder: Path) -> Path | None:
    """Return the archive beside the journal that a session's or a hub's folder is in, if any."""
    journal = session_folder(folder).absolute().parent
    return journal.parent / _ARCHIVE if journal.name == _JOURNAL else None


def hub_folders(journal: Path) -> list[Path]:
    """Return the folders in a journal into which hubs may have written."""
    folders: list[Path] = []
    for session in sorted(path for path in journal.glob("*/") if path.is_dir()):
        folders += (session, *_hub_folders(session).values())
    return folders


def hub_at(folder: Path) -> HubJournal:
    """Return what the hub that writes in `folder` wrote, with what of it is sealed.

    That is the folder of a hub, or of a session that has one hub.
    """
    archive = archive_of(folder)
    sealed = sealed_files(archive / TABLE) if archive else {}
    return _hub(_hub_number(folder), folder, sealed.get(stream_name(folder), {}))


def session_at(folder: Path) -> Session:
    """Return the session of a folder, with what of it is sealed; of a hub's folder, that alone.

    Raises:
        JournalError: there are segments both in the folder and in its `hub-0`.
    """
    if _HUB.fullmatch(folder.absolute().name):
        hub = hub_at(folder)
        return Session(session_folder(folder).name, (hub,) if hub.parts else ())
    archive = archive_of(folder)
    sealed = sealed_files(archive / TABLE) if archive else {}
    return _session(folder.absolute().name, folder, sealed)


def find_sessions(path: Path) -> list[Session]:
    """Return the sessions in a folder, oldest first; none where it holds no frames.

    `path` is a data directory, its `journal`, one session of it, one hub of a session, another
    folder with segments or with sessions, or a folder of sealed frames.

    Raises:
        JournalError: as for `session_at`.
    """
    if any(path.glob(f"*{SUFFIX}")) or any(path.glob(f"hub-*/*{SUFFIX}")):
        return [session_at(path)]
    sealed_in = path
    if journal_directory(path).is_dir() or (path / _ARCHIVE / TABLE).is_dir():
        path, sealed_in = journal_directory(path), path / _ARCHIVE / TABLE
    elif path.absolute().name == _JOURNAL:
        sealed_in = path.absolute().parent / _ARCHIVE / TABLE
    elif archive_of(path) is not None:
        found = session_at(path)
        return [found] if found.hubs else []
    sealed = sealed_files(sealed_in)
    names = {_session_and_hub(stream)[0] for stream in sealed}
    names |= {segment.parent.name for segment in path.glob(f"*/*{SUFFIX}")}
    names |= {segment.parent.parent.name for segment in path.glob(f"*/hub-*/*{SUFFIX}")}
    return [_session(name, path / name, sealed) for name in sorted(names, key=age_order)]


def _session(name: str, folder: Path, sealed: Mapping[str, Mapping[int, Path]]) -> Session:
    """Return a session; the folder of a hub that is sealed whole is the one it must have had."""
    streams = {stream: _session_and_hub(stream) for stream in sealed}
    ours = {hub: sealed[stream] for stream, (session, hub) in streams.items() if session == name}
    folders = _hub_folders(folder)
    alone = any(folder.glob(f"*{SUFFIX}"))
    if alone and 0 in folders and any(folders[0].glob(f"*{SUFFIX}")):
        msg = f"{folder} holds segments beside those in hub-0; move away what does not belong here"
        raise JournalError(msg)
    if alone or not (folders or any(ours)):
        folders[0] = folder
    for hub in ours:
        folders.setdefault(hub, hub_folder(folder, hub))
    hubs = (_hub(hub, each, ours.get(hub, {})) for hub, each in sorted(folders.items()))
    return Session(name, tuple(hub for hub in hubs if hub.parts))


def _hub(number: int, folder: Path, sealed: Mapping[int, Path]) -> HubJournal:
    live = segments(folder)
    numbers = sorted(live.keys() | sealed.keys())
    parts = tuple(Part(each, live.get(each), sealed.get(each)) for each in numbers)
    return HubJournal(number, folder, parts)


def _hub_folders(session: Path) -> dict[int, Path]:
    found = ((_HUB.fullmatch(path.name), path) for path in session.glob("hub-*/"))
    return dict(sorted((int(name["hub"]), path) for name, path in found if name))


def _hub_number(folder: Path) -> int:
    name = _HUB.fullmatch(folder.absolute().name)
    return int(name["hub"]) if name else 0


def _session_and_hub(stream: str) -> tuple[str, int]:
    name = _STREAM.fullmatch(stream)
    return (name["session"], int(name["hub"])) if name else (stream, 0)
