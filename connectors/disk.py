"""What journal and archive share about disks: names that last, and what to do when one fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fusion.errors import FairlineError

_MEND = {
    errno.ENOSPC: "free space on its disk",
    errno.EDQUOT: "free space within the quota",
    errno.EFBIG: "raise the limit on file sizes (ulimit -f)",
    errno.EROFS: "mount its disk writable",
    errno.EACCES: "give this user the right to write there",
    errno.EPERM: "give this user the right to write there",
    errno.ENOTDIR: "move away the file that stands where a folder must be",
    errno.EEXIST: "move away the file that stands where a folder must be",
    errno.EMFILE: "raise the limit on open files (ulimit -n)",
    errno.EIO: "look at the health of the disk",
}


@contextmanager
def disk_errors(kind: type[FairlineError], action: str, path: Path) -> Iterator[None]:
    """Turn what the operating system refuses inside into `kind`.

    The message is `cannot <action> <path>: <what was wrong>; <how to mend it>`.
    """
    try:
        yield
    except OSError as error:
        mend = _MEND.get(error.errno or 0, "mend the disk")
        reason = error.strerror or error
        msg = f"cannot {action} {path}: {reason}; {mend}, or choose another data directory"
        raise kind(msg) from error


def sync_directory(directory: Path) -> None:
    """Make what was created or renamed in `directory` outlive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
