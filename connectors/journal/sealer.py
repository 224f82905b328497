"""The sealer: a thread that seals finished segments and removes them when they may go.

It gives way to the worker every few frames: what it does in Python takes turns of a fraction of a
millisecond, and compression and disk run without the interpreter's lock.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from connectors.archive.writer import archive_directory
from connectors.journal.sealing import (
    RemovalRules,
    Sealed,
    finished_segments,
    removable,
    remove_segment,
    seal_segment,
)
from connectors.journal.sessions import journal_directory
from fusion.errors import JournalError

PAUSE_S = 0.0005


class _StoppedError(Exception):
    """The sealer was stopped in the middle of a segment, which the next start seals."""


class Sealer:
    """Looks through the journal of a data directory at the start and after each snapshot.

    What fails is kept in `failures` until it succeeds, and tried again after the next snapshot: a
    segment that cannot be sealed stays in the journal, and nothing is lost but room. One process
    of those that share a data directory runs a sealer.
    """

    def __init__(
        self,
        data_dir: Path,
        rules: RemovalRules,
        now_ns: Callable[[], int] = time.time_ns,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._journal = journal_directory(data_dir)
        self._archive = archive_directory(data_dir)
        self._rules = rules
        self._now_ns = now_ns
        self._pause_s = pause_s
        self._rounds: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._snapshots = 0
        self._kept: dict[Path, tuple[Sealed, int]] = {}
        self._failures: dict[Path, JournalError] = {}
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="sealer", daemon=True)
        self.sealed = 0
        self.removed = 0

    @property
    def failures(self) -> list[JournalError]:
        """What could not be done at the last try, by segment."""
        return list(self._failures.values())

    def start(self) -> None:
        """Start the thread, which looks at once for what an earlier run left."""
        self._rounds.put(True)
        self._thread.start()

    def snapshot(self) -> None:
        """Tell that a snapshot was taken; returns at once, from any one thread."""
        self._snapshots += 1
        self._rounds.put(True)

    def check(self) -> None:
        """Raise what ended the thread before its time.

        Raises:
            JournalError: it met what it cannot handle; the cause is chained.
        """
        if self._error is not None:
            msg = f"segments are not sealed any more: {self._error}; start again"
            raise JournalError(msg) from self._error

    def stop(self, timeout_s: float | None = None) -> None:
        """End the thread, between two segments or in one; wait for that at most `timeout_s`."""
        self._stopping.set()
        self._rounds.put(False)
        if self._thread.ident is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            while self._rounds.get() and not self._stopping.is_set():
                self._round()
        except _StoppedError:
            return
        except BaseException as error:  # noqa: BLE001  (told to whoever asks `check`)
            self._error = error

    def _round(self) -> None:
        for segment in finished_segments(self._journal):
            try:
                self._take(segment)
            except JournalError as error:
                self._failures[segment] = error
            except FileNotFoundError:
                self._forget(segment)
            else:
                self._failures.pop(segment, None)

    def _take(self, segment: Path) -> None:
        """Seal a segment, or remove it where that was done long enough ago."""
        if segment not in self._kept:
            sealed = seal_segment(segment, self._archive, self._pause)
            pa.default_memory_pool().release_unused()
            self._kept[segment] = (sealed, self._snapshots)
            self.sealed += 1
        sealed, before = self._kept[segment]
        if removable(sealed, self._snapshots - before, self._now_ns(), self._rules):
            # A failure here is looked into from the start: the file may have to be made anew.
            del self._kept[segment]
            remove_segment(sealed, self._pause)
            self.removed += 1

    def _forget(self, segment: Path) -> None:
        """Let go of a segment that somebody else removed."""
        self._kept.pop(segment, None)
        self._failures.pop(segment, None)

    def _pause(self) -> None:
        if self._stopping.wait(self._pause_s):
            raise _StoppedError
