"""`fairline replay` as it is typed."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from factories import AWAY, HOME, LINK
from payloads import (
    book_body,
    control,
    espn_event,
    frame,
    gamma_event,
    listing_body,
    market_frame,
    scoreboard,
)

from cli.main import main
from connectors.journal.jsonl import write_jsonl
from connectors.journal.writer import JournalWriter
from fusion.frames import Connected, Disconnected

PREGAME = scoreboard(espn_event(phase="pre", home=0, away=0, period=0, clock=0))
FRAMES = [
    frame(0, "espn:nba", PREGAME),
    frame(1, "gamma:events", listing_body(gamma_event())),
    control(2, Connected(LINK)),
    market_frame(3, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
    frame(4, "espn:nba", scoreboard(espn_event(home=75, away=55))),
    frame(5, "polymarket:market:0", "garbage"),
    control(6, Disconnected(LINK)),
]
COUNTS = {"frames": 7, "games": 1, "signals": 1, "dead_letters": 1}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a file of frames."""
    monkeypatch.chdir(tmp_path)
    write_jsonl(FRAMES, tmp_path / "frames.jsonl")
    return tmp_path


def fairline(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, arguments, env={"COLUMNS": "200"})


def replayed(*arguments: str) -> dict[str, float]:
    """Return the counts of a replay, from its last line."""
    result = fairline("replay", *arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    counts: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return counts


def asked(sql: str) -> list[dict[str, object]]:
    """Return what the replay's archive answers."""
    rows: list[dict[str, object]] = json.loads(
        fairline("query", sql, "--archive", "out", "--json").output
    )
    return rows


def test_last_line_is_the_counts() -> None:
    """The object has the promised keys, in their order, and counts what the archive holds."""
    counts = replayed("frames.jsonl", "--out", "out")

    assert list(counts) == ["frames", "games", "ticks", "signals", "dead_letters", "frames_per_s"]
    assert {key: counts[key] for key in COUNTS} == COUNTS
    assert counts["frames_per_s"] > 0
    assert asked("SELECT count(*) AS n FROM ticks") == [{"n": counts["ticks"]}]
    assert asked("SELECT transition, reason FROM signals ORDER BY seq") == [
        {"transition": "open", "reason": "score"},
        {"transition": "close", "reason": "link_down"},
    ]
    assert asked("SELECT reason, source FROM dead_letters") == [
        {"reason": "text_frame", "source": LINK}
    ]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_every_form_of_frames_gives_the_same(home: Path, workers: str) -> None:
    """A gzipped file, a session and a data directory replay alike, on any number of workers."""
    write_jsonl(FRAMES, home / "frames.jsonl.gz")
    writer = JournalWriter(home / "data" / "journal" / "20261118T190501Z")
    writer.append(FRAMES)
    writer.close()
    rows = set()
    for path in ("frames.jsonl", "frames.jsonl.gz", "data", "data/journal/20261118T190501Z"):
        replayed(path, "--out", "out", "--workers", workers)
        rows.add((home / "out" / "signals" / "replay.jsonl").read_bytes())

    assert len(rows) == 1


def test_a_game_without_a_market_gives_its_rows(home: Path) -> None:
    """A scoreboard alone is enough for the `games` table."""
    write_jsonl([FRAMES[0], FRAMES[4]], home / "frames.jsonl")
    counts = replayed("frames.jsonl", "--out", "out")

    assert (counts["games"], counts["ticks"], counts["signals"]) == (1, 0, 0)
    assert asked("SELECT state, home_score, away_score FROM games ORDER BY seq") == [
        {"state": "pre", "home_score": 0, "away_score": 0},
        {"state": "in", "home_score": 75, "away_score": 55},
    ]


def test_an_earlier_replay_is_replaced(home: Path) -> None:
    """The same directory twice holds the rows of the last replay, once."""
    first = replayed("frames.jsonl", "--out", "out")
    second = replayed("frames.jsonl", "--out", "out")
    write_jsonl(FRAMES[:1], home / "frames.jsonl")
    third = replayed("frames.jsonl", "--out", "out")

    assert first["ticks"] == second["ticks"] != third["ticks"] == 0
    assert asked("SELECT count(*) AS n FROM games") == [{"n": 1}]
    assert not (home / "out" / "signals" / "replay.jsonl").exists()


def test_another_directory_is_not_touched(home: Path) -> None:
    """A directory that holds something else is refused, and stays as it is."""
    (home / "out").mkdir()
    (home / "out" / "thesis.txt").write_text("years of work")
    result = fairline("replay", "frames.jsonl", "--out", "out")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: out is not empty and holds no earlier replay; name a new directory\n"
    )
    assert [path.name for path in (home / "out").iterdir()] == ["thesis.txt"]


