"""The dataflow, defined once: live and replay differ only in the source they give it.

    feeds ──> route ──> games ──> infer ──> decide ──┬─> signals
                │                                    ├─> archive
                └─> records                          ├─> board
                                                     └─> heals

Step ids and the sinks' partition keys are a file format of the recovery store: see
`tests/flows/test_graph.py` before changing one.
"""

from __future__ import annotations

from typing import TypeGuard, cast

import bytewax.operators as op
from bytewax.dataflow import Dataflow
from bytewax.inputs import FixedPartitionedSource
from bytewax.operators import KeyedStream
from bytewax.outputs import Sink

from flows.board import BoardItem
from flows.infer import Pricer
from flows.route import DOUBT_S, Record, Routed, Router
from flows.routed import RoutedSource, S
from flows.sinks import by_key
from flows.steps import DecideLogic, GameItem, GamesLogic, RowItem
from flows.window import Keep
from fusion.endings import ENDED_S
from fusion.events import Event
from fusion.frames import Frame
from fusion.healing import Heal
from fusion.join import JoinRules
from fusion.overrides import Overrides
from fusion.rows import DeadLetter, SignalRow, SlateRow
from fusion.signals import SignalRules
from models.registry import BUILT_IN, Registry


def fairline(
    source: FixedPartitionedSource[Frame, S],
    *,
    signals: Sink[tuple[str, SignalRow]],
    archive: Sink[tuple[str, list[GameItem]]],
    records: Sink[tuple[str, list[Record]]],
    board: Sink[BoardItem],
    heals: Sink[tuple[str, Heal]],
    join_rules: JoinRules,
    signal_rules: SignalRules,
    doubt_s: float = DOUBT_S,
    overrides: Overrides | None = None,
    ended_s: float = ENDED_S,
    registry: Registry = BUILT_IN,
    keep: Keep | None = None,
) -> Dataflow:
    """Return the graph over `source`; of the rows, only those that `keep` tells reach a sink."""
    flow = Dataflow("fairline")
    routed = RoutedSource(source, lambda share: Router(doubt_s, overrides, ended_s, share))
    events = op.input("feeds", flow, routed)
    # e.g. nba:401810686, Scored: 55-52 in the second quarter; none, DeadLetter: not_json
    placed = op.branch("route", events, _is_event)
    # e.g. nba:401810686, Scored: 55-52 in the second quarter
    quotes = op.stateful_batch("games", placed.trues, GamesLogic.builder(join_rules))
    # e.g. nba:401810686, Quote of home: bid 0.43, ask 0.44, score 2.1 s old
    priced = op.flat_map_batch("infer", quotes, Pricer(registry))
    # e.g. nba:401810686, Priced: that quote, fair 0.52
    rows = op.stateful_batch("decide", priced, DecideLogic.builder(signal_rules))
    # e.g. nba:401810686, Tick: edge 0.07; nba:401810686, SignalRow: open
    beside = cast("KeyedStream[Record]", placed.falses)
    if keep is not None:
        rows = op.filter("keep", rows, lambda row: keep(*row))
        beside = op.filter("keep_records", beside, lambda record: keep(*record))
    transitions: KeyedStream[SignalRow] = op.flat_map_batch("signal_rows", rows, _transitions)
    wishes: KeyedStream[Heal] = op.flat_map_batch("heal_rows", rows, _wishes)
    op.output("signals", transitions, signals)
    op.output("archive", op.flat_map_batch("archive_rows", rows, by_key), archive)
    op.output("board", rows, board)
    op.output("heals", wishes, heals)
    # e.g. none, SlateRow: nba:401810686, home is token 7146...; none, DeadLetter: not_json
    op.output("records", op.flat_map_batch("archive_records", beside, by_key), records)
    op.output("record_board", beside, board)
    return flow


def _transitions(rows: list[RowItem]) -> list[tuple[str, SignalRow]]:
    return [(game_id, row) for game_id, row in rows if isinstance(row, SignalRow)]


def _wishes(rows: list[RowItem]) -> list[tuple[str, Heal]]:
    return [(game_id, row) for game_id, row in rows if isinstance(row, Heal)]


def _is_event(routed: Routed) -> TypeGuard[tuple[str, Event]]:
    return not isinstance(routed[1], DeadLetter | SlateRow)
