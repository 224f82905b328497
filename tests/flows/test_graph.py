from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from bytewax.dataflow import Dataflow
from bytewax.testing import TestingSink, TestingSource, cluster_main, run_main
from factories import AWAY, HOME, LINK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payloads import (
    book_body,
    control,
    espn_event,
    frame,
    gamma_event,
    listing_body,
    market_frame,
    scoreboard,
)

from flows.feeds import FIRST as FEEDS_PARTITION
from flows.graph import fairline
from flows.sinks import SIGNALS_PART, ArchiveSink, HealSink
from flows.snapshots import VERSION
from fusion.frames import Connected, Disconnected, Frame
from fusion.healing import Heal
from fusion.join import JoinRules
from fusion.levels import LevelBatch
from fusion.rows import BookRow, DeadLetter, GameRow, Row, SignalRow, SlateRow, Tick
from fusion.share import hub_of
from fusion.signals import SignalRules

PREGAME = scoreboard(espn_event(phase="pre", home=0, away=0, period=0, clock=0))
END_OF_BATCH = TestingSource.PAUSE(timedelta(0))
EVENING = [
    frame(0, "espn:nba", PREGAME),
    frame(1, "gamma:events", listing_body(gamma_event())),
    control(2, Connected(LINK)),
    market_frame(3, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
    frame(4, "clock", ""),
    frame(5, "espn:nba", scoreboard(espn_event(home=56, away=55))),
    market_frame(6, book_body(HOME, "0.59", "0.62", ms=9), at_s=5.5),
    frame(7, "espn:nba", scoreboard(espn_event(home=75, away=55)), at_s=6),
    frame(8, "polymarket:market:0", "PONG", at_s=6.5),
    market_frame(9, book_body(HOME, "0.80", "0.84", ms=11), book_body(AWAY, "0.16", "0.20")),
    frame(10, "espn:nba", scoreboard(espn_event(home=75, away=55))),
    frame(11, "polymarket:market:0", "garbage"),
    control(12, Disconnected(LINK)),
    frame(13, "clock", ""),
    frame(14, "espn:nba", scoreboard(espn_event(phase="post", home=99, away=80))),
]


Lists = list[tuple[str, list[Any]]]


def wired(source: TestingSource[Frame]) -> tuple[Dataflow, Lists, Lists]:
    """Return the graph over `source`, its rows and its dead letters, a list a game and batch."""
    rows: Lists = []
    letters: Lists = []
    flow = fairline(
        source,
        signals=TestingSink([]),
        archive=TestingSink(rows),
        records=TestingSink(letters),
        board=TestingSink([]),
        heals=TestingSink([]),
        join_rules=JoinRules(),
        signal_rules=SignalRules(),
    )
    return flow, rows, letters


def outcome(batches: list[list[Frame]], workers: int = 1) -> list[Row | LevelBatch | Heal]:
    """Run the frames in the given batches and return all rows."""
    parts: list[Any] = [part for batch in batches for part in (*batch, END_OF_BATCH)]
    source: TestingSource[Frame] = TestingSource(parts, 64)
    flow, rows, letters = wired(source)
    if workers == 1:
        run_main(flow)
    else:
        cluster_main(flow, [], 0, worker_count_per_proc=workers)
    return [row for _, listed in (*rows, *letters) for row in listed]


def test_an_evening_gives_every_kind_of_row() -> None:
    """A small evening opens a signal on the score and closes it when the link is lost."""
    rows = outcome([EVENING])

    assert {type(row) for row in rows} == {
        Tick,
        GameRow,
        SignalRow,
        BookRow,
        SlateRow,
        DeadLetter,
        LevelBatch,
    }
    signals = [row for row in rows if isinstance(row, SignalRow)]
    assert [(row.seq, row.outcome, row.transition, row.reason) for row in signals] == [
        (7, "home", "open", "score"),
        (9, "home", "update", "book"),
        (12, "home", "close", "link_down"),
    ]
    assert [row.reason for row in rows if isinstance(row, DeadLetter)] == ["text_frame"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, len(EVENING)), max_size=6))
def test_cuts_of_the_batches_do_not_matter(cuts: list[int]) -> None:
    """The same frames cut into other batches give the same ticks and signals, in their order."""
    edges = [0, *sorted(cuts), len(EVENING)]
    batches = [EVENING[start:end] for start, end in pairwise(edges)]

    assert outcome(batches) == outcome([EVENING])


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_do_not_matter(workers: int) -> None:
    """More workers give the same rows of the game in the same order."""
    assert outcome([EVENING], workers) == outcome([EVENING])


def test_step_ids_and_partitions_are_a_file_format(tmp_path: Path) -> None:
    """What names state in a recovery store stays as it is, or the store is worthless."""
    flow, _, _ = wired(TestingSource([]))
    steps = [step.step_id for step in flow.substeps]

    assert steps == [
        "fairline.feeds",
        "fairline.route",
        "fairline.games",
        "fairline.infer",
        "fairline.decide",
        "fairline.signal_rows",
        "fairline.heal_rows",
        "fairline.signals",
        "fairline.archive_rows",
        "fairline.archive",
        "fairline.board",
        "fairline.heals",
        "fairline.archive_records",
        "fairline.records",
        "fairline.record_board",
    ]
    archive: ArchiveSink[Row] = ArchiveSink(tmp_path, lambda: "s", 2)
    assert (FEEDS_PARTITION, SIGNALS_PART, VERSION) == ("hub-0", "signals-0", 4)
    assert archive.list_parts() == ["rows-0", "rows-1"]
    assert HealSink(lambda _: None, ["hub-0", "hub-1"]).list_parts() == ["hub-0", "hub-1"]
    assert [hub_of(game_id, 8) for game_id in ("nba:401", "nfl:1")] == [2, 1]
