from __future__ import annotations

import io
import re
import time
from collections.abc import Callable

import pytest
from factories import GAME
from rich.console import Console
from rows import game_row, tick

from flows import progress
from flows.board import Board
from flows.progress import Progress


@pytest.fixture
def board() -> Board:
    """Return a board with one game in play."""
    board = Board(measure_latency=False)
    board.count([(GAME, game_row()), (GAME, tick())], 0)
    return board


class Screen:
    """A terminal, or none, whose text a test reads."""

    def __init__(self, terminal: bool) -> None:
        self.file = io.StringIO()
        self.console = Console(file=self.file, force_terminal=terminal, width=120, height=40)

    def waits_for(self, seen: Callable[[str], object]) -> str:
        """Return the text once it is as wanted; fail after some seconds."""
        deadline = time.monotonic() + 10
        while not seen(self.file.getvalue()):
            assert time.monotonic() < deadline, self.file.getvalue()
            time.sleep(0.01)
        return self.file.getvalue()


def test_lines_where_there_is_no_terminal(board: Board) -> None:
    """A line every so often, with the seconds since the start, and none after the stop."""
    screen = Screen(terminal=False)
    shown = Progress(board, screen.console, "auto", 0.02)
    shown.start()
    screen.waits_for(lambda text: text.count("\n") >= 3)
    shown.stop()
    text = screen.file.getvalue()
    time.sleep(0.1)

    assert screen.file.getvalue() == text
    assert set(text.splitlines()) == {
        (
            "    0 s  1 games (1 live, 0 over)  0 frames  1 ticks  0 signals opened, 0 open"
            "  0 dead letters"
        )
    }


def test_table_on_a_terminal(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    """The live table is redrawn in place, and gone when the run stops."""
    monkeypatch.setattr(progress, "TABLE_EVERY_S", 0.02)
    screen = Screen(terminal=True)
    shown = Progress(board, screen.console, "auto", 0.01)
    shown.start()
    text = screen.waits_for(lambda text: text.count("New York Knicks @ Boston Celtics") >= 2)
    shown.stop()

    assert re.search(r"\x1b\[\d*A", text)
    assert screen.file.getvalue().endswith("\x1b[2K")


@pytest.mark.parametrize(("mode", "terminal"), [("lines", True), ("table", False)])
def test_mode_can_be_chosen(board: Board, mode: str, terminal: bool) -> None:
    """What is configured goes before what is found."""
    screen = Screen(terminal)
    shown = Progress(board, screen.console, mode, 0.01)  # type: ignore[arg-type]
    shown.start()
    if mode == "lines":
        screen.waits_for(lambda text: text.count("\n") >= 2)
    shown.stop()

    assert "Knicks" not in screen.file.getvalue()


def test_nothing_where_nothing_is_wanted(board: Board) -> None:
    """`none` says nothing."""
    screen = Screen(terminal=True)
    shown = Progress(board, screen.console, "none", 0.001)
    shown.start()
    time.sleep(0.05)
    shown.stop()

    assert screen.file.getvalue() == ""


def test_stop_without_start_is_nothing(board: Board) -> None:
    """A run that failed before it began can be closed, twice if need be."""
    shown = Progress(board, Screen(terminal=False).console, "auto", 1)
    shown.stop()
    shown.stop()
