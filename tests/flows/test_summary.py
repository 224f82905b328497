from __future__ import annotations

import io
import re
import shlex
from pathlib import Path

import pytest
from archived import write_rows
from click.testing import CliRunner
from factories import GAME
from rich.console import Console, RenderableType
from rows import final, game_row, letter, signal, tick

from cli.main import main
from flows.board import Board, BoardItem
from flows.summary import live_table, progress_line, summary
from fusion.frames import Frame

MS = 1_000_000
OTHER = "nba:402"


def shown(renderable: RenderableType, width: int = 120) -> str:
    """Return what a person reads, without the space that only fills lines."""
    console = Console(file=io.StringIO(), record=True, width=width)
    console.print(renderable)
    return "\n".join(line.rstrip() for line in console.export_text().splitlines())


@pytest.fixture
def board() -> Board:
    """Return the board of a small evening: one game over, one in play."""
    board = Board(measure_latency=True, since_ns=0)
    board.count_frames([Frame(n, n, "espn:nba", b"") for n in range(1234)])
    over = final(99, 80)
    playing = game_row(game_id=OTHER, home="Utah Jazz", away="Denver Nuggets", detail="Half [x]")
    rows: list[BoardItem] = [
        (GAME, tick()),
        (GAME, signal(signal_id="a")),
        (GAME, signal("update", signal_id="a")),
        (GAME, signal("close", signal_id="a")),
        (GAME, over),
        (OTHER, playing),
        (OTHER, tick(game_id=OTHER, held=True)),
        (OTHER, tick(game_id=OTHER, outcome="away", edge=None, fair=None, bid=None)),
        (OTHER, signal(signal_id="b", game_id=OTHER)),
        *(("none", letter("html")) for _ in range(2)),
        ("none", letter("text_frame")),
    ]
    board.count(rows, tick().recv_ns + 2 * MS)
    return board


def test_summary_of_a_small_evening(board: Board) -> None:
    """Games with their scores, the figures, the dead letters by reason, the latencies."""
    text = shown(summary(board, Path("data"), "20261118T190501Z", 61.4))
    lines = [re.sub(r" *(?:│| {2})[ │]*", " | ", line.strip()) for line in text.splitlines()]

    assert [line for line in lines if line.startswith("nba")] == [
        "nba | New York Knicks | 80 - 99 | Boston Celtics | Final | 1",
        "nba | Denver Nuggets | 55 - 60 | Utah Jazz | Half [x] | 1",
    ]
    figures = dict(line.split(" | ", 1) for line in lines if " | " in line)
    assert figures["frames"] == "1,234 in 61 s, all in the journal"
    assert figures["ticks"] == "3, of which 1 held for the next poll"
    assert figures["signals"] == "2 opened, 1 updated, 1 closed"
    assert figures["dead letters"] == "3 (2 html, 1 text_frame)"
    assert figures["journal to signal"] == "p50 2.00 ms, p99 2.00 ms over 4"
    assert figures["journal to tick"] == "p50 2.00 ms, p99 2.00 ms over 3"
    assert figures["archive"] == "data/archive (session 20261118T190501Z)"


def test_summary_of_nothing() -> None:
    """A run that ended before anything came says so and fails at nothing."""
    text = shown(summary(Board(measure_latency=True), Path("data"), "s", 0.0))

    assert re.search(r"frames +0 in 0 s", text)
    assert re.search(r"dead letters +0$", text, re.MULTILINE)
    assert len(re.findall("not measured", text)) == 2


@pytest.mark.parametrize("width", [60, 80, 200])
def test_suggested_query_runs_as_it_is_copied(tmp_path: Path, width: int) -> None:
    """What the summary tells to try answers from the archive, at any width of the terminal."""
    data_dir = tmp_path / "a b"
    write_rows(data_dir, [signal(seq=n, edge=edge) for n, edge in enumerate((0.05, 0.06, 0.1))])
    text = shown(summary(Board(measure_latency=True), Path("a b"), "s", 1.0), width)
    command = text[text.index("fairline query") :]
    program, *arguments = shlex.split(re.sub(r"\n +", "\n", command))

    assert program == "fairline"
    arguments[arguments.index("a b")] = str(data_dir)
    answer = CliRunner().invoke(main, [*arguments, "--json"])
    assert answer.output == '[{"league":"nba","opened":3,"edge":0.07}]\n'


def test_progress_line_counts(board: Board) -> None:
    """One line tells how many games there are, how far they are, and what came of them."""
    assert progress_line(board) == (
        "2 games (1 live, 1 over)  1,234 frames  3 ticks  2 signals opened, 1 open  3 dead letters"
    )


def test_live_table_shows_play_first(board: Board) -> None:
    """Games in play stand above those that are over, prices in cents, open signals as dots."""
    text = shown(live_table(board), 140)
    rows = [
        [cell.strip() for cell in line.strip("│ ").split("│")]
        for line in text.splitlines()
        if " @ " in line
    ]

    play = ["Denver Nuggets @ Utah Jazz", "55-60", "Half [x]", "70.0", "59.0", "61.0", "+8.0"]
    over = ["New York Knicks @ Boston Celtics", "80-99", "Final", "70.0", "59.0", "61.0", "+8.0"]
    assert rows == [["nba", *play, "● 1"], ["nba", *over, "1"]]


def test_live_table_waits_for_the_market(board: Board) -> None:
    """A game without a tick yet is counted and not shown; one not begun has no score."""
    board.count([("nba:403", game_row(game_id="nba:403", home="Nobody's"))], 0)
    coming = game_row(game_id="nba:404", state="pre", home="Heat", away="Magic", detail="7 PM")
    board.count([("nba:404", coming), ("nba:404", tick(fair=None, edge=-0.05))], 0)
    text = shown(live_table(board), 140)

    assert "Nobody's" not in text
    (line,) = (line for line in text.splitlines() if "Magic @ Heat" in line)
    assert [cell.strip() for cell in line.strip("│ ").split("│")] == [
        "nba",
        "Magic @ Heat",
        "",
        "7 PM",
        "",
        "59.0",
        "61.0",
        "-5.0",
    ]
