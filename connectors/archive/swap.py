"""Putting files of the archive in place of others, so that no reader sees a row twice or not.

A change of several files is no single step to the file system, so it is kept from readers by a
lock, and from crashes by a plan:

    write the new files under hidden names ──> lock ──> plan ──> remove the old, rename the new
                                                             ──> remove the plan ──> unlock

The lock is one on the archive's folder: many readers, or one that changes. The operating system
takes it from a process that dies. Whoever gets it next finds the plan and carries it out: so the
files are always those from before the plan, or those from after it.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from connectors.disk import disk_errors, sync_directory, whole_file
from fusion.errors import ArchiveError

PLAN = ".swap.json"
HIDDEN_SUFFIX = ".compacting"
"""Ends the names of files that wait for their change: no reader and no writer looks for it."""

WAIT_S = 30.0
_RETRY_S = 0.005


class Swap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change in one folder: these names go, and these hidden files get their names."""

    folder: str
    old: tuple[str, ...]
    new: tuple[str, ...]


class Seen(msgspec.Struct, frozen=True):
    """A file as it was when it was read; another of its name differs in one of these."""

    path: Path
    inode: int
    size: int
    changed_ns: int


def seen(path: Path) -> Seen:
    """Return what tells a file from another that takes its name.

    Raises:
        FileNotFoundError: there is no such file.
    """
    facts = path.stat()
    return Seen(path, facts.st_ino, facts.st_size, facts.st_mtime_ns)


def hidden(path: Path) -> Path:
    """Return where a file is written that is to take the place of `path`."""
    return path.with_name(f".{path.name}{HIDDEN_SUFFIX}")


@contextmanager
def reading(root: Path) -> Iterator[None]:
    """Keep the files of the archive in `root` from being exchanged, among any number of readers.

    A change that was cut off by a crash is carried out first.

    Raises:
        ArchiveError: such a change cannot be carried out.
    """
    folder = _open(root)
    if folder is None:
        yield
        return
    try:
        fcntl.flock(folder, fcntl.LOCK_SH)
        while (root / PLAN).exists():
            fcntl.flock(folder, fcntl.LOCK_UN)
            finish_swap(root)
            fcntl.flock(folder, fcntl.LOCK_SH)
        yield
    finally:
        os.close(folder)


@contextmanager
def changing(root: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Keep readers, and others that change it, out of the archive in `root`.

    A change that was cut off by a crash is carried out first.

    Raises:
        ArchiveError: somebody reads for longer than `wait_s`, or the disk refuses.
    """
    folder = _open(root)
    if folder is None:
        yield
        return
    try:
        _lock(folder, root, wait_s)
        _carry_out(root)
        yield
    finally:
        os.close(folder)


def finish_swap(root: Path) -> None:
    """Carry out a change that a crash cut off, if there is one.

    Raises:
        ArchiveError: as for `changing`.
    """
    if (root / PLAN).exists():
        with changing(root):
            return


def exchange(root: Path, old: Sequence[Seen], new: Sequence[Path], wait_s: float = WAIT_S) -> bool:
    """Put hidden files under their names in place of others of their folder; tell whether it was.

    `new` are the names they are to have. Where one of `old` is not what it was, or another file
    has one of those names, somebody made the files anew since: then nothing is changed, and the
    hidden files are removed.

    Raises:
        ArchiveError: as for `changing`.
    """
    (folder,) = {path.parent for path in (*new, *(each.path for each in old))}
    with changing(root, wait_s), disk_errors(ArchiveError, "exchange files in", folder):
        known = {each.path for each in old}
        if not all(map(_is_same, old)) or any(path.exists() for path in new if path not in known):
            for path in new:
                hidden(path).unlink(missing_ok=True)
            return False
        swap = Swap(
            folder=str(folder.relative_to(root)),
            old=tuple(each.path.name for each in old),
            new=tuple(path.name for path in new),
        )
        with whole_file(root / PLAN) as file:
            file.write(msgspec.json.encode(swap))
        _carry_out(root)
    return True


def _is_same(before: Seen) -> bool:
    try:
        return seen(before.path) == before
    except FileNotFoundError:
        return False


def _carry_out(root: Path) -> None:
    """Carry out the plan, from wherever it was left; every step may be taken again."""
    plan = root / PLAN
    with disk_errors(ArchiveError, "carry out", plan):
        if not plan.exists():
            return
        swap = _decoded(plan)
        folder = root / swap.folder
        # What is replaced by a rename stays until then; so does what an earlier try renamed.
        for name in swap.old:
            if name not in swap.new:
                (folder / name).unlink(missing_ok=True)
        for name in swap.new:
            if hidden(folder / name).exists():
                hidden(folder / name).replace(folder / name)
        sync_directory(folder)
        plan.unlink()
        sync_directory(root)


def _decoded(plan: Path) -> Swap:
    try:
        return msgspec.json.decode(plan.read_bytes(), type=Swap)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        msg = (
            f"{plan} is no plan of a change: {error}; remove it, and look with "
            "`fairline archive verify` which sessions are to be made again"
        )
        raise ArchiveError(msg) from error


def _open(root: Path) -> int | None:
    """Return the opened folder, None where there is no archive yet."""
    try:
        return os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _lock(folder: int, root: Path, wait_s: float) -> None:
    until_s = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= until_s:
                msg = (
                    f"the archive in {root} was being read for more than {wait_s:g} s; try again "
                    "when those queries have ended"
                )
                raise ArchiveError(msg) from error
            time.sleep(_RETRY_S)
        else:
            return
