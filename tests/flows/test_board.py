from __future__ import annotations

from typing import Any

import msgspec
from bytewax.dataflow import Dataflow
from bytewax.operators import input as op_input
from bytewax.operators import output as op_output
from bytewax.testing import TestingSource, run_main
from factories import GAME, START_NS, listing
from payloads import control
from rows import final, game_row, letter, signal, tick

from flows.board import Board, BoardItem, BoardSink, GameLine
from fusion.frames import Frame, Gap, NoGames, Suspicious
from fusion.rows import Row, SlateRow
from fusion.slate import Slate
from fusion.slate_rows import slate_rows

MS = 1_000_000


def test_counts_frames() -> None:
    """Frames are counted in all and by where they came from."""
    board = Board(measure_latency=True)
    board.count_frames([Frame(n, n, source, b"") for n, source in enumerate("aba")])
    board.count_frames([])

    assert board.frames == 3


def test_keeps_the_last_word_on_a_game() -> None:
    """A game's line has its latest row, and its latest tick of each outcome."""
    board = Board(measure_latency=False)
    home, away, later = tick(seq=1), tick(seq=2, outcome="away", held=True), tick(seq=3)
    board.count([(GAME, row) for row in (game_row(), home, away, later, final(99, 80))], 0)

    assert board.games == {GAME: GameLine(game=final(99, 80), ticks={"home": later, "away": away})}
    assert (board.ticks, board.held) == (3, 1)


def test_follows_signals_from_opening_to_close() -> None:
    """A line counts what opened and holds what is open; updates change neither."""
    board = Board(measure_latency=False)
    rows: list[Row] = [
        signal(signal_id="a"),
        signal("update", signal_id="a"),
        signal(signal_id="b"),
        signal("close", signal_id="a"),
        signal("close", signal_id="never opened here"),
    ]
    board.count([(GAME, row) for row in rows], 0)

    assert board.signals == {"open": 2, "update": 1, "close": 2}
    assert board.games == {GAME: GameLine(opened=2, open_now={"b"})}


def test_counts_dead_letters_by_reason() -> None:
    """Dead letters belong to no game, so that they give no line."""
    board = Board(measure_latency=True)
    board.count([("none", letter("html")), ("none", letter("html")), ("none", letter())], 0)

    assert (board.dead_letters, board.games) == ({"html": 2, "text_frame": 1}, {})


def test_measures_from_receipt_to_sink() -> None:
    """Latency is counted for rows that a book or a score caused; a clock is no news."""
    board = Board(measure_latency=True, since_ns=0)
    rows: list[Row] = [
        tick(),
        tick(cause="score"),
        tick(cause="clock"),
        tick(cause="link"),
        signal(),
    ]
    board.count([(GAME, row) for row in rows], START_NS + 3 * MS)

    assert list(board.tick_latencies_ns) == [3 * MS, 3 * MS]
    assert list(board.signal_latencies_ns) == [3 * MS]


def test_a_replay_measures_nothing() -> None:
    """Frames of last year are not a year late."""
    board = Board(measure_latency=False)
    board.count([(GAME, tick()), (GAME, signal())], START_NS + 3 * MS)

    assert (len(board.tick_latencies_ns), len(board.signal_latencies_ns)) == (0, 0)


def test_sink_counts_what_the_flow_sends() -> None:
    """In a dataflow every row that reaches the sink is on the board."""
    board = Board(measure_latency=True, since_ns=0)
    items: list[BoardItem] = [(GAME, game_row()), (GAME, tick()), ("none", letter())]
    flow = Dataflow("test")
    op_output("board", op_input("in", flow, TestingSource(items)), BoardSink(board))
    run_main(flow)

    assert board.games == {GAME: GameLine(game=game_row(), ticks={"home": tick()})}
    assert (board.ticks, board.dead_letters) == (1, {"text_frame": 1})
    assert board.tick_latencies_ns[0] != 0


def test_counts_what_was_lost_before_the_journal() -> None:
    """A gap says how many frames never became any."""
    board = Board(measure_latency=True)
    board.count_frames([control(1, Gap("queue full", 12_345)), control(2, Gap("queue full", 5))])

    assert (board.frames, board.dropped) == (2, 12_350)


def slate_row(**changes: Any) -> SlateRow:
    """Return what the slate says of the game, with `changes`."""
    (row, _) = slate_rows(Slate(), Slate((listing(),)), 1, START_NS)
    return msgspec.structs.replace(row, **changes)


def test_follows_what_is_not_matched_now() -> None:
    """A game is refused until its markets are listed, and again when it loses them."""
    board = Board(measure_latency=False)
    refused = slate_row(reason="no_event", event_slug="")
    seen = []
    for row in (refused, slate_row(), slate_row(reason="delisted")):
        board.count([("none", row)], 0)
        seen.append(dict(board.refused))

    assert seen == [{GAME: "no_event"}, {}, {GAME: "delisted"}]


def test_keeps_what_looked_wrong() -> None:
    """What was used and looks wrong, and leagues without games, are told at the end."""
    board = Board(measure_latency=False)
    board.count_frames(
        [
            control(1, Suspicious("espn:nba", "exactly 25 events")),
            control(2, NoGames("nhl", "nothing is listed")),
        ]
    )

    assert board.warnings == {"espn:nba": "exactly 25 events", "nhl": "nothing is listed"}


def test_counts_statuses_that_nobody_knows() -> None:
    """A new status name falls back to the state, and is told so that somebody looks."""
    board = Board(measure_latency=False)
    rows = [game_row(status=status) for status in ("in_progress", "coin_toss", "coin_toss")]
    board.count([(GAME, row) for row in rows], 0)

    assert board.unknown_statuses == {"coin_toss": 2}
