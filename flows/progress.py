"""What a person sees while the flow runs: a live table on a terminal, lines elsewhere."""

from __future__ import annotations

import threading
import time
from typing import Literal

from rich.console import Console
from rich.live import Live

from flows.board import Board
from flows.summary import live_table, progress_line

TABLE_EVERY_S = 0.5


class Progress:
    """Shows a board from a thread of its own until stopped."""

    def __init__(
        self,
        board: Board,
        console: Console,
        mode: Literal["auto", "table", "lines", "none"],
        every_s: float,
    ) -> None:
        self._board = board
        self._console = console
        self._mode = ("table" if console.is_terminal else "lines") if mode == "auto" else mode
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)

    def start(self) -> None:
        """Start showing."""
        self._thread.start()

    def stop(self) -> None:
        """Stop showing, and give the terminal back."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        if self._mode == "table":
            self._show_table()
        elif self._mode == "lines":
            self._show_lines()

    def _show_table(self) -> None:
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            while not self._stopping.wait(TABLE_EVERY_S):
                live.update(live_table(self._board), refresh=True)

    def _show_lines(self) -> None:
        started = time.monotonic()
        while not self._stopping.wait(self._every_s):
            elapsed = time.monotonic() - started
            self._console.print(f"{elapsed:5.0f} s  {progress_line(self._board)}", soft_wrap=True)
