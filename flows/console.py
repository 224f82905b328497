"""The screen of a run: progress while it lasts, the summary when it is over."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console

from flows.progress import Progress
from flows.run import LiveRun
from flows.summary import summary

LINE_WIDTH = 100
"""Of what is written where there is no terminal, so that no name of a team is broken."""

SVG_FORMAT = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px;
  line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-family: sans-serif; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""
"""A picture with the fonts of whoever looks at it, where rich's own would fetch one."""


class Screen:
    """What a person sees of a live run."""

    def __init__(self, run: LiveRun) -> None:
        self._run = run
        display = run.settings.display
        self._picture: Path | None = display.picture
        self._console = Console(record=self._picture is not None)
        if not self._console.is_terminal:
            self._console.width = LINE_WIDTH
        self._progress = Progress(run.board, self._console, display.progress, display.every_s)
        self._started = time.monotonic()

    def open(self) -> None:
        """Say what is being run and start to show how it goes."""
        settings = self._run.settings
        told = f"Fairline: venue {settings.venue}, data in {settings.data_dir}"
        self._console.print(told, markup=False, soft_wrap=True)
        self._progress.start()

    def close(self, *, crashed: bool = False) -> None:
        """Finish the run unless it crashed, show the summary, save it where a picture is wanted."""
        self._progress.stop()
        run = self._run
        if crashed and not run.session.is_begun:
            return  # It was refused: there is nothing to sum up, and no session to be made for it.
        if not crashed:
            run.finish()
        if run.hubs.failed():
            self._console.print(f"fairline: {run.hubs.failure()}", markup=False, soft_wrap=True)
        seconds = time.monotonic() - self._started
        if self._picture is not None:
            self._console.export_text(clear=True)
        run.board.truth = run.hubs.truth
        self._console.print(summary(run.board, run.settings.data_dir, run.session.name, seconds))
        if self._picture is not None:
            self._console.save_svg(
                str(self._picture), title="./scripts/run", code_format=SVG_FORMAT
            )
