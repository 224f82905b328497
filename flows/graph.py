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
from bytewax.inputs import Source
from bytewax.operators import KeyedStream
from bytewax.outputs import Sink

from flows.infer import Pricer
from flows.route import DOUBT_S, Record, Routed, Router
from flows.steps import DecideLogic, GamesLogic, RowItem
from fusion.events import Event
from fusion.frames import Frame
from fusion.healing import Heal
from fusion.join import JoinRules
from fusion.overrides import Overrides
from fusion.rows import DeadLetter, Row, SlateRow
from fusion.signals import SignalRules
from models.registry import BUILT_IN, Registry


def fairline(
    source: Source[Frame],
    *,
    signals: Sink[RowItem],
    archive: Sink[RowItem],
    records: Sink[tuple[str, Record]],
    board: Sink[tuple[str, Row | Heal]],
    heals: Sink[RowItem],
    join_rules: JoinRules,
    signal_rules: SignalRules,
    doubt_s: float = DOUBT_S,
    overrides: Overrides | None = None,
    registry: Registry = BUILT_IN,
) -> Dataflow:
    """Return the graph over `source`."""
    flow = Dataflow("fairline")
    frames = op.input("feeds", flow, source)
    # e.g. frame 7 of espn:nba, a scoreboard as it came
    routed = op.branch(
        "route_ok", op.flat_map_batch("route", frames, Router(doubt_s, overrides)), _is_event
    )
    # e.g. nba:401810686, Scored: 55-52 in the second quarter
    quotes = op.stateful_batch("games", routed.trues, GamesLogic.builder(join_rules))
    # e.g. nba:401810686, Quote of home: bid 0.43, ask 0.44, score 2.1 s old
    priced = op.flat_map_batch("infer", quotes, Pricer(registry))
    # e.g. nba:401810686, Priced: that quote, fair 0.52
    rows = op.stateful_batch("decide", priced, DecideLogic.builder(signal_rules))
    # e.g. nba:401810686, Tick: edge 0.07; nba:401810686, SignalRow: open
    op.output("signals", rows, signals)
    op.output("archive", rows, archive)
    op.output("board", rows, board)
    op.output("heals", rows, heals)
    beside = cast("KeyedStream[Record]", routed.falses)
    # e.g. none, SlateRow: nba:401810686, home is token 7146...; none, DeadLetter: not_json
    op.output("records", beside, records)
    op.output("record_board", beside, board)
    return flow


def _is_event(routed: Routed) -> TypeGuard[tuple[str, Event]]:
    return not isinstance(routed[1], DeadLetter | SlateRow)
