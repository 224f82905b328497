"""Where rows lie on their way into the archive, and what their files are called.

    data/staging/<session>/<part>/<number>__<table>__<date>__<league>.jsonl    rows as they come
    data/staging/<session>/<part>/<number>.parquet                             the same, converted
    data/archive/<table>/date=<date>/league=<league>/<session>-<part>-<number>.parquet

A number is given once in a session and a part, so that a name says all there is to know of a
file, and a file that is published twice is the same file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from glob import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

import msgspec

from connectors.archive.names import parse_name
from connectors.archive.schema import TABLES
from fusion.errors import ArchiveError

STAGED_SUFFIX = ".jsonl"
PARQUET_SUFFIX = ".parquet"

_STAGED = re.compile(r"(?P<number>\d{8,})__(?P<table>.+?)__(?P<date>.+?)__(?P<league>.*)\.jsonl")


class Place(NamedTuple):
    """Where a row belongs: its table, its slate day and its league."""

    table: str
    date: str
    league: str

    @property
    def folder(self) -> Path:
        """The folder in the archive."""
        return Path(self.table, f"date={self.date}", f"league={quote(self.league, safe='')}")


class StagedFile(msgspec.Struct, frozen=True):
    """A staged file: its first `size` bytes count, which hold `rows` rows."""

    number: int
    table: str
    date: str
    league: str
    size: int
    rows: int

    @property
    def place(self) -> Place:
        """Where its rows belong."""
        return Place(self.table, self.date, self.league)


def archive_directory(data_dir: Path) -> Path:
    """Return the folder of a data directory that holds the tables."""
    return data_dir / "archive"


def staging_directory(data_dir: Path) -> Path:
    """Return the folder of a data directory that holds rows on their way into the archive."""
    return data_dir / "staging"


def place_of(table: str, day: str, league: str) -> Place:
    """Return the place of a row.

    Raises:
        ArchiveError: the day is no date; one such folder would break every query.
    """
    try:
        if date.fromisoformat(day).isoformat() == day:
            return Place(table, day, league)
    except ValueError:
        pass
    msg = f"a row of {table} has the date {day!r}; give it its day as YYYY-MM-DD"
    raise ArchiveError(msg)


def staged_path(folder: Path, number: int, place: Place) -> Path:
    """Return the file of JSON lines in a part's folder."""
    league = quote(place.league, safe="")
    return folder / f"{number:08d}__{place.table}__{place.date}__{league}{STAGED_SUFFIX}"


def converted_path(folder: Path, number: int) -> Path:
    """Return the Parquet file in a part's folder that waits to be published."""
    return folder / f"{number:08d}{PARQUET_SUFFIX}"


def published_path(archive: Path, session: str, part: str, number: int, place: Place) -> Path:
    """Return the file in the archive."""
    return archive / place.folder / f"{session}-{part}-{number:08d}{PARQUET_SUFFIX}"


def parse_staged(path: Path) -> tuple[int, Place] | None:
    """Return what the name of a staged file says; None where it is none."""
    name = _STAGED.fullmatch(path.name)
    if name is None or name["table"] not in TABLES:
        return None
    return int(name["number"]), Place(name["table"], name["date"], unquote(name["league"]))


def published_of_part(archive: Path, session: str, part: str) -> Iterator[tuple[int, Path]]:
    """Yield the number and the path of every file in the archive that a part published."""
    for path in archive.glob(f"*/date=*/league=*/{escape(f'{session}-{part}-')}*{PARQUET_SUFFIX}"):
        name = parse_name(path.name)
        if name is not None and (name.session, name.part) == (session, part):
            yield name.number, path


def published_of_session(archive: Path, session: str) -> list[Path]:
    """Return every file in the archive that has rows of a session, whoever wrote it.

    A session whose name begins with this one's, as that of the same second does, is another.
    """
    found = []
    for path in archive.glob(f"*/date=*/league=*/{escape(f'{session}-')}*{PARQUET_SUFFIX}"):
        name = parse_name(path.name)
        if name is not None and name.session == session:
            found.append(path)
    return sorted(found)
