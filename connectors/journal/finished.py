"""Which sessions are whole in the archive: a file in a session's journal says so."""

from __future__ import annotations

from pathlib import Path

from connectors.disk import disk_errors, sync_directory
from connectors.journal.segment import SUFFIX
from connectors.journal.writer import journal_directory
from fusion.errors import JournalError

FINISHED = "finished"


def mark_finished(data_dir: Path, session: str) -> None:
    """Put on record that all of a session's journal is in the archive.

    Raises:
        JournalError: the disk refuses.
    """
    path = journal_directory(data_dir) / session / FINISHED
    with disk_errors(JournalError, "write", path):
        path.touch()
        sync_directory(path.parent)


def mark_unfinished(data_dir: Path, session: str) -> None:
    """Take that back, before the archive of the session is changed.

    Raises:
        JournalError: the disk refuses.
    """
    path = journal_directory(data_dir) / session / FINISHED
    with disk_errors(JournalError, "remove", path):
        path.unlink(missing_ok=True)
        sync_directory(path.parent)


def unfinished_sessions(data_dir: Path) -> list[str]:
    """Return the sessions whose archive may lack rows, oldest first; those in use count too."""
    root = journal_directory(data_dir)
    sessions = {segment.parent for segment in root.glob(f"*/*{SUFFIX}")}
    return sorted(each.name for each in sessions if not (each / FINISHED).exists())
