"""Verification: whether the archive has what the journal gives, no more and no less.

Each frame is read for its number, and the rows of a session are compared with those that a replay
of its journal gives now. Which files cannot be read at all is asked first, of
`connectors.archive.readable`.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from connectors.archive.digest import Digest, Place, file_digests, known_columns, signal_digests
from connectors.archive.ended import folder_date
from connectors.archive.places import archive_directory, published_of_session
from connectors.archive.schema import TABLES
from connectors.archive.swap import reading
from connectors.journal.finished import FINISHED
from connectors.journal.numbers import Numbers, Range, stream_numbers
from connectors.journal.sessions import Session, journal_directory
from fusion.errors import FairlineError

Replay = Callable[[str], Path]
"""Makes the archive of a session from its journal; returns the folder of its tables."""

SIGNALS = "signals"
_MEND = "make them again with: fairline rebuild --session"


class Rows(msgspec.Struct, frozen=True):
    """How many rows of a table the archive has of a session, and how many its journal gives.

    `journal` and `agree` are None where that was not asked.
    """

    archive: int
    journal: int | None = None
    agree: bool | None = None


class Verified(msgspec.Struct, frozen=True):
    """What was found of one session; every problem says how to mend it, a note needs no mending."""

    session: str
    in_use: bool
    finished: bool
    frames: int
    missing: tuple[Range, ...]
    twice: tuple[Range, ...]
    tables: dict[str, Rows]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


class Scope(NamedTuple):
    """What is compared: not the days before the `oldest` of a table, and not `damaged` files."""

    oldest: Mapping[str, date]
    damaged: Collection[Path]


class _Side(NamedTuple):
    """The rows of a table on one side, and the columns they are compared by."""

    columns: list[str]
    digests: dict[Place, Digest]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.digests.values())


def verify_session(
    data_dir: Path, session: Session, signals: Path, scope: Scope, replay: Replay | None
) -> Verified:
    """Compare the archive of a session with its journal; without `replay` rows are counted only.

    `signals` is the file of its signals.

    Raises:
        ArchiveError: a file of the archive that is not known as damaged cannot be read.
    """
    in_use = is_in_use(session)
    finished = (journal_directory(data_dir) / session.name / FINISHED).exists()
    streams = [stream_numbers(hub) for hub in session.hubs]
    problems = [each for stream in streams for each in _frame_problems(stream)]
    notes = list(_late(streams))
    with reading(archive_directory(data_dir)):
        ours = _sides(data_dir, session.name, scope)
    tables = {name: Rows(side.rows) for name, side in ours.items()}
    if in_use:
        notes.append(f"session {session.name} is in use: its last rows are not in the archive yet")
    elif not finished:
        problems.append(
            f"session {session.name} was cut off, and its archive may lack rows; go on with it by "
            f"starting the run again, or {_MEND} {session.name}"
        )
    else:
        problems += _signal_problems(session.name, signals, ours[SIGNALS], scope)
        if replay is not None and not notes:
            tables, found = _compared(session.name, replay, ours, scope)
            problems += found
    return Verified(
        session=session.name,
        in_use=in_use,
        finished=finished,
        frames=sum(each.frames for each in streams),
        missing=tuple(each for stream in streams for each in stream.missing),
        twice=tuple(each for stream in streams for each in stream.twice),
        tables=tables,
        problems=tuple(problems),
        notes=tuple(notes),
    )


def is_in_use(session: Session) -> bool:
    """Tell whether a run, or something that makes its archive again, holds a session."""
    for hub in session.hubs:
        try:
            folder = os.open(hub.folder, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(folder)
    return False


def _frame_problems(stream: Numbers) -> Iterator[str]:
    yield from stream.problems
    if stream.missing:
        yield (
            f"{stream.stream} lacks the frames {_told(stream.missing)}; restore their segments "
            "from a copy (where a segment was repaired, the gap is on record, and this stays)"
        )
    if stream.twice:
        yield (
            f"{stream.stream} has the frames {_told(stream.twice)} more than once; move away the "
            "segment that does not belong there"
        )


def _late(streams: list[Numbers]) -> Iterator[str]:
    for each in streams:
        if each.begins_late and each.ranges:
            yield (
                f"{each.stream} begins with frame {each.ranges[0][0]}, those before were let go "
                "by age: its rows are not compared"
            )


def _told(ranges: tuple[Range, ...], shown: int = 5) -> str:
    told = [str(first) if first == last else f"{first} to {last}" for first, last in ranges[:shown]]
    more = f" and {len(ranges) - shown} ranges more" if len(ranges) > shown else ""
    return ", ".join(told) + more


def _sides(data_dir: Path, session: str, scope: Scope) -> dict[str, _Side]:
    """Return the archive's rows of a session, by table."""
    root = archive_directory(data_dir)
    sides = {}
    files = [path for path in published_of_session(root, session) if path not in scope.damaged]
    for name, table in TABLES.items():
        first = scope.oldest.get(name, date.min)
        found = [
            path
            for path in files
            if path.relative_to(root).parts[0] == name
            and folder_date(path.parent.parent.name) >= first
        ]
        columns = known_columns(table, found)
        sides[name] = _Side(columns, file_digests(table, found, columns))
    return sides


