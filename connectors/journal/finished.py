"""Which sessions are whole in the archive, and who made them so: a file in a session's journal.

`drained` is written by a run that ended well: its recovery store, if it has one, stands where the
archive stands. `rebuilt` is written by a rebuild: the archive was made from the journal, and a
recovery store of the session is behind it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from connectors.disk import disk_errors, sync_directory, whole_file
from connectors.journal.segment import SUFFIX
from connectors.journal.sessions import age_order, hub_folders, journal_directory, session_folder
from fusion.errors import JournalError

FINISHED = "finished"

Finish = Literal["drained", "rebuilt"]

_FINISHES: dict[Literal["run", "rebuild"], Finish] = {"run": "drained", "rebuild": "rebuilt"}


def mark_finished(data_dir: Path, session: str, by: Literal["run", "rebuild"] = "run") -> None:
    """Put on record that all of a session's journal is in the archive, and who saw to that.

    Raises:
        JournalError: the disk refuses.
    """
    path = journal_directory(data_dir) / session / FINISHED
    with disk_errors(JournalError, "write", path), whole_file(path) as file:
        file.write(f"{_FINISHES[by]}\n".encode())


def mark_unfinished(data_dir: Path, session: str) -> None:
    """Take that back, before the archive of the session is changed.

    Raises:
        JournalError: the disk refuses.
    """
    path = journal_directory(data_dir) / session / FINISHED
    with disk_errors(JournalError, "remove", path):
        path.unlink(missing_ok=True)
        sync_directory(path.parent)


def finished_by(data_dir: Path, session: str) -> Finish | None:
    """Return how a session was finished; None where it is not, or is not there.

    A mark that says neither, as an older version left it, counts as `rebuilt`: nobody may go on
    from a store that might be behind.

    Raises:
        JournalError: the disk refuses.
    """
    path = journal_directory(data_dir) / session / FINISHED
    with disk_errors(JournalError, "read", path):
        try:
            told = path.read_bytes().decode(errors="replace").strip()
        except FileNotFoundError:
            return None
    return next((each for each in get_args(Finish) if each == told), "rebuilt")


def unfinished_sessions(data_dir: Path) -> list[str]:
    """Return the sessions whose archive may lack rows, oldest first; those in use count too."""
    folders = hub_folders(journal_directory(data_dir))
    sessions = {session_folder(each) for each in folders if any(each.glob(f"*{SUFFIX}"))}
    unfinished = (each.name for each in sessions if not (each / FINISHED).exists())
    return sorted(unfinished, key=age_order)
