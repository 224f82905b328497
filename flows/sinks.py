"""Sinks: signals as JSON lines, and every row into the Parquet archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from bytewax.outputs import (
    DynamicSink,
    FixedPartitionedSink,
    StatefulSinkPartition,
    StatelessSinkPartition,
)
from typing_extensions import override

from connectors.archive.writer import ArchiveWriter
from connectors.disk import disk_errors
from flows.steps import RowItem
from fusion.errors import ArchiveError
from fusion.healing import Heal
from fusion.rows import Row, SignalRow

R = TypeVar("R", bound=Row | Heal)

PARTITION = "rows-0"
FLUSH_ROWS = 50_000
SNAPSHOTS_A_FILE = 6
"""A file holds a minute at the engine's ten seconds a snapshot, unless it is full before."""


class _SignalsPartition(StatelessSinkPartition[RowItem]):
    def __init__(self, path: Path) -> None:
        self._path = path
        with disk_errors(ArchiveError, "open", path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: BinaryIO = path.open("ab")
        self._encode = msgspec.json.Encoder().encode

    @override
    def write_batch(self, items: list[RowItem]) -> None:
        lines = [self._encode(row) for _, row in items if isinstance(row, SignalRow)]
        if lines:
            with disk_errors(ArchiveError, "write", self._path):
                self._file.write(b"\n".join(lines) + b"\n")
                self._file.flush()

    @override
    def close(self) -> None:
        self._file.close()


class SignalSink(DynamicSink[RowItem]):
    """Appends each transition of a signal as a line of JSON, on disk when the batch is done."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @override
    def build(
        self, step_id: str, worker_index: int, worker_count: int
    ) -> StatelessSinkPartition[RowItem]:
        return _SignalsPartition(self._path)


class _ArchivePartition(StatefulSinkPartition[R, None]):
    def __init__(self, writer: ArchiveWriter, ended: Callable[[], bool]) -> None:
        self._writer = writer
        self._ended = ended
        self._snapshots = 0

    @override
    def write_batch(self, values: list[R]) -> None:
        self._writer.add(value for value in values if not isinstance(value, Heal))
        if self._writer.buffered_rows >= FLUSH_ROWS:
            self._writer.flush()

    @override
    def snapshot(self) -> None:
        self._snapshots += 1
        if self._ended() or self._snapshots >= SNAPSHOTS_A_FILE:
            self._snapshots = 0
            self._writer.flush()

    @override
    def close(self) -> None:
        """Write what is left when the run ended well; after a crash the journal has it."""
        if self._ended():
            self._writer.flush()


class _HealsPartition(StatelessSinkPartition[RowItem]):
    def __init__(self, heal: Callable[[Heal], None]) -> None:
        self._heal = heal

    @override
    def write_batch(self, items: list[RowItem]) -> None:
        for _, row in items:
            if isinstance(row, Heal):
                self._heal(row)


class HealSink(DynamicSink[RowItem]):
    """Tells the connectors of this process which books to ask for again; nothing is kept."""

    def __init__(self, heal: Callable[[Heal], None]) -> None:
        self._heal = heal

    @override
    def build(
        self, step_id: str, worker_index: int, worker_count: int
    ) -> StatelessSinkPartition[RowItem]:
        return _HealsPartition(self._heal)


class ArchiveSink(FixedPartitionedSink[R, None]):
    """Collects rows and writes them as whole Parquet files.

    `ended` tells whether the source has ended well, so that the last rows are written too.
    """

    def __init__(self, open_writer: Callable[[], ArchiveWriter], ended: Callable[[], bool]) -> None:
        self._open_writer = open_writer
        self._ended = ended

    @override
    def list_parts(self) -> list[str]:
        return [PARTITION]

    @override
    def build_part(
        self, step_id: str, for_part: str, resume_state: None
    ) -> StatefulSinkPartition[R, None]:
        return _ArchivePartition(self._open_writer(), self._ended)
