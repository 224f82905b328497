from __future__ import annotations

from typing import get_args

import pytest
from rows import GAME_ROW, LETTER, SIGNAL, TICK

from connectors.archive.schema import TABLE_OF
from fusion.rows import Row, Tick

PROMISED = [
    "seq",
    "recv_ns",
    "venue_ms",
    "league",
    "game_id",
    "market_id",
    "token_id",
    "outcome",
    "cause",
    "bid",
    "ask",
    "bid_size",
    "ask_size",
    "home_score",
    "away_score",
    "period",
    "clock_s",
    "state",
    "fair",
    "edge",
    "score_age_s",
    "book_age_s",
    "link",
    "model",
]


def test_tick_has_every_column_that_is_promised() -> None:
    """Questions that people wrote down go on to be answered: columns are added, never taken."""
    assert set(PROMISED) <= set(Tick.__struct_fields__)


def test_every_row_has_a_table() -> None:
    """Whatever the flow makes can be archived."""
    assert {row.__name__: TABLE_OF[row].name for row in get_args(Row)} == {
        "Tick": "ticks",
        "GameRow": "games",
        "SignalRow": "signals",
        "BookRow": "books",
        "SlateRow": "slates",
        "DeadLetter": "dead_letters",
    }


@pytest.mark.parametrize("row", [TICK, GAME_ROW, SIGNAL, LETTER])
def test_row_can_be_traced_and_placed(row: Row) -> None:
    """Each row names its frame, its time, its day and its league, and cannot be changed."""
    assert {"seq", "recv_ns", "date", "league"} <= set(row.__struct_fields__)
    with pytest.raises(AttributeError, match="immutable"):
        row.seq = 0  # type: ignore[misc]
