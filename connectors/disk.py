"""What journal and archive share about disks: files that appear whole, and what to do on errors."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

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
    errno.EAGAIN: "wait for the other process that writes it",
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


def make_directory(directory: Path) -> list[Path]:
    """Make a directory and those above it that are missing; return what must be synced for them.

    Those are the directories in which a new name stands; none where `directory` was there. Until
    they are synced, a power cut may take what was made.
    """
    new = [each for each in (directory, *directory.parents) if not each.is_dir()]
    directory.mkdir(parents=True, exist_ok=True)
    return [each.parent for each in new]


@contextmanager
def whole_file(path: Path, *, sync_name: bool = True) -> Iterator[BinaryIO]:
    """Give a file to write that appears at `path` when it is complete, or not at all.

    It is written beside `path` as `.<name>.tmp`, locked until it is synced and renamed; whoever
    cleans up leaves locked ones alone. What a crash left under that name is written over. An
    error inside removes it. Without `sync_name` the bytes outlive a power cut, and the name only
    when the folder is synced.

    Raises:
        OSError: the disk refuses; a `BlockingIOError` if another process writes the same file.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not _is_at(file, temporary):  # It was renamed by the other between opening and locking.
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))
        try:
            file.truncate(0)
            yield file
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    if sync_name:
        sync_directory(path.parent)


def _is_at(file: BinaryIO, path: Path) -> bool:
    """Tell whether an open file is still the one that `path` names."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False
