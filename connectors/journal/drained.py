"""Which hubs of a session came to their end: a file `drained` in the folder of each.

The processes of a run share a session, and each knows of its own hubs only. So each puts them on
record when its writers are closed, and whoever finds all of them on record finishes the session.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from connectors.disk import disk_errors, sync_directory, whole_file
from fusion.errors import JournalError

DRAINED = "drained"


def mark_drained(folder: Path) -> None:
    """Put on record that the hub that writes in `folder` came to its end by itself.

    Raises:
        JournalError: the disk refuses.
    """
    path = folder / DRAINED
    with disk_errors(JournalError, "write", path), whole_file(path):
        pass  # That it is there says it.


def mark_undrained(folder: Path) -> None:
    """Take that back, before the hub writes again.

    Raises:
        JournalError: the disk refuses.
    """
    path = folder / DRAINED
    with disk_errors(JournalError, "remove", path):
        if path.exists():
            path.unlink()
            sync_directory(folder)


def all_drained(folders: Iterable[Path]) -> bool:
    """Tell whether the hubs that write in these folders all came to their ends."""
    return all((folder / DRAINED).exists() for folder in folders)
