"""How many hubs a data directory was made for: on record in its journal, as it cannot change.

A game's share, a hub's folder and the keys of a recovery store follow from the number of hubs. A
directory that says nothing was made for one.
"""

from __future__ import annotations

from pathlib import Path

from connectors.disk import disk_errors, whole_file
from connectors.folder_lock import folder_lock
from connectors.journal.sessions import journal_directory
from fusion.errors import ConfigError, JournalError

HUBS = "hubs"


def hub_count(data_dir: Path) -> int | None:
    """Return the number on record; None for a directory without a session.

    Raises:
        JournalError: the record cannot be read, or says no number.
    """
    journal = journal_directory(data_dir)
    path = journal / HUBS
    with disk_errors(JournalError, "read", path):
        try:
            told = path.read_bytes().decode(errors="replace").strip()
        except FileNotFoundError:
            return 1 if any(journal.glob("*/*")) else None
    if told.isdecimal() and int(told):
        return int(told)
    msg = (
        f"{path} must say how many hubs write below {journal}, was {told!r}; write the number of "
        "the folders hub-0, hub-1 and so on of a session there"
    )
    raise JournalError(msg)


def check_hub_count(data_dir: Path, hubs: int) -> None:
    """See that a run of so many hubs may write into a data directory.

    Raises:
        ConfigError: the directory was made for another number.
        JournalError: as for `hub_count`.
    """
    known = hub_count(data_dir)
    if known not in {None, hubs}:
        msg = (
            f"{data_dir} was made with feeds.hubs = {known}, which cannot change, was {hubs}: set "
            "it back, or name another data_dir for what comes from now on"
        )
        raise ConfigError(msg)


def record_hub_count(data_dir: Path, hubs: int) -> None:
    """Put the number of hubs of a new data directory on record; several processes may do so.

    Raises:
        ConfigError: the directory was made for another number.
        JournalError: the disk refuses.
    """
    journal = journal_directory(data_dir)
    path = journal / HUBS
    with disk_errors(JournalError, "make", journal):
        journal.mkdir(parents=True, exist_ok=True)
    with folder_lock(journal, JournalError):
        check_hub_count(data_dir, hubs)
        if hubs == 1 or path.exists():
            return
        with disk_errors(JournalError, "write", path), whole_file(path) as file:
            file.write(f"{hubs}\n".encode())
