"""The bar of a replay, on a terminal and elsewhere."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from factories import START_NS
from payloads import espn_event, frame, scoreboard
from rich.console import Console

from cli.replay_progress import replay_bar
from connectors.journal.jsonl import write_jsonl
from connectors.journal.writer import JournalWriter
from flows.window import Window

ROOT = Path(__file__).parents[2]
SECOND = 1_000_000_000
FRAMES = [frame(second, "espn:nba", scoreboard(espn_event())) for second in range(11)]
COMMAND = [sys.executable, "-c", "from cli.main import main; main()", "replay"]


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """Write a session of ten seconds."""
    writer = JournalWriter(tmp_path / "session")
    writer.append(FRAMES)
    writer.close()
    return tmp_path / "session"


def shown(frames: Path, window: Window) -> str:
    """Return what a terminal shows when 1,500 frames of the first four seconds have passed."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120, color_system=None)
    with replay_bar(frames, window, console) as passed:
        passed(1000, START_NS + 2 * SECOND)
        passed(500, START_NS + 4 * SECOND)
    return screen.getvalue()


@pytest.mark.parametrize(
    ("window", "share"), [(Window(), " 40%"), (Window(until_ns=START_NS + 8 * SECOND), " 50%")]
)
def test_a_journal_has_an_end(session: Path, window: Window, share: str) -> None:
    """The time of the night, how far that is, and the frames."""
    text = shown(session, window)
    assert "2026-11-18 11:06:44 UTC" in text
    assert "1,500 frames" in text
    assert share in text


def test_lines_have_an_end_only_where_one_is_given(tmp_path: Path) -> None:
    """How many lines there are is not known before they are read."""
    path = tmp_path / "frames.jsonl"
    write_jsonl(FRAMES, path)
    texts = [shown(path, Window(until_ns=end)) for end in (None, START_NS + 8 * SECOND)]
    assert [" 50%" in text for text in texts] == [False, True]


def _read(terminal: int) -> Iterator[bytes]:
    with suppress(OSError):  # A terminal nobody writes to any more is an error, not an end.
        while data := os.read(terminal, 65536):
            yield data


@pytest.mark.parametrize(("arguments", "is_shown"), [([], True), (["--json"], False)])
def test_a_terminal_shows_the_bar(
    session: Path, tmp_path: Path, arguments: list[str], is_shown: bool
) -> None:
    """On a terminal the bar runs, and takes no part of the output; with `--json` there is none."""
    ours, theirs = pty.openpty()
    command = [*COMMAND, str(session), "--out", str(tmp_path / "out"), "--speed", "20", *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        os.close(theirs)
        text = b"".join(_read(ours)).decode()
        output = process.stdout.read().decode() if process.stdout else ""
    os.close(ours)

    assert process.returncode == 0
    assert bool(re.search(r"2026-11-18 11:06:4\d UTC", text)) == is_shown
    assert ("frames" in text, text == "") == (is_shown, not is_shown)
    assert "UTC" not in output


def test_nothing_is_shown_where_nobody_looks(session: Path, tmp_path: Path) -> None:
    """Where the errors go to a file, they are errors only."""
    command = [*COMMAND, str(session), "--out", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == ""
