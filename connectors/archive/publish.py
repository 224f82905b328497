"""Publishing: converted files get their names in the archive, each whole or not at all.

While a run lasts its writers publish what a snapshot has committed. When it has ended well all
that is staged is committed: `publish_leftovers` puts that on record in
`data/staging/<session>.published` before it publishes the first file, so that it can be done again
after a crash in its middle, and so that a run that goes on with the session knows that what its
snapshot lists is in the archive, though nothing is staged any more.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa

from connectors.archive.convert import convert
from connectors.archive.places import (
    Place,
    archive_directory,
    converted_path,
    parse_staged,
    published_path,
    staging_directory,
)
from connectors.disk import disk_errors, make_directory, sync_directory, whole_file
from fusion.errors import ArchiveError

Published = dict[str, dict[int, int]]
"""By part, the numbers of the files that the end of a session published, and their staged bytes."""

_MAGIC = b"PAR1"
_TAIL_BYTES = 8


class _Leftover(NamedTuple):
    """A staged file: its part, and what its name says."""

    staged: Path
    part: str
    number: int
    place: Place


def publish(converted: Path, published: Path) -> None:
    """Give a converted file its name in the archive, over one of the same name.

    Raises:
        ArchiveError: the disk refuses.
    """
    for folder in _move(converted, published):
        _sync(folder)


def check_whole(published: Path, session: str) -> None:
    """Check that a file of the archive is not cut off, by its last bytes.

    Raises:
        ArchiveError: it is, or it cannot be read.
    """
    with disk_errors(ArchiveError, "read", published), published.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL_BYTES))
        tail = file.read()
    footer_bytes = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or footer_bytes + len(_MAGIC) + _TAIL_BYTES > size:
        msg = (
            f"{published} is not whole: it has {size} bytes and does not end as Parquet does; "
            f"make it again with: fairline rebuild --session {session}"
        )
        raise ArchiveError(msg)


def published_by_end(data_dir: Path, session: str) -> Published:
    """Return what the end of a session has published, or was about to.

    Raises:
        ArchiveError: the record of it cannot be read.
    """
    path = _record(data_dir, session)
    try:
        with disk_errors(ArchiveError, "read", path):
            return msgspec.json.decode(path.read_bytes(), type=Published) if path.exists() else {}
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        msg = (
            f"{path} does not say what was published: {error}; make the archive of the session "
            f"again with: fairline rebuild --session {session}"
        )
        raise ArchiveError(msg) from error


def publish_leftovers(data_dir: Path, session: str) -> list[Path]:
    """Publish all that a session has staged, and remove its staging folder; return the files.

    Only after a run that ended well, when no writer of the session is left: what is staged must
    be what the last snapshot lists. Can be called again, also after a crash in its middle.

    Raises:
        ArchiveError: a staged file cannot be converted, or the disk refuses. What is not
            published yet stays staged.
    """
    folder = staging_directory(data_dir) / session
    if not folder.is_dir():
        return []
    with _held(folder):
        leftovers = _leftovers(folder)
        ended = published_by_end(data_dir, session)
        for each in leftovers:
            ended.setdefault(each.part, {})[each.number] = each.staged.stat().st_size
        _put_on_record(data_dir, session, ended)
        archive = archive_directory(data_dir)
        made = [published_path(archive, session, *each[1:]) for each in leftovers]
        # One by one: a run ends when its interpreter does, which then begins no thread.
        moved = map(_convert_and_move, leftovers, made)
        for unsynced in {each for folders in moved for each in folders}:
            _sync(unsynced)
        pa.default_memory_pool().release_unused()
        forget_staged(data_dir, session)
    return made


def forget_staged(data_dir: Path, session: str) -> None:
    """Remove what a session has staged: it is in the archive, or is made again from the journal.

    Raises:
        ArchiveError: the disk refuses.
    """
    folder = staging_directory(data_dir) / session
    with disk_errors(ArchiveError, "remove", folder):
        if folder.is_dir():
            shutil.rmtree(folder)
            sync_directory(folder.parent)


def _leftovers(folder: Path) -> list[_Leftover]:
    found = ((path, parse_staged(path)) for path in sorted(folder.glob("*/*")))
    return [_Leftover(path, path.parent.name, *name) for path, name in found if name]


def _move(converted: Path, published: Path) -> list[Path]:
    """Give a file its name in the archive; return the folders that must be synced for it."""
    with disk_errors(ArchiveError, "publish", published):
        unsynced = make_directory(published.parent)
        converted.replace(published)
    return [published.parent, *unsynced]


def _convert_and_move(leftover: _Leftover, published: Path) -> list[Path]:
    converted = converted_path(leftover.staged.parent, leftover.number)
    convert(leftover.place.table, leftover.staged, converted)
    return _move(converted, published)


def _sync(folder: Path) -> None:
    with disk_errors(ArchiveError, "sync", folder):
        sync_directory(folder)


def _record(data_dir: Path, session: str) -> Path:
    return staging_directory(data_dir) / f"{session}.published"


def _put_on_record(data_dir: Path, session: str, published: Published) -> None:
    path = _record(data_dir, session)
    with disk_errors(ArchiveError, "write", path), whole_file(path) as file:
        file.write(msgspec.json.encode(published))


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Let one process at a time publish the leftovers of a session."""
    with disk_errors(ArchiveError, "open", folder):
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
