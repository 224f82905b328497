"""Restoring: the disk is made to agree with the snapshot a part goes on from.

A snapshot lists the staged files and how far each counts. What was appended behind it is cut off;
what it does not list is removed, staged or published: the rows come again. What it lists and is
not there is an error, as those rows would be lost.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from connectors.archive.places import (
    StagedFile,
    archive_directory,
    published_of_part,
    staged_path,
    staging_directory,
)
from connectors.archive.publish import check_whole, published_by_end
from connectors.archive.swap import reading
from connectors.disk import disk_errors, sync_directory
from fusion.errors import ArchiveError

VERSION = 1
Snapshot = tuple[int, bytes]
"""`(VERSION, JSON of a PartState)`: a value that no later write can change."""


class PartState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a snapshot says of a part.

    Of `open` files more may come behind what counts, those that are `cut` are whole and are not
    published yet. `next_number` is that of the next file.
    """

    session: str
    next_number: int = 0
    open: tuple[StagedFile, ...] = ()
    cut: tuple[StagedFile, ...] = ()


def encode_state(state: PartState) -> Snapshot:
    """Return a state as the recovery store keeps it."""
    return VERSION, msgspec.json.encode(state)


def decode_state(snapshot: Snapshot) -> PartState:
    """Return the state that the recovery store kept.

    Raises:
        ArchiveError: another version of Fairline wrote it.
    """
    version, encoded = snapshot
    if version != VERSION:
        msg = (
            f"the recovery store holds archive snapshots of version {version}, this Fairline reads "
            f"version {VERSION}: run the Fairline that wrote it, or begin a new session with: "
            "fairline run --new"
        )
        raise ArchiveError(msg)
    return msgspec.json.decode(encoded, type=PartState)


def restore(data_dir: Path, part: str, state: PartState) -> PartState:
    """Make staging and archive agree with `state`; return what is left of it to do.

    That is less than `state` where the session ended well since, and its end published the files.

    Raises:
        ArchiveError: a file that the state lists is missing, shorter or not whole, or the archive
            has rows of the session that the state does not know; or the disk refuses.
    """
    folder = staging_directory(data_dir) / state.session / part
    by_end = published_by_end(data_dir, state.session).get(part, {})
    listed = {file.number: file for file in (*state.open, *state.cut)}
    ended = {number for number in listed if number in by_end}
    if any(by_end[number] != listed[number].size for number in ended) or any(
        number >= state.next_number for number in by_end
    ):
        msg = (
            f"the end of session {state.session} published rows of {part} that the recovery store "
            "does not know, so it is older than the archive; make that again with: "
            f"fairline rebuild --session {state.session}"
        )
        raise ArchiveError(msg)
    # Where the end was cut short itself, some of its files are still staged, and are only cut.
    unfinished = [
        listed[number]
        for number in sorted(ended)
        if staged_path(folder, number, listed[number].place).exists()
    ]
    left = PartState(
        session=state.session,
        next_number=state.next_number,
        open=tuple(file for file in state.open if file.number not in ended),
        cut=(*(file for file in state.cut if file.number not in ended), *unfinished),
    )
    kept = {staged_path(folder, file.number, file.place): file for file in (*left.open, *left.cut)}
    with disk_errors(ArchiveError, "restore", folder):
        _remove(path for path in folder.glob("*") if path not in kept)
    for path, file in kept.items():
        _cut_back(path, file, state.session)
    _take_back(data_dir, part, left)
    return left


def _cut_back(path: Path, file: StagedFile, session: str) -> None:
    """Cut a staged file off behind what counts."""
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        size = 0
    if size < file.size:
        msg = (
            f"{path} has {size} bytes of the {file.size} that the recovery store knows; make the "
            f"archive of its session again with: fairline rebuild --session {session}"
        )
        raise ArchiveError(msg)
    if size > file.size:
        with disk_errors(ArchiveError, "restore", path):
            os.truncate(path, file.size)


def _take_back(data_dir: Path, part: str, left: PartState) -> None:
    """Remove what was published and is to come again; check the rest of what was published."""
    again = {file.number for file in left.open}
    staged = {file.number for file in left.cut}
    archive = archive_directory(data_dir)
    # Compaction may be at work, and replaces what a part published long ago.
    with reading(archive):
        with disk_errors(ArchiveError, "restore", archive):
            found = list(published_of_part(archive, left.session, part))
            _remove(path for number, path in found if number >= left.next_number or number in again)
        for number, path in found:
            if number < left.next_number and number not in again | staged:
                check_whole(path, left.session)


def _remove(paths: Iterable[Path]) -> None:
    folders = set()
    for path in list(paths):
        path.unlink()
        folders.add(path.parent)
    for folder in folders:
        sync_directory(folder)
