"""The session a run writes: a new one, the one it was told, or the one a crash left."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from connectors.journal.finished import finished_by, mark_unfinished
from connectors.journal.writer import journal_directory, new_session
from fusion.errors import RecoveryError

REBUILT = "rebuilt"


class RunSession:
    """The name of a run's session; it is made when it is first asked for. Any thread may ask.

    Args:
        data_dir: The data directory.
        told: The name that all processes of one run were told, empty where there is one process.
    """

    def __init__(self, data_dir: Path, told: str = "") -> None:
        self._data_dir = data_dir
        self._name = told
        self._lock = threading.Lock()

    @property
    def is_begun(self) -> bool:
        """Whether the session has its name."""
        return bool(self._name)

    @property
    def name(self) -> str:
        """The name of the session.

        Raises:
            JournalError: the folder of a new session cannot be made.
        """
        with self._lock:
            if not self._name:
                self._name = new_session(self._data_dir, time.time_ns())
            return self._name

    def resume(self, name: str) -> None:
        """Go on with a session that the recovery store knows.

        Raises:
            RecoveryError: its archive was made again from the journal, or a part of this run goes
                on with another session.
        """
        with self._lock:
            if self._name not in {"", name}:
                msg = (
                    f"the recovery store goes on with session {name}, this run with {self._name}: "
                    "begin a new session with: fairline run --new"
                )
                raise RecoveryError(msg)
            folder = journal_directory(self._data_dir) / name
            if not folder.is_dir():
                msg = (
                    f"the recovery store goes on with session {name}, whose journal {folder} is "
                    "gone; bring it back, or begin a new session with: fairline run --new"
                )
                raise RecoveryError(msg)
            if finished_by(self._data_dir, name) == REBUILT:
                msg = (
                    f"the archive of session {name} was made again from its journal, which the "
                    "recovery store does not know; begin a new session with: fairline run --new"
                )
                raise RecoveryError(msg)
            mark_unfinished(self._data_dir, name)
            self._name = name