def test_a_run_is_not_replayed_into_itself(home: Path) -> None:
    """The data directory of a run is no place for its replay."""
    writer = JournalWriter(home / "data" / "journal" / "s")
    writer.append(FRAMES)
    writer.close()
    result = fairline("replay", "data", "--out", "data")

    assert result.exit_code == 1
    assert "holds no earlier replay" in result.stderr


def test_a_damaged_line_is_told_with_its_number(home: Path) -> None:
    """What breaks in the middle of the frames is a sentence too, not the engine's traceback."""
    with (home / "frames.jsonl").open("a") as file:
        file.write("{}\n")
    result = fairline("replay", "frames.jsonl", "--out", "out")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: frames.jsonl, line 8, is no frame: ")


def test_a_place_that_cannot_be_made_is_told(home: Path) -> None:
    """A file on the way to the directory is named."""
    result = fairline("replay", "frames.jsonl", "--out", "frames.jsonl/out")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: cannot make frames.jsonl/out: Not a directory; ")


def test_no_frames_at_all(home: Path) -> None:
    """An empty file is a replay of nothing, whose archive answers."""
    (home / "frames.jsonl").write_text("")
    counts = replayed("frames.jsonl", "--out", "out")

    assert {key: counts[key] for key in COUNTS} == dict.fromkeys(COUNTS, 0)
    assert asked("SELECT count(*) AS n FROM ticks") == [{"n": 0}]


def test_table_for_people() -> None:
    """Without `--json` the counts are a table, and the next command stands below it."""
    result = fairline("replay", "frames.jsonl", "--out", "out")
    lines = [line.split() for line in result.stdout.splitlines()]

    assert result.exit_code == 0
    assert lines[0] == ["frames", "7"]
    assert result.stdout.endswith("look at it: fairline query --archive out 'FROM signals'\n")


def test_a_window_is_typed_as_times_of_the_night() -> None:
    """The night began at 11:06:40Z: `HH:MM` and ISO 8601 name the same frames of it."""
    whole = replayed("frames.jsonl", "--out", "out")
    clock = replayed("frames.jsonl", "--out", "out", "--from", "11:06:44", "--until", "11:06:46")
    rows = asked("SELECT DISTINCT seq FROM (SELECT seq FROM ticks UNION ALL SELECT seq FROM games)")
    iso = replayed(
        "frames.jsonl",
        "--out=out",
        "--from=2026-11-18T06:06:44-05:00",
        "--until=2026-11-18T11:06:46",
    )

    assert {key: clock[key] for key in COUNTS} == COUNTS | {"frames": 6}
    assert {**iso, "frames_per_s": 0} == {**clock, "frames_per_s": 0}
    assert rows == [{"seq": 4}]
    assert 0 < clock["ticks"] < whole["ticks"]


def test_games_are_chosen() -> None:
    """A game, its league, and another game."""
    ticks = {
        game: replayed("frames.jsonl", "--out", "out", "--game", game)["ticks"]
        for game in ("nba:401", "nba:", "nba:402")
    }
    whole = replayed("frames.jsonl", "--out", "out", "--game", "nhl:", "--game", "nba:401")

    assert ticks == {"nba:401": whole["ticks"], "nba:": whole["ticks"], "nba:402": 0}
    assert whole["ticks"] > 0


def test_speed_is_that_of_the_night() -> None:
    """Six seconds at twenty times their speed take three tenths; the result is the same."""
    fast = replayed("frames.jsonl", "--out", "out", "--as-fast-as-possible")
    began = time.monotonic()
    paced = replayed("frames.jsonl", "--out", "out", "--speed", "20")

    assert time.monotonic() - began >= 0.3
    assert {**paced, "frames_per_s": 0} == {**fast, "frames_per_s": 0}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--speed", "0"], "0.0 is not in the range x>0."),
        (["--speed", "2", "--as-fast-as-possible"], "exclude each other; give one of them"),
        (["--from", "soon"], "for --from: a time is ISO 8601, or HH:MM in UTC, was 'soon'"),
        (
            ["--from", "20:30", "--until", "20:30"],
            "--until: must be behind --from 20:30, was 20:30",
        ),
        (["--game", "401"], "for --game: a game is `<league>:<ESPN event>`, a league `<league>:`"),
        (["--game", "nbb:401"], "was 'nbb:401' ("),
    ],
)
def test_what_cannot_be_meant_is_told(home: Path, arguments: list[str], told: str) -> None:
    """A wrong option is a sentence, and nothing is played or made."""
    result = fairline("replay", "frames.jsonl", "--out", "out", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert not (home / "out").exists()


def test_lines_out_of_order_are_told(home: Path) -> None:
    """Frames are never put in order for the user: that would hide what is wrong with them."""
    write_jsonl([FRAMES[1], FRAMES[0]], home / "frames.jsonl")
    result = fairline("replay", "frames.jsonl", "--out", "out")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: frames.jsonl, line 2, has recv_ns ")
