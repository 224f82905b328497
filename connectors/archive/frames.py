"""The table `frames`: finished segments of the journal as Parquet, one file a segment.

A file is `archive/frames/date=<day>/league=all/journal-<session>-<segment>.parquet`. The frames of
a segment belong to many leagues and the market's to none that their source tells, so the league
is always `all`. The date is the slate day of the segment's first frame; the writer begins a new
segment with a new day, so that at most the last batch of a day stands in the next.

Where a session has several hubs, each numbers its segments and its frames for itself. In names of
files and in the column `session`, the hubs behind the first are sessions `<session>.hub-<k>`.

The name does not begin with the session: what makes the archive of a session again replaces the
files that do, and frames are what it is made from.

Rows are in the order of the segment, in row groups that may be read one by one. Payloads are
compressed in pages of a whole row group, as frames resemble those before them: 36 bytes a frame
of 878 on a simulated evening, against 57 with zstd 3 and pages of 1 MiB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from fusion.days import slate_day
from fusion.errors import JournalError
from fusion.frames import Frame

TABLE = "frames"
LEAGUE = "all"
VERSION = "1"
GROUP_ROWS = 16_384
GROUP_BYTES = 8 * 1024 * 1024

_TEXT = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        pa.field("session", _TEXT, nullable=False),
        pa.field("seq", pa.int64(), nullable=False),
        pa.field("recv_ns", pa.int64(), nullable=False),
        pa.field("source", _TEXT, nullable=False),
        pa.field("payload", pa.binary(), nullable=False),
    ],
    metadata={"fairline.frames": VERSION},
)
PARQUET = {
    "compression": "zstd",
    "compression_level": 9,
    "use_dictionary": ["session", "source"],
    "column_encoding": {
        "seq": "DELTA_BINARY_PACKED",
        "recv_ns": "DELTA_BINARY_PACKED",
        "payload": "PLAIN",
    },
    "data_page_size": GROUP_BYTES,
    "write_statistics": ["session", "seq", "recv_ns", "source"],
    "write_page_checksum": True,
}
_PLAIN = pa.schema(
    [
        pa.field(each.name, pa.string() if each.type == _TEXT else each.type, nullable=False)
        for each in SCHEMA
    ]
)
"""The columns in memory: dictionaries would only be in the way of comparing."""

_NAME = re.compile(r"journal-(?P<session>.+)-(?P<number>\d{8,})\.parquet")


def sealed_file(archive: Path, session: str, number: int, first_ns: int) -> Path:
    """Return the file of a segment whose first frame was received at `first_ns`."""
    folder = archive / TABLE / f"date={slate_day(first_ns)}" / f"league={LEAGUE}"
    return folder / f"journal-{session}-{number:08d}.parquet"


def sealed_files(folder: Path) -> dict[str, dict[int, Path]]:
    """Return the files in a folder of the table, at any depth of it, by session and segment."""
    found: dict[str, dict[int, Path]] = {}
    for levels in ("", "league=*/", "date=*/league=*/"):
        for path in folder.glob(f"{levels}journal-*.parquet"):
            if name := _NAME.fullmatch(path.name):
                found.setdefault(name["session"], {})[int(name["number"])] = path
    return found


def to_columns(session: str, frames: Sequence[Frame]) -> pa.Table:
    """Return frames as columns in memory.

    Raises:
        JournalError: a number is beyond 63 bits.
    """
    columns = (
        [session] * len(frames),
        [frame.seq for frame in frames],
        [frame.recv_ns for frame in frames],
        [frame.source for frame in frames],
        [frame.payload for frame in frames],
    )
    try:
        arrays = [
            pa.array(values, field.type) for values, field in zip(columns, _PLAIN, strict=True)
        ]
    except (OverflowError, pa.ArrowException) as error:
        first = f"{frames[0].seq} to {frames[-1].seq}"
        msg = f"frames {first} do not fit the table {TABLE}: {error}; keep their segment as it is"
        raise JournalError(msg) from error
    return pa.Table.from_arrays(arrays, schema=_PLAIN)


def write_frames(groups: Iterable[pa.Table], file: BinaryIO) -> None:
    """Write tables of `to_columns`, each as one row group.

    Raises:
        OSError: the disk refuses.
    """
    with pq.ParquetWriter(file, SCHEMA, **PARQUET) as writer:
        for group in groups:
            writer.write_table(group.cast(SCHEMA), row_group_size=GROUP_ROWS)


class UnreadableError(JournalError):
    """A file of the table is damaged, or none of its kind."""


class SealedFrames:
    """One file of the table, open for reading.

    Raises:
        UnreadableError: it cannot be read, now or when it is asked for frames.
        FileNotFoundError: there is no such file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = pq.ParquetFile(path, page_checksum_verification=True)
            names = self._file.schema_arrow.names
        except FileNotFoundError:
            raise
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(error) from error
        if names != SCHEMA.names:
            why = f"its columns are {', '.join(names)}"
            raise self._unreadable(why)

    @property
    def rows(self) -> int:
        """How many frames the file has."""
        count: int = self._file.metadata.num_rows
        return count

    @property
    def groups(self) -> int:
        """How many row groups the file has."""
        count: int = self._file.metadata.num_row_groups
        return count

    def bounds(self, column: str) -> list[tuple[int, int]]:
        """Return the least and the greatest `seq` or `recv_ns` of every row group."""
        place = SCHEMA.get_field_index(column)
        metadata = self._file.metadata
        groups = [metadata.row_group(at).column(place) for at in range(self.groups)]
        return [(each.statistics.min, each.statistics.max) for each in groups]

    def group(self, number: int) -> pa.Table:
        """Return a row group as columns in memory."""
        try:
            return self._file.read_row_group(number, use_threads=False).cast(_PLAIN)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(error) from error

    def frames(self, number: int) -> Iterator[Frame]:
        """Yield the frames of a row group."""
        group = self.group(number)
        columns = (group.column(name).to_pylist() for name in ("seq", "recv_ns", "source"))
        return map(Frame, *columns, group.column("payload").to_pylist())

    def _unreadable(self, why: object) -> UnreadableError:
        return UnreadableError(
            f"sealed frames {self._path} cannot be read: {why}; restore the file from a copy, or "
            "remove it if its segment is still in the journal, which is then sealed anew"
        )
