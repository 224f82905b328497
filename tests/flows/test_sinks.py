"""The sinks in real dataflows: each row once, whatever snapshot a run goes on from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import get_ident
from typing import Any
from zlib import crc32

import bytewax.operators as op
import msgspec
import pyarrow.parquet as pq
import pytest
from bytewax.dataflow import Dataflow
from bytewax.inputs import FixedPartitionedSource
from bytewax.operators import KeyedStream
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import TestingSource, cluster_main, run_main
from factories import GAME
from rows import LETTER, game_row, letter, signal, tick

from connectors.archive.publish import publish_leftovers
from connectors.archive.staging import RotationRules
from flows.sinks import SIGNALS_PART, ArchiveSink, HealSink, SignalSink, by_key
from fusion.errors import ArchiveError, RecoveryError
from fusion.healing import Heal
from fusion.rows import Row, SignalRow
from fusion.share import hub_of

HEAL = Heal(0, 0, GAME, "check", ("7",), "doubt")
RULES = RotationRules(rows=4, age_s=60.0)
GAMES = [f"nba:{number}" for number in range(400, 408)]


def signals_path(data_dir: Path, session: str) -> Path:
    """Return the file of a session's signals."""
    return data_dir / "signals" / f"{session}.jsonl"


def signal_sink(data_dir: Path, session: str = "s") -> SignalSink:
    """Return a sink for signals under a data directory."""
    return SignalSink(partial(signals_path, data_dir), lambda: session)


def files(data_dir: Path) -> list[Path]:
    """Return the files of the archive."""
    return sorted(data_dir.glob("archive/*/date=*/league=*/*.parquet"))


def seqs(data_dir: Path) -> list[int]:
    """Return the numbers of all rows that are in the archive."""
    tables = [pq.ParquetFile(file).read(["seq"]) for file in files(data_dir)]
    return sorted(seq for table in tables for seq in table["seq"].to_pylist())


def told(path: Path) -> list[int]:
    """Return the numbers of the signals in a file."""
    lines = path.read_bytes().splitlines()
    return [msgspec.json.decode(line, type=SignalRow).seq for line in lines]


def flow_of(items: Sequence[Any], data_dir: Path, session: str = "s", parts: int = 1) -> Dataflow:
    """Return a dataflow that sends items to all sinks that keep anything, an item a batch."""
    flow = Dataflow("test")
    rows: KeyedStream[Any] = op.input("in", flow, TestingSource(items, 1))
    name = partial(str, session)
    kept = partial(ArchiveSink[Any], data_dir, name, parts, rules=RULES)
    others = op.filter_value("rows", rows, lambda row: type(row) is not type(LETTER))
    op.output("archive", op.flat_map_batch("others", others, by_key), kept())
    letters = op.filter_value("letters", rows, lambda row: type(row) is type(LETTER))
    listed = op.flat_map_batch("listed", letters, by_key)
    op.output("records", listed, kept(prefix="records"))
    signals = op.filter_value("signal_rows", rows, lambda row: isinstance(row, SignalRow))
    op.output("signals", signals, signal_sink(data_dir, session))
    return flow


