"""The recovery store as files: whose state it holds, whether a run may go on from it, its pruning.

    recovery/session             the name of the session whose state this is
    recovery/part-0.sqlite3      the engine's own, one a partition; Bytewax 0.21 has made it

The store is state only. The journal is the truth, so a store may always be removed: what its
session lacks in the archive is then made from the journal.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import msgspec

from connectors.disk import disk_errors, sync_directory, whole_file
from connectors.journal.finished import Finish, finished_by
from connectors.journal.sessions import journal_directory
from connectors.journal.span import last_ns
from fusion.errors import RecoveryError
from fusion.frames import NS_PER_S

DIRECTORY = "recovery"
SESSION = "session"
PARTS = "part-*.sqlite3"

ANEW = "begin a new session with: fairline run --new (the journal is kept)"
"""What mends every store: to leave it."""

LOCKED_S = 1.0
"""How long another process may hold a partition before that is an error."""

VACUUM_SHARE = 0.25
"""A file of which more is free than this is written anew."""

_NAME = re.compile(r"[\w-]+")
_COLUMNS = "SELECT step_id, state_key, snap_epoch, ser_change FROM snaps LIMIT 0"

_PRUNE = """
    DELETE FROM snaps WHERE ser_change IS NULL AND NOT EXISTS (
        SELECT 1 FROM snaps AS older
        WHERE older.step_id = snaps.step_id AND older.state_key = snaps.state_key
        AND older.snap_epoch < snaps.snap_epoch
    )
"""


class Stored(msgspec.Struct, frozen=True):
    """How the session of a store stands; `last_ns` is when its last frame came, if any did.

    `last_ns` is read only of a drained session: any other is gone on with, or never.
    """

    session: str
    finish: Finish | None
    last_ns: int | None = None


class Pruned(msgspec.Struct, frozen=True):
    """What a pruning removed: rows, and bytes of the files."""

    rows: int
    bytes: int


def recovery_directory(data_dir: Path) -> Path:
    """Return the folder of a data directory that holds its recovery store."""
    return data_dir / DIRECTORY


def write_session(data_dir: Path, session: str) -> None:
    """Put on record whose state the store of a data directory holds, when a run begins with it.

    Raises:
        RecoveryError: the disk refuses.
    """
    path = recovery_directory(data_dir) / SESSION
    with disk_errors(RecoveryError, "write", path), whole_file(path) as file:
        file.write(f"{session}\n".encode())


def stored_session(data_dir: Path) -> str | None:
    """Return the session whose state the store of a data directory holds; None where none does.

    Raises:
        RecoveryError: the disk refuses.
    """
    store = recovery_directory(data_dir)
    with disk_errors(RecoveryError, "read", store / SESSION):
        try:
            told = (store / SESSION).read_bytes().decode(errors="replace").strip()
        except FileNotFoundError:
            return None
    return told if _NAME.fullmatch(told) and any(store.glob(PARTS)) else None


def read_stored(data_dir: Path) -> Stored | None:
    """Return how the session of the store stands; None where the store or its journal is gone.

    Raises:
        RecoveryError: the disk refuses.
        JournalError: a segment of the session is damaged.
    """
    session = stored_session(data_dir)
    if session is None:
        return None
    folder = journal_directory(data_dir) / session
    if not folder.is_dir():
        return None
    finish = finished_by(data_dir, session)
    return Stored(session, finish, last_ns(folder) if finish == "drained" else None)


def why_anew(stored: Stored | None, now_ns: int, resume_within_s: float) -> str | None:
    """Return why a run must begin a new session; None where it goes on with that of the store.

    A session that was cut off is gone on with whatever its age, as its archive waits for that; one
    that was drained if its last frame is younger than `resume_within_s`.
    """
    if stored is None:
        return "there is no session to go on with"
    if stored.finish is None:
        return None
    if stored.finish == "rebuilt":
        return f"session {stored.session} was finished from its journal, and its state is behind"
    if stored.last_ns is None:
        return f"session {stored.session} ended before its first frame"
    age_s = (now_ns - stored.last_ns) / NS_PER_S
    if age_s < resume_within_s:
        return None
    return f"session {stored.session} ended {age_s / 3600:.1f} h ago"


def check_store(store: Path, partitions: int) -> None:
    """See that a store is whole, of the engine's own making, and has so many partitions.

    Raises:
        RecoveryError: it is not; the message says what to do.
    """
    files = sorted(store.glob(PARTS))
    told: list[tuple[int, int]] = []
    for file in files:
        with _opened(file) as part:
            told += part.execute("SELECT part_index, part_count FROM parts").fetchall()
            part.execute(_COLUMNS)
            ((state,),) = part.execute("PRAGMA quick_check(1)").fetchall()
        if state != "ok":
            msg = f"the recovery store {file} is damaged: {state}; {ANEW}"
            raise RecoveryError(msg)
    made_with = {count for _, count in told}
    if made_with == {len(files)} and len(files) != partitions:
        msg = (
            f"the recovery store {store} was made with recovery.partitions = {len(files)}, now it "
            f"is {partitions}; set it back, or {ANEW}"
        )
        raise RecoveryError(msg)
    if sorted(told) != [(each, len(files)) for each in range(len(files))]:
        msg = (
            f"the recovery store {store} is not whole: its {len(files)} files say (partition, of) "
            f"{sorted(told)}; put back what is missing, or {ANEW}"
        )
        raise RecoveryError(msg)


def make_room(store: Path) -> None:
    """Make an empty folder for a store: the one that is there goes, as it is only state.

    The name of its session goes first, so that half a store is never taken for one.

    Raises:
        RecoveryError: the disk refuses.
    """
    with disk_errors(RecoveryError, "make", store):
        store.mkdir(parents=True, exist_ok=True)
        (store / SESSION).unlink(missing_ok=True)
        sync_directory(store)
        for file in store.glob(f"{PARTS}*"):
            file.unlink()
        with TemporaryFile(dir=store) as probe:  # The engine panics where it cannot write.
            probe.write(bytes(2**16))


def prune(store: Path) -> Pruned:
    """Remove what the engine never does: the row it keeps of each key that was discarded.

    Such a row says "nothing here" over older rows of its key; where there are none, its absence
    says the same. To be called while no run uses the store.

    Raises:
        RecoveryError: the store is damaged, in use, or cannot be written.
    """
    rows = freed = 0
    for file in sorted(store.glob(PARTS)):
        before = file.stat().st_size
        with _opened(file) as part:
            rows += part.execute(_PRUNE).rowcount
            ((pages,),) = part.execute("PRAGMA page_count").fetchall()
            ((free,),) = part.execute("PRAGMA freelist_count").fetchall()
            if free > VACUUM_SHARE * pages:
                part.execute("VACUUM")
                part.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        freed += before - file.stat().st_size
    return Pruned(rows, freed)


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a partition that exists; each statement is a transaction of its own."""
    try:
        address = f"{file.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, LOCKED_S, uri=True, isolation_level=None)) as part:
            yield part
    except sqlite3.Error as error:
        msg = f"the recovery store {file} cannot be used: {error}; {ANEW}"
        raise RecoveryError(msg) from error
