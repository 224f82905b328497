"""The archive of a session made again from its journal, which is the truth.

A session whose process died has frames in its journal that are in no Parquet file. Its archive is
a projection of the journal, so it is made again as a whole, beside the old one, and put in its
place. Whatever happens in between, the next start does it again: a session counts as finished
only when a file in its journal says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec

from connectors.archive.places import archive_directory, published_of_session
from connectors.archive.publish import forget_staged, publish_leftovers
from connectors.archive.swap import changing
from connectors.disk import disk_errors, make_directory, sync_directory
from connectors.journal.finished import mark_finished, mark_unfinished, unfinished_sessions
from connectors.journal.sessions import journal_directory, session_at
from connectors.journal.writer import JournalWriter
from flows.board import Board
from flows.drive import drive
from flows.recorded import FramesSource, recorded_hubs
from flows.run import signals_file, wire
from flows.settings import Settings, load_settings
from fusion.errors import ArchiveError, FairlineError, JournalError

STAGING = "rebuild"
BATCH_FRAMES = 2_000
NICENESS = 10


class Rebuilt(msgspec.Struct, frozen=True):
    """What the journal of a session gave."""

    session: str
    frames: int
    ticks: int
    files: int


def rebuild(session: str, settings: Settings) -> Rebuilt:
    """Make the archive and the signals of `session` again from its journal.

    Raises:
        JournalError: there is no such session, it is damaged, or a run writes it at this moment.
        ArchiveError: the disk refuses.
    """
    data_dir = settings.data_dir
    journal = journal_directory(data_dir) / session
    hubs = session_at(journal).hubs
    if not hubs:
        known = ", ".join(unfinished_sessions(data_dir)) or "none is unfinished"
        msg = f"{journal} holds no journal; name a session in {journal.parent} ({known})"
        raise JournalError(msg)
    for hub in hubs:
        if hub.parts and hub.parts[0].number > 1:
            msg = (
                f"the journal of {session} begins with segment {hub.parts[0].number}, as those "
                "before were let go by age: its archive has more than a rebuild would give; "
                "restore the frames from a copy first"
            )
            raise JournalError(msg)
    # To hold the session is to know that no run writes it; a torn tail is cut on the way.
    with ExitStack() as held:
        for hub in hubs:
            held.callback(JournalWriter(hub.folder).close)
        staging = data_dir / STAGING / session
        shutil.rmtree(staging, ignore_errors=True)
        board = Board(measure_latency=False)
        source = FramesSource(recorded_hubs(journal), board, BATCH_FRAMES)
        drive(wire(source, settings, lambda: session, board, data_dir=staging))
        publish_leftovers(staging, session)
        mark_unfinished(data_dir, session)
        files = _put_in_place(data_dir, staging, session)
        mark_finished(data_dir, session, by="rebuild")
    return Rebuilt(session, board.frames, board.ticks, files)


def rebuild_beside(data_dir: Path, besides: str) -> subprocess.Popen[bytes] | None:
    """Start a process that finishes the unfinished sessions but one; None where there are none."""
    sessions = [name for name in unfinished_sessions(data_dir) if name != besides]
    if not sessions:
        return None
    command = [sys.executable, "-m", "flows.rebuild", *sessions]
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603  (our own module)


def _put_in_place(data_dir: Path, staging: Path, session: str) -> int:
    """Move what was made in place of what was there; return the number of archive files."""
    root, made = archive_directory(data_dir), archive_directory(staging)
    with changing(root), disk_errors(ArchiveError, "replace", root):
        for old in published_of_session(root, session):
            old.unlink()
        forget_staged(data_dir, session)
        files = published_of_session(made, session)
        unsynced: set[Path] = set()
        for file in files:
            place = root / file.relative_to(made)
            unsynced.update([*make_directory(place.parent), place.parent])
            file.replace(place)
        signals, place = signals_file(staging, session), signals_file(data_dir, session)
        place.unlink(missing_ok=True)
        if signals.exists():
            unsynced.update([*make_directory(place.parent), place.parent])
            signals.replace(place)
        for folder in unsynced:
            sync_directory(folder)
        shutil.rmtree(staging)
        with suppress(OSError):  # Another process may rebuild a session beside it.
            staging.parent.rmdir()
    return len(files)


def main(sessions: list[str]) -> None:
    """Rebuild sessions one by one, out of the way of a run; one that is in use is left alone."""
    os.nice(NICENESS)
    settings = load_settings()
    for session in sessions:
        try:
            rebuild(session, settings)
        except FairlineError as error:
            sys.stderr.write(f"fairline: session {session} was not finished: {error}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
