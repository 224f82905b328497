"""The journal's writer: every frame is on record before anything is made of it."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from connectors.disk import disk_errors, make_directory, sync_directory
from connectors.journal.resume import Cut, resume
from connectors.journal.segment import HEADER, encode_record
from connectors.journal.segment_file import segment_path, segments
from connectors.journal.sessions import age_order, journal_directory
from fusion.days import slate_day
from fusion.errors import JournalError
from fusion.frames import NS_PER_S, Frame

__all__ = ["SEGMENT_BYTES", "SYNC_S", "JournalWriter", "hold", "journal_directory", "new_session"]

SEGMENT_BYTES = 64 * 1024 * 1024
SYNC_S = 1.0
"""How long a frame may be on record before it outlives a power cut."""

_CREATE = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_OPEN = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC


def new_session(data_dir: Path, now_ns: int) -> str:
    """Make the folder of a new session and return its name, such as `20261120T190501Z`.

    A second session in the same second gets `-01` and so on, and so does one that starts after
    the clock went back: it takes the stamp of the newest session. So names always sort by age.

    Raises:
        JournalError: the folder cannot be made.
    """
    sessions = journal_directory(data_dir)
    stamp = datetime.fromtimestamp(now_ns // NS_PER_S, UTC).strftime("%Y%m%dT%H%M%SZ")
    with disk_errors(JournalError, "make", sessions / stamp):
        unsynced = make_directory(sessions)
        known = [each.name for each in sessions.iterdir() if each.name[:1].isdigit()]
        number = 0
        if known and age_order(stamp) <= (newest := max(map(age_order, known))):
            stamp, number = newest[0], newest[1] + 1
        numbered = (f"{stamp}-{each:02d}" if each else stamp for each in itertools.count(number))
        name = next(name for name in numbered if _made(sessions / name))
        for each in (sessions, *unsynced):
            sync_directory(each)
    return name


class JournalWriter:
    """Appends frames to the segments `00000001.fjl`, `00000002.fjl`, … of one session.

    `directory` is the folder of a session, or of one hub of it; it is made where it is missing,
    and where it holds segments the writer goes on behind the last whole record, cutting a torn
    tail; `cut` says what was cut. A segment is synced and left when the next batch would take it
    over `segment_bytes`, or has a later slate day. One writer at a time holds a session's folder,
    or a hub's.

    Raises:
        JournalError: the disk refuses, another writer holds the session, or the last segment is
            damaged before its end.
    """

    def __init__(
        self, directory: Path, segment_bytes: int = SEGMENT_BYTES, sync_s: float = SYNC_S
    ) -> None:
        self._directory = directory
        self._segment_bytes = segment_bytes
        self._sync_s = sync_s
        self._synced_s: float | None = None
        self._unsynced = False
        self._file = -1
        self._day = ""
        self.cut: Cut | None = None
        with disk_errors(JournalError, "open", directory):
            for unsynced in make_directory(directory):
                sync_directory(unsynced)
            self._folder = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
        try:
            hold(self._folder, directory)
            self._resume()
        except BaseException:
            self.close()
            raise

    @property
    def path(self) -> Path:
        """The segment that is being written."""
        return segment_path(self._directory, self._number)

    @property
    def next_seq(self) -> int:
        """The number behind that of the last frame on record; 0 where there is none."""
        return self._next_seq

    @property
    def last_ns(self) -> int | None:
        """The receive time of the frame that was last on record when the writer was opened."""
        return self._last_ns

    def finished(self) -> list[Path]:
        """Return the segments of this session that will not change any more, oldest first."""
        known = segments(self._directory).items()
        return [path for number, path in known if number < self._number]

    def append(self, frames: Sequence[Frame]) -> None:
        """Put frames on record, with one write; the operating system has them on return.

        Raises:
            JournalError: the disk refuses; nothing of the batch is left in the segment. Or the
                writer is closed.
        """
        self._check_open()
        if not frames:
            return
        data = b"".join(map(encode_record, frames))
        day = slate_day(frames[0].recv_ns)
        if self._offset > len(HEADER) and (
            self._offset + len(data) > self._segment_bytes or day > self._day
        ):
            self._rotate()
        with disk_errors(JournalError, "write", self.path):
            # An empty segment gets its header with its first batch, so that one cannot fail alone.
            self._write(data if self._offset else HEADER + data)
        self._day = day
        self._next_seq = frames[-1].seq + 1

    def sync(self) -> None:
        """Wait until all that was appended outlives a power cut.

        Raises:
            JournalError: the disk refuses. What was appended since the last sync may be lost in a
                power cut, and no later sync could tell; so the writer is closed.
        """
        self._check_open()
        if not self._unsynced:
            return
        with disk_errors(JournalError, "sync", self.path):
            try:
                os.fsync(self._file)
            except OSError:
                self._let_go()
                raise
        self._unsynced = False

    def maybe_sync(self, now_s: float) -> bool:
        """Sync if that is due; tell whether it was. Called often, it bounds what a power cut takes.

        `now_s` is a clock that does not go back, such as `time.monotonic()`.

        Raises:
            JournalError: as for `sync`.
        """
        if self._synced_s is None:
            self._synced_s = now_s
        if now_s - self._synced_s < self._sync_s:
            return False
        self._synced_s = now_s
        due = self._unsynced
        self.sync()
        return due

    def position(self) -> tuple[str, int]:
        """Return the name of the segment and the offset in bytes at which the next frame goes."""
        return self.path.name, max(self._offset, len(HEADER))

    def close(self) -> None:
        """Sync, and let go of the session; a closed writer may be closed again.

        Raises:
            JournalError: the disk refuses; the session is let go all the same.
        """
        try:
            if self._file >= 0:
                self.sync()
        finally:
            self._let_go()

    def _check_open(self) -> None:
        if self._file < 0:
            msg = f"the journal {self._directory} is closed; open it again to append"
            raise JournalError(msg)

    def _let_go(self) -> None:
        self._unsynced = False
        file, self._file = self._file, -1
        folder, self._folder = self._folder, -1
        for descriptor in (file, folder):
            if descriptor >= 0:
                with contextlib.suppress(OSError):
                    os.close(descriptor)

    def _resume(self) -> None:
        with disk_errors(JournalError, "open", self._directory):
            stands = resume(self._directory)
            self._number, self._offset = stands.number, stands.offset
            self._next_seq = stands.next_seq
            if stands.begun:
                self._file = os.open(self.path, _OPEN)
                os.ftruncate(self._file, self._offset)
                self._unsynced = True
        self.cut = stands.cut
        self._last_ns = stands.last_ns
        self._day = "" if stands.last_ns is None else slate_day(stands.last_ns)
        if not stands.begun:
            self._rotate()

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
        self._unsynced = True

    def _take_back(self) -> None:
        """Cut what a failed write left; where even that fails, the next opening cuts it."""
        try:
            os.ftruncate(self._file, self._offset)
        except OSError:
            self._let_go()

    def _rotate(self) -> None:
        path = segment_path(self._directory, self._number + 1)
        if self._file >= 0:
            self.sync()
        with disk_errors(JournalError, "make", path):
            file = os.open(path, _CREATE, 0o644)
            try:
                os.fsync(self._folder)
            except OSError:
                os.close(file)
                path.unlink()
                raise
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


def hold(folder: int, directory: Path) -> None:
    """Lock the opened folder of a session against other writers, until it is closed.

    Raises:
        JournalError: another writer holds it.
    """
    with disk_errors(JournalError, "lock", directory):
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            msg = f"{directory} has another writer; stop it, or start a new session"
            raise JournalError(msg) from error