def _compared(
    session: str, replay: Replay, ours: Mapping[str, _Side], scope: Scope
) -> tuple[dict[str, Rows], list[str]]:
    """Compare the archive's rows with those of a replay; return both sides' and the problems."""
    try:
        root = replay(session)
    except FairlineError as error:
        problem = f"session {session} cannot be replayed: {error}"
        return {name: Rows(side.rows) for name, side in ours.items()}, [problem]
    tables: dict[str, Rows] = {}
    problems: list[str] = []
    for name, side in ours.items():
        files = sorted((root / name).glob("date=*/league=*/*.parquet"))
        theirs = file_digests(TABLES[name], files, side.columns)
        first = str(scope.oldest.get(name, date.min))
        theirs = {place: digest for place, digest in theirs.items() if place[0] >= first}
        problems += _differences(session, name, side.digests, theirs)
        agree = side.digests == theirs
        tables[name] = Rows(side.rows, _Side([], theirs).rows, agree)
    return tables, problems


def _differences(
    session: str, table: str, ours: Mapping[Place, Digest], theirs: Mapping[Place, Digest]
) -> Iterator[str]:
    nothing = Digest(0, 0)
    for place in sorted(ours.keys() | theirs.keys()):
        mine, its = ours.get(place, nothing), theirs.get(place, nothing)
        if mine == its:
            continue
        day, league = place
        where = f"{table} of {league or 'no league'} on {day}"
        if mine.rows == its.rows:
            yield (
                f"{where}: {mine.rows:,} rows, but not those that the journal of session {session} "
                "gives now; if the settings and coefficients are those of the run, "
                f"{_MEND} {session}"
            )
        else:
            yield (
                f"{where}: {mine.rows:,} rows in the archive, {its.rows:,} from the journal of "
                f"session {session}; {_MEND} {session}"
            )


def _signal_problems(session: str, path: Path, archived: _Side, scope: Scope) -> Iterator[str]:
    """Compare the file of a session's signals with its rows in the table."""
    if not path.exists():
        if archived.rows:
            yield (
                f"{path} is not there, and the table has {archived.rows:,} rows of it; "
                f"{_MEND} {session}"
            )
        return
    told, broken = signal_digests(path, archived.columns)
    if broken:
        yield f"line {broken[0]} of {path} is no signal, of {len(broken)}; {_MEND} {session}"
    first = str(scope.oldest.get(SIGNALS, date.min))
    told = {place: digest for place, digest in told.items() if place[0] >= first}
    nothing = Digest(0, 0)
    for place in sorted(told.keys() | archived.digests.keys()):
        of_file, of_table = told.get(place, nothing), archived.digests.get(place, nothing)
        if of_file != of_table:
            day, league = place
            yield (
                f"{path} has {of_file.rows:,} signals of {league} on {day}, its table "
                f"{of_table.rows:,}{'' if of_file.rows != of_table.rows else ' others'}; "
                f"{_MEND} {session}"
            )
