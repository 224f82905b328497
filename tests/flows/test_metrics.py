from __future__ import annotations

import pytest
from factories import GAME
from payloads import control, frame
from prometheus_client import REGISTRY
from rows import letter, signal, tick

from flows.board import Board
from fusion.frames import BudgetChanged
from fusion.healing import Heal


def value(name: str, **labels: str) -> float:
    """Return a sample of the default registry, 0 where it was never touched."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("fairline_frames_total", {"source": "espn:nba"}),
        ("fairline_ticks_total", {"cause": "book"}),
        ("fairline_signals_total", {"transition": "open"}),
        ("fairline_dead_letters_total", {"reason": "html"}),
        ("fairline_heals_total", {"remedy": "check"}),
        ("fairline_signal_seconds_count", {}),
        ("fairline_budget_changes_total", {"upstream": "espn:scoreboard", "state": "warning"}),
    ],
)
def test_board_counts_for_prometheus(name: str, labels: dict[str, str]) -> None:
    """What the board counts shows in the default registry."""
    before = value(name, **labels)
    board = Board(measure_latency=True, since_ns=0)
    strained = BudgetChanged("espn:scoreboard", "warning", 80, 100)
    board.count_frames([frame(1, "espn:nba", "{}"), control(2, strained)])
    heal = Heal(1, 1, GAME, "check", ("7",), "quiet")
    board.count([(GAME, row) for row in (tick(), signal(), letter("html"), heal)], 5)

    assert value(name, **labels) == before + 1