def evening(count: int) -> list[tuple[str, Row]]:
    """Return rows of every kind in the order of their numbers, four of a game, of eight games."""
    rows: list[tuple[str, Row]] = []
    for seq in range(count):
        game = GAMES[seq // 4 % len(GAMES)]
        of_game: dict[str, Any] = {"seq": seq, "game_id": game}
        kinds = (tick(**of_game), game_row(**of_game), letter(seq=seq), signal(**of_game))
        rows.append((game, kinds[seq % 4]))
    return rows


def recovery(tmp_path: Path) -> RecoveryConfig:
    """Return a recovery store."""
    store = tmp_path / "recovery"
    store.mkdir()
    init_db_dir(store, 1)
    return RecoveryConfig(store)


def test_every_row_is_archived_once(tmp_path: Path) -> None:
    """All tables get their rows; nothing is published behind the end's back."""
    run_main(flow_of([*evening(40), (GAME, HEAL)], tmp_path), epoch_interval=timedelta(0))
    before = seqs(tmp_path)
    publish_leftovers(tmp_path, "s")

    assert set(before) < set(range(40))
    assert seqs(tmp_path) == list(range(40))
    assert told(signals_path(tmp_path, "s")) == list(range(3, 40, 4))
    assert {path.name[:-17] for path in files(tmp_path)} == {"s-rows-0", "s-records-0"}


@pytest.mark.parametrize("epoch_s", [0.0, 0.004, 10.0])
@pytest.mark.parametrize("deaths", [(1,), (17,), (8, 20), (30, 31, 39)])
def test_runs_that_go_on_after_a_crash_archive_every_row_once(
    tmp_path: Path, deaths: tuple[int, ...], epoch_s: float
) -> None:
    """Wherever the engine dies and goes on from its store, no row is missing or there twice."""
    store = recovery(tmp_path)
    # One at a time: the source counts its items without them, and would bring the next item twice.
    for place in (*deaths, None):
        items: list[Any] = evening(40)
        if place is not None:
            items.insert(place, TestingSource.ABORT())
        run_main(
            flow_of(items, tmp_path),
            epoch_interval=timedelta(seconds=epoch_s),
            recovery_config=store,
        )
    publish_leftovers(tmp_path, "s")

    assert seqs(tmp_path) == list(range(40))
    assert told(signals_path(tmp_path, "s")) == list(range(3, 40, 4))


@pytest.mark.parametrize("ends_well", [True, False])
def test_a_session_goes_on_with_other_workers(tmp_path: Path, ends_well: bool) -> None:
    """A stop and a start, with the leftovers published in between or not, and two workers."""
    items: list[Any] = evening(60)
    items.insert(30, TestingSource.EOF())
    store = recovery(tmp_path)
    run_main(flow_of(items, tmp_path, parts=3), epoch_interval=timedelta(0), recovery_config=store)
    if ends_well:
        publish_leftovers(tmp_path, "s")
        assert seqs(tmp_path) == list(range(30))
    cluster_main(
        flow_of(items, tmp_path, "another", parts=3),
        [],
        0,
        epoch_interval=timedelta(0),
        recovery_config=store,
        worker_count_per_proc=2,
    )
    publish_leftovers(tmp_path, "s")

    assert seqs(tmp_path) == list(range(60))
    assert sorted(told(signals_path(tmp_path, "s"))) == list(range(3, 60, 4))
    assert {path.name.partition("-")[0] for path in files(tmp_path)} == {"s"}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_game_has_its_part_whoever_works(tmp_path: Path, workers: int) -> None:
    """Any number of workers gives the same part the same rows of a game, in their order."""
    cluster_main(flow_of(evening(64), tmp_path, parts=2), [], 0, worker_count_per_proc=workers)
    publish_leftovers(tmp_path, "s")
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for file in files(tmp_path):
        if "/ticks/" in str(file):
            for row in pq.ParquetFile(file).read(["game_id", "seq"]).to_pylist():
                found[file.name[:8], row["game_id"]].append(row["seq"])

    assert found == {
        (f"s-rows-{crc32(game.encode()) % 2}", game): [4 * at, 4 * at + 32]
        for at, game in enumerate(GAMES)
    }
    assert len({part for part, _ in found}) == 2


def test_a_failing_step_leaves_what_was_committed(tmp_path: Path) -> None:
    """A crash closes the sinks, and publishes nothing that no snapshot covers."""

    def step(row: Row) -> Row:
        if row.seq == 17:
            msg = "a step broke"
            raise RuntimeError(msg)
        return row

    flow = Dataflow("test")
    rows: KeyedStream[Any] = op.input(
        "in", flow, TestingSource([(GAME, tick(seq=n)) for n in range(20)], 1)
    )
    sink: ArchiveSink[Any] = ArchiveSink(tmp_path, lambda: "s", rules=RULES)
    stepped = op.map_value("step", rows, step)
    op.output("archive", op.flat_map_batch("listed", stepped, by_key), sink)
    with pytest.raises(RuntimeError, match="error calling `mapper`"):
        run_main(flow, epoch_interval=timedelta(0))

    assert seqs(tmp_path) == list(range(len(seqs(tmp_path))))
    assert len(seqs(tmp_path)) < 17


def test_a_session_is_asked_for_when_a_part_is_built(tmp_path: Path) -> None:
    """Not before: a run that goes on has the session of its snapshot."""
    asked = []

    def session() -> str:
        asked.append(1)
        return "s"

    sink: ArchiveSink[Row] = ArchiveSink(tmp_path, session)
    signals = SignalSink(partial(signals_path, tmp_path), session)
    assert asked == []
    part = sink.build_part("archive", "rows-0", None)
    part.write_batch([[tick()]])
    state = part.snapshot()
    part.close()
    told_by = signals.build_part("signals", SIGNALS_PART, None)
    told_state = told_by.snapshot()
    told_by.close()
    assert asked == [1, 1]
    sink.build_part("archive", "rows-0", state).close()
    signals.build_part("signals", SIGNALS_PART, told_state).close()
    assert asked == [1, 1]


def test_partitions_and_snapshots_are_a_file_format(tmp_path: Path) -> None:
    """What names state in a recovery store stays as it is, or the store is worthless."""
    archive: ArchiveSink[Row] = ArchiveSink(tmp_path, lambda: "s", 3)
    records: ArchiveSink[Row] = ArchiveSink(tmp_path, lambda: "s", prefix="records")
    part = signal_sink(tmp_path).build_part("signals", "signals-0", None)
    part.write_batch([signal(seq=3)])
    size = signals_path(tmp_path, "s").stat().st_size

    assert archive.list_parts() == ["rows-0", "rows-1", "rows-2"]
    assert records.list_parts() == ["records-0"]
    assert signal_sink(tmp_path).list_parts() == ["signals-0"]
    assert archive.part_fn(GAME) == crc32(GAME.encode())
    assert part.snapshot() == (1, "s", size)
    part.close()


def test_signals_are_whole_lines_of_json(tmp_path: Path) -> None:
    """Each transition is a line that decodes to the row, on its way when the batch is done."""
    opened, closed = signal(seq=3), signal("close", seq=9, reason="edge", fair=None)
    part = signal_sink(tmp_path).build_part("signals", SIGNALS_PART, None)
    part.write_batch([opened, closed])
    text = signals_path(tmp_path, "s").read_bytes()
    part.close()

    assert text.endswith(b"}\n")
    lines = text.splitlines()
    assert [msgspec.json.decode(line, type=SignalRow) for line in lines] == [opened, closed]


def test_signals_behind_the_snapshot_are_taken_back(tmp_path: Path) -> None:
    """The file is cut off where the snapshot says, and all of it where there is none."""
    sink, path = signal_sink(tmp_path), signals_path(tmp_path, "s")
    part = sink.build_part("signals", SIGNALS_PART, None)
    part.write_batch([signal(seq=1)])
    state = part.snapshot()
    part.write_batch([signal(seq=2)])
    part.close()
    with path.open("ab") as file:
        file.write(b'{"seq":')
    again = sink.build_part("signals", SIGNALS_PART, state)
    again.write_batch([signal(seq=3)])
    again.close()
    assert told(path) == [1, 3]

    sink.build_part("signals", SIGNALS_PART, None).close()
    assert path.read_bytes() == b""


def test_signals_that_are_gone_are_told(tmp_path: Path) -> None:
    """A file that is shorter than the snapshot says is named, and left as it is."""
    path = signals_path(tmp_path, "s")
    path.parent.mkdir()
    path.write_bytes(b"{}\n")
    with pytest.raises(RecoveryError) as caught:
        signal_sink(tmp_path).build_part("signals", SIGNALS_PART, (1, "s", 100))
    assert str(caught.value) == (
        f"{path} has 3 bytes of the 100 that the recovery store knows; make the signals of its "
        "session again with: fairline rebuild --session s"
    )
    assert path.read_bytes() == b"{}\n"


def test_signals_of_another_version_are_refused(tmp_path: Path) -> None:
    """What another Fairline wrote is not guessed at."""
    with pytest.raises(RecoveryError, match="signal snapshots of version 2, this Fairline reads"):
        signal_sink(tmp_path).build_part("signals", SIGNALS_PART, (2, "s", 0))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file where a folder must be is an error that says how to mend it."""
    (tmp_path / "signals").write_text("")
    with pytest.raises(ArchiveError, match=r"^cannot open .*s\.jsonl: .*; move away the file"):
        signal_sink(tmp_path).build_part("signals", SIGNALS_PART, None)


def test_heals_are_told() -> None:
    """The connectors get what they are asked for; there is nothing to go on from."""
    asked: list[Heal] = []
    part = HealSink(asked.append, ["hub-0"]).build_part("heals", "hub-0", None)
    part.write_batch([HEAL])

    assert (asked, part.snapshot()) == ([HEAL], None)


@pytest.mark.parametrize(("hubs", "workers"), [(1, 1), (3, 2), (12, 3)])
def test_a_heal_comes_to_the_worker_of_its_hub(hubs: int, workers: int) -> None:
    """The engine builds the sink's part of a hub where it builds the source's, by any number."""
    names = [f"hub-{number}" for number in range(hubs)]
    games = [f"nba:{number}" for number in range(40)]
    wanted = [msgspec.structs.replace(HEAL, game_id=game) for game in games]
    built: dict[str, int] = {}
    asked: dict[str, int] = {}

    class Frames(FixedPartitionedSource[Heal, None]):
        def list_parts(self) -> list[str]:
            return names

        def build_part(self, step_id: str, for_part: str, resume_state: None) -> Any:
            built[for_part] = get_ident()
            frames = wanted if for_part == names[-1] else []
            return TestingSource(frames).build_part(step_id, "iterable", None)

    def heal(told: Heal) -> None:
        asked[told.game_id] = get_ident()

    flow = Dataflow("test")
    heals = op.key_on("key", op.input("in", flow, Frames()), lambda told: told.game_id)
    op.output("heals", heals, HealSink(heal, names))
    cluster_main(flow, [], 0, worker_count_per_proc=workers)

    assert len(set(built.values())) == workers
    assert asked == {game: built[f"hub-{hub_of(game, hubs)}"] for game in games}
