"""Sinks: signals as JSON lines, every row into the Parquet archive, books that are asked for again.

The first two give each row once, whatever snapshot of the recovery store a run goes on from:
what was written behind it is taken back, and the source brings it again. Partition keys are a
file format of that store.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from io import FileIO
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import msgspec
from bytewax.outputs import (
    FixedPartitionedSink,
    StatefulSinkPartition,
)
from typing_extensions import override

from connectors.archive.restore import PartState, Snapshot, decode_state
from connectors.archive.schema import ArchiveItem
from connectors.archive.staging import RotationRules
from connectors.archive.writer import PartWriter
from connectors.disk import disk_errors, sync_directory
from fusion.errors import ArchiveError, RecoveryError
from fusion.healing import Heal
from fusion.rows import SignalRow
from fusion.share import hub_of

A = TypeVar("A", bound=ArchiveItem | Heal)
V = TypeVar("V")

SIGNALS_PART = "signals-0"
SIGNALS_VERSION = 1
SignalsSnapshot = tuple[int, str, int]
"""`(SIGNALS_VERSION, session, bytes of the file that count)`."""


class _SignalsPartition(StatefulSinkPartition[SignalRow, SignalsSnapshot]):
    def __init__(self, path: Path, session: str, size: int) -> None:
        self._path = path
        self._session = session
        self._size = size
        self._encode = msgspec.json.Encoder().encode
        with disk_errors(ArchiveError, "open", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = FileIO(path, "a")
            found = self._file.seek(0, os.SEEK_END)
            sync_directory(path.parent)
        if found < size:
            self._file.close()
            msg = (
                f"{path} has {found} bytes of the {size} that the recovery store knows; make the "
                f"signals of its session again with: fairline rebuild --session {session}"
            )
            raise RecoveryError(msg)
        with disk_errors(ArchiveError, "restore", path):
            self._file.truncate(size)

    @override
    def write_batch(self, values: list[SignalRow]) -> None:
        data = memoryview(b"".join(self._encode(row) + b"\n" for row in values))
        with disk_errors(ArchiveError, "write", self._path):
            while data:
                written = self._file.write(data)
                self._size += written
                data = data[written:]

    @override
    def snapshot(self) -> SignalsSnapshot:
        with disk_errors(ArchiveError, "sync", self._path):
            os.fsync(self._file.fileno())
        return SIGNALS_VERSION, self._session, self._size

    @override
    def close(self) -> None:
        self._file.close()


class SignalSink(FixedPartitionedSink[SignalRow, SignalsSnapshot]):
    """Appends each transition of a signal as a line of JSON, on its way when the batch is done.

    `path_of` names the file of a session, `session` the session of a run that begins; one that
    goes on has that of its snapshot.
    """

    def __init__(self, path_of: Callable[[str], Path], session: Callable[[], str]) -> None:
        self._path_of = path_of
        self._session = session

    @override
    def list_parts(self) -> list[str]:
        return [SIGNALS_PART]

    @override
    def build_part(
        self, step_id: str, for_part: str, resume_state: SignalsSnapshot | None
    ) -> StatefulSinkPartition[SignalRow, SignalsSnapshot]:
        version, session, size = resume_state or (SIGNALS_VERSION, self._session(), 0)
        if version != SIGNALS_VERSION:
            msg = (
                f"the recovery store holds signal snapshots of version {version}, this Fairline "
                f"reads version {SIGNALS_VERSION}: run the Fairline that wrote it, or begin a new "
                "session with: fairline run --new"
            )
            raise RecoveryError(msg)
        return _SignalsPartition(self._path_of(session), session, size)


class _ArchivePartition(StatefulSinkPartition[list[A], Snapshot]):
    def __init__(self, writer: PartWriter) -> None:
        self._writer = writer

    @override
    def write_batch(self, values: list[list[A]]) -> None:
        rows = (row for rows in values for row in rows if not isinstance(row, Heal))
        self._writer.write(rows, time.monotonic())

    @override
    def snapshot(self) -> Snapshot:
        return self._writer.snapshot(time.monotonic())

    @override
    def close(self) -> None:
        self._writer.close()


def by_key(items: list[tuple[str, V]]) -> list[tuple[str, list[V]]]:
    """Return a batch as one list a key, in its order.

    The engine takes 7 us to find the part of a sink for one item, which is more than a row costs.
    """
    found: dict[str, list[V]] = {}
    for key, item in items:
        found.setdefault(key, []).append(item)
    return list(found.items())


class ArchiveSink(FixedPartitionedSink[list[A], Snapshot]):
    """Stages lists of rows and publishes them as whole Parquet files, each row once.

    `session` is asked for when a part is built; one that goes on has the session of its snapshot.
    Parts are `<prefix>-0` and so on. Two sinks of a session need two prefixes, and neither prefix
    nor the number of parts may change as long as the recovery store is in use.
    """

    def __init__(
        self,
        data_dir: Path,
        session: Callable[[], str],
        parts: int = 1,
        prefix: str = "rows",
        rules: RotationRules | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._session = session
        self._parts = [f"{prefix}-{number}" for number in range(parts)]
        self._rules = rules

    @override
    def list_parts(self) -> list[str]:
        return self._parts

    @override
    def part_fn(self, item_key: str) -> int:
        return crc32(item_key.encode())

    @override
    def build_part(
        self, step_id: str, for_part: str, resume_state: Snapshot | None
    ) -> StatefulSinkPartition[list[A], Snapshot]:
        begun = decode_state(resume_state) if resume_state else PartState(self._session())
        now_s = time.monotonic()
        writer = PartWriter(self._data_dir, for_part, begun, now_s=now_s, rules=self._rules)
        return _ArchivePartition(writer)


class _HealsPartition(StatefulSinkPartition[Heal, None]):
    def __init__(self, heal: Callable[[Heal], None]) -> None:
        self._heal = heal

    @override
    def write_batch(self, values: list[Heal]) -> None:
        for wanted in values:
            self._heal(wanted)

    @override
    def snapshot(self) -> None:
        return None


class HealSink(FixedPartitionedSink[Heal, None]):
    """Tells the hub that carries a game which of its books to ask for again; nothing is kept.

    `hubs` are the partitions of the source. The engine deals out the partitions of every step in
    the order of their names, so that those of one name are on one worker, and so in one process.
    """

    def __init__(self, heal: Callable[[Heal], None], hubs: Sequence[str]) -> None:
        self._heal = heal
        self._hubs = list(hubs)
        # What `part_fn` returns counts the partitions by their names: `hub-10` is before `hub-2`.
        self._place = [sorted(hubs).index(hub) for hub in hubs]

    @override
    def list_parts(self) -> list[str]:
        return self._hubs

    @override
    def part_fn(self, item_key: str) -> int:
        return self._place[hub_of(item_key, len(self._hubs))]

    @override
    def build_part(
        self, step_id: str, for_part: str, resume_state: None
    ) -> StatefulSinkPartition[Heal, None]:
        return _HealsPartition(self._heal)
