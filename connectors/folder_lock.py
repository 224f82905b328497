"""A lock on a folder, for what one process at a time may do in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors.disk import disk_errors
from fusion.errors import FairlineError


@contextmanager
def folder_lock(folder: Path, kind: type[FairlineError]) -> Iterator[None]:
    """Wait until no other process is inside with this folder, and keep others out meanwhile.

    The system lets go of the lock when the process ends, however it does.

    Raises:
        FairlineError: of `kind`, if the folder cannot be opened.
    """
    with disk_errors(kind, "lock", folder):
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with disk_errors(kind, "lock", folder):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
