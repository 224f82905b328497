"""The lock of a data directory: one supervised run at a time, and who it is.

The lock is on the open file `run.lock`, which the supervisor hands on to its run. So a run whose
supervisor was killed still holds it, and the next start says which process that is, instead of
writing beside it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from connectors.disk import disk_errors
from fusion.errors import RecoveryError

LOCK = "run.lock"
WIDTH = 64


class Holders(msgspec.Struct, frozen=True):
    """The processes that stand in a lock file; None where there is none."""

    supervisor: int | None = None
    run: int | None = None


class RunLock:
    """A held lock; `descriptor` is what the run must inherit."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def tell(self, holders: Holders) -> None:
        """Write down who holds the lock, for whoever finds it held."""
        # Always of one width: to write over what is there needs no space on a full disk.
        os.pwrite(self.descriptor, msgspec.json.encode(holders).ljust(WIDTH), 0)


@contextmanager
def hold_data_dir(data_dir: Path) -> Iterator[RunLock]:
    """Hold `data_dir` for a supervised run, for as long as it or its run lives.

    Raises:
        RecoveryError: another one holds it, and the message names its process; or the disk
            refuses.
    """
    path = data_dir / LOCK
    with disk_errors(RecoveryError, "lock", path):
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        with disk_errors(RecoveryError, "lock", path):
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RecoveryError(in_use(data_dir, read_holders(path), _alive)) from error
            lock = RunLock(descriptor)
            lock.tell(Holders(supervisor=os.getpid()))
        yield lock
    finally:
        os.close(descriptor)


def read_holders(path: Path) -> Holders:
    """Return who stands in a lock file; nobody where it cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Holders)
    except (OSError, msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return Holders()


def in_use(data_dir: Path, holders: Holders, alive: Callable[[int], bool]) -> str:
    """Return the sentence for a data directory that another run holds."""
    supervisor, run = holders.supervisor, holders.run
    if supervisor is not None and alive(supervisor):
        return (
            f"{data_dir} is in use by `fairline run`, process {supervisor}; stop it with `kill "
            f"{supervisor}`, or choose another data directory"
        )
    if run is not None and alive(run):
        return (
            f"{data_dir} is in use by process {run}, a run that outlived its supervisor; stop it "
            f"with `kill {run}` and start again: the session is gone on with"
        )
    return (
        f"{data_dir} is in use by a process that {data_dir / LOCK} does not name; find it with "
        f"`fuser {data_dir / LOCK}` and stop it, or choose another data directory"
    )


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # It is another user's.
        return True
    return True
