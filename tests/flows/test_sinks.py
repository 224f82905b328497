from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from bytewax.dataflow import Dataflow, Stream
from bytewax.operators import input as op_input
from bytewax.operators import map as op_map
from bytewax.operators import output as op_output
from bytewax.testing import TestingSource, run_main
from factories import GAME
from rows import game_row, letter, signal, tick

from connectors.archive.connect import ask, connect
from connectors.archive.writer import ArchiveWriter
from flows import sinks
from flows.sinks import PARTITION, SNAPSHOTS_A_FILE, ArchiveSink, SignalSink
from flows.steps import RowItem
from fusion.errors import ArchiveError
from fusion.rows import Row, SignalRow

ROWS: list[Row] = [tick(seq=1), game_row(seq=2), signal(seq=3), tick(seq=4), letter(seq=5)]

EVERY_SEQ = (
    "SELECT seq FROM ticks UNION ALL SELECT seq FROM games UNION ALL SELECT seq FROM signals "
    "UNION ALL SELECT seq FROM dead_letters"
)


def items(*rows: Any) -> list[RowItem]:
    """Return rows as the flow hands them to a sink of items."""
    return [(GAME, row) for row in rows]


def seqs(data_dir: Path) -> list[int]:
    """Return the numbers of all rows that are in the archive."""
    with connect(data_dir) as connection:
        return sorted(ask(connection, EVERY_SEQ)["seq"].to_pylist())


class Ended:
    """Whether the source has ended well, as a test says."""

    def __init__(self) -> None:
        self.well = False

    def __call__(self) -> bool:
        """Tell it."""
        return self.well


@pytest.fixture
def ended() -> Ended:
    """Return the word of a source that still runs."""
    return Ended()


@pytest.fixture
def archive(tmp_path: Path, ended: Ended) -> ArchiveSink[Row]:
    """Return a sink into an archive of the test."""
    return ArchiveSink(lambda: ArchiveWriter(tmp_path, "s"), ended)


def test_signals_are_whole_lines_of_json(tmp_path: Path) -> None:
    """Each transition is a line that decodes to the row, on disk when the batch is done."""
    path = tmp_path / "signals" / "s.jsonl"
    opened, closed = signal(seq=3), signal("close", seq=9, reason="edge", fair=None)
    partition = SignalSink(path).build("signals", 0, 1)

    partition.write_batch(items(tick(), opened, game_row(), closed))
    text = path.read_bytes()

    assert text.endswith(b"}\n")
    assert [msgspec.json.decode(line, type=SignalRow) for line in text.splitlines()] == [
        opened,
        closed,
    ]
    partition.close()


def test_a_batch_without_transitions_writes_nothing(tmp_path: Path) -> None:
    """Ticks and game rows leave the file as it is; that it is there tells that none came."""
    path = tmp_path / "s.jsonl"
    partition = SignalSink(path).build("signals", 0, 1)
    partition.write_batch(items(tick(), game_row()))
    partition.write_batch([])
    partition.close()

    assert path.read_bytes() == b""


