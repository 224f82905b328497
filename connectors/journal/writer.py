"""The journal's writer: every frame is on record before anything is made of it."""

from __future__ import annotations

import fcntl
import itertools
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from connectors.disk import disk_errors, sync_directory
from connectors.journal.segment import HEADER, SUFFIX, check_header, decode_records, encode_record
from fusion.errors import JournalError
from fusion.frames import NS_PER_S, Frame

SEGMENT_BYTES = 64 * 1024 * 1024
_CREATE = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_OPEN = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC


def journal_directory(data_dir: Path) -> Path:
    """Return the folder of a data directory that holds the sessions of its journal."""
    return data_dir / "journal"


def new_session(data_dir: Path, now_ns: int) -> str:
    """Make the folder of a new session and return its name, such as `20261120T190501Z`.

    A second session in the same second gets `-01` and so on, so that names sort by age.

    Raises:
        JournalError: the folder cannot be made.
    """
    sessions = journal_directory(data_dir)
    stamp = datetime.fromtimestamp(now_ns // NS_PER_S, UTC).strftime("%Y%m%dT%H%M%SZ")
    names = itertools.chain([stamp], (f"{stamp}-{number:02d}" for number in itertools.count(1)))
    with disk_errors(JournalError, "make", sessions / stamp):
        sessions.mkdir(parents=True, exist_ok=True)
        name = next(name for name in names if _made(sessions / name))
        sync_directory(sessions)
    return name


class JournalWriter:
    """Appends frames to the segments `00000001.fjl`, `00000002.fjl`, … of one session.

    `directory` is the session's folder; it is made where it is missing, and where it holds
    segments the writer goes on behind the last whole record, cutting a torn tail. A segment is
    synced and left when the next batch would take it over `segment_bytes`. One writer at a time
    holds a session.

    Raises:
        JournalError: the disk refuses, another writer holds the session, or the last segment is
            damaged before its end.
    """

    def __init__(self, directory: Path, segment_bytes: int = SEGMENT_BYTES) -> None:
        self._directory = directory
        self._segment_bytes = segment_bytes
        self._file = -1
        with disk_errors(JournalError, "open", directory):
            directory.mkdir(parents=True, exist_ok=True)
            self._folder = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
        try:
            self._hold()
            self._resume()
        except BaseException:
            self.close()
            raise

    @property
    def path(self) -> Path:
        """The segment that is being written."""
        return self._segment(self._number)

    def append(self, frames: Sequence[Frame]) -> None:
        """Put frames on record, with one write; the operating system has them on return.

        Raises:
            JournalError: the disk refuses; nothing of the batch is left in the segment. Or the
                writer is closed.
        """
        if self._file < 0:
            msg = f"the journal {self._directory} is closed; open it again to append"
            raise JournalError(msg)
        data = b"".join(map(encode_record, frames))
        if self._offset > len(HEADER) and self._offset + len(data) > self._segment_bytes:
            self._rotate()
        with disk_errors(JournalError, "write", self.path):
            # An empty segment gets its header with its first batch, so that one cannot fail alone.
            self._write(data if self._offset else HEADER + data)

    def sync(self) -> None:
        """Wait until all that was appended outlives a power cut.

        Raises:
            JournalError: the disk refuses.
        """
        with disk_errors(JournalError, "sync", self.path):
            os.fsync(self._file)

    def position(self) -> tuple[str, int]:
        """Return the name of the segment and the offset in bytes at which the next frame goes."""
        return self.path.name, max(self._offset, len(HEADER))

    def close(self) -> None:
        """Sync, and let go of the session; a closed writer may be closed again.

        Raises:
            JournalError: the disk refuses; the session is let go all the same.
        """
        file, self._file = self._file, -1
        folder, self._folder = self._folder, -1
        with disk_errors(JournalError, "sync", self._directory):
            try:
                if file >= 0:
                    os.fsync(file)
            finally:
                for descriptor in (file, folder):
                    if descriptor >= 0:
                        os.close(descriptor)

    def _segment(self, number: int) -> Path:
        return self._directory / f"{number:08d}{SUFFIX}"

    def _hold(self) -> None:
        with disk_errors(JournalError, "lock", self._directory):
            try:
                fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                msg = f"{self._directory} has another writer; stop it, or start a new session"
                raise JournalError(msg) from error

    def _resume(self) -> None:
        self._number = max(
            (int(p.stem) for p in self._directory.glob(f"[0-9]*{SUFFIX}")), default=0
        )
        self._offset = 0
        if not self._number:
            self._rotate()
            return
        with disk_errors(JournalError, "open", self.path):
            self._offset = _good_bytes(self.path)
            self._file = os.open(self.path, _OPEN)
            os.ftruncate(self._file, self._offset)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        written = 0
        try:
            while written < len(data):
                written += os.write(self._file, view[written:])
        except OSError:
            self._take_back()
            raise
        self._offset += written

    def _take_back(self) -> None:
        """Cut what a failed write left; where even that fails, the next opening cuts it."""
        try:
            os.ftruncate(self._file, self._offset)
        except OSError:
            self.close()

    def _rotate(self) -> None:
        path = self._segment(self._number + 1)
        with disk_errors(JournalError, "make", path):
            if self._file >= 0:
                os.fsync(self._file)
            file = os.open(path, _CREATE, 0o644)
            os.fsync(self._folder)
            if self._file >= 0:
                os.close(self._file)
        self._file = file
        self._number += 1
        self._offset = 0


def _made(directory: Path) -> bool:
    """Make a folder; tell whether it is new."""
    try:
        directory.mkdir()
    except FileExistsError:
        return False
    return True


def _good_bytes(path: Path) -> int:
    """Return how much of the last segment of a session holds whole records, in bytes."""
    buffer = path.read_bytes()
    problem = check_header(buffer)
    if problem == "torn":
        return 0
    end = 0
    if problem is None:
        records = decode_records(buffer)
        end, problem = records.end, records.problem
    if problem in {None, "torn"}:
        return end
    msg = f"cannot go on in {path}: {problem} at byte {end}; keep it, and start a new session"
    raise JournalError(msg)