def test_signals_go_on_behind_what_is_there(tmp_path: Path) -> None:
    """A second worker, or a run that goes on, appends."""
    path = tmp_path / "s.jsonl"
    sink = SignalSink(path)
    first, second = sink.build("signals", 0, 2), sink.build("signals", 1, 2)
    first.write_batch(items(signal(seq=1)))
    second.write_batch(items(signal(seq=2)))
    first.write_batch(items(signal(seq=3)))
    first.close()
    second.close()

    assert [msgspec.json.decode(line)["seq"] for line in path.read_bytes().splitlines()] == [
        1,
        2,
        3,
    ]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file where a folder must be is an error that says how to mend it."""
    (tmp_path / "signals").write_text("")

    with pytest.raises(ArchiveError, match=r"^cannot open .*s\.jsonl: .*; move away the file"):
        SignalSink(tmp_path / "signals" / "s.jsonl").build("signals", 0, 1)


def test_archive_is_written_every_few_snapshots(archive: ArchiveSink[Row], tmp_path: Path) -> None:
    """Rows wait for the snapshot that is due, so that a file holds a minute and not a batch."""
    partition = archive.build_part("archive", PARTITION, None)
    partition.write_batch(ROWS[:2])
    for _ in range(SNAPSHOTS_A_FILE - 1):
        partition.snapshot()
    assert seqs(tmp_path) == []

    partition.snapshot()
    assert seqs(tmp_path) == [1, 2]

    partition.write_batch(ROWS[2:])
    for _ in range(SNAPSHOTS_A_FILE - 1):
        partition.snapshot()
    assert seqs(tmp_path) == [1, 2]
    partition.snapshot()
    assert seqs(tmp_path) == [1, 2, 3, 4, 5]


def test_archive_is_written_at_once_when_the_source_ended(
    archive: ArchiveSink[Row], ended: Ended, tmp_path: Path
) -> None:
    """The snapshot of a good end writes what there is."""
    partition = archive.build_part("archive", PARTITION, None)
    partition.write_batch(ROWS)
    ended.well = True
    partition.snapshot()

    assert seqs(tmp_path) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("well", "kept"), [(True, [1, 2, 3, 4, 5]), (False, [])])
def test_close_writes_only_after_a_good_end(
    archive: ArchiveSink[Row], ended: Ended, tmp_path: Path, well: bool, kept: list[int]
) -> None:
    """A crash closes too, and must not write what no snapshot covers."""
    partition = archive.build_part("archive", PARTITION, None)
    partition.write_batch(ROWS)
    ended.well = well
    partition.close()

    assert seqs(tmp_path) == kept


def test_a_full_buffer_does_not_wait(
    archive: ArchiveSink[Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So many rows are a file, whenever the snapshot comes."""
    monkeypatch.setattr(sinks, "FLUSH_ROWS", 3)
    partition = archive.build_part("archive", PARTITION, None)
    partition.write_batch(ROWS[:2])
    before = seqs(tmp_path)
    partition.write_batch(ROWS[2:3])

    assert (before, seqs(tmp_path)) == ([], [1, 2, 3])


def run(
    tmp_path: Path,
    rows: Sequence[Row],
    ended: Callable[[], bool],
    step: Callable[[Any], Any] = lambda item: item,
) -> None:
    """Drive rows through both sinks of a real dataflow, batch by batch, an epoch each."""
    flow = Dataflow("test")
    source: TestingSource[Any] = TestingSource([(GAME, row) for row in rows], 2)
    stream: Stream[Any] = op_map("step", op_input("in", flow, source), step)
    op_output("signals", stream, SignalSink(tmp_path / "signals" / "s.jsonl"))
    op_output("archive", stream, ArchiveSink(lambda: ArchiveWriter(tmp_path, "s"), ended))
    run_main(flow, epoch_interval=timedelta(0))


def test_sinks_in_a_dataflow(tmp_path: Path) -> None:
    """The engine writes every row once, and the file of signals has the table's transitions."""
    rows = [tick(seq=n) for n in range(20)] + [signal(seq=20), signal("close", seq=21)]
    run(tmp_path, rows, lambda: True)

    assert seqs(tmp_path) == list(range(22))
    lines = (tmp_path / "signals" / "s.jsonl").read_bytes().splitlines()
    assert [msgspec.json.decode(line, type=SignalRow) for line in lines] == rows[20:]


def test_a_crash_leaves_only_what_snapshots_wrote(tmp_path: Path) -> None:
    """Rows behind the last file of a crashed run are not archived: the journal has them."""

    def step(item: RowItem) -> RowItem:
        if item[1].seq == 17:
            msg = "a step broke"
            raise RuntimeError(msg)
        return item

    with pytest.raises(RuntimeError, match="error calling `mapper`"):
        run(tmp_path, [tick(seq=n) for n in range(20)], lambda: False, step)

    assert seqs(tmp_path) == list(range(2 * SNAPSHOTS_A_FILE))
