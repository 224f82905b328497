from __future__ import annotations

import json
from pathlib import Path

import pytest
from factories import AWAY, HOME
from payloads import (
    book_body,
    espn_event,
    frame,
    gamma_event,
    listing_body,
    market_frame,
    scoreboard,
)

from connectors.archive.connect import ask, connect
from connectors.journal.jsonl import write_jsonl
from connectors.journal.writer import JournalWriter
from flows.replay import Replayed, replay
from flows.settings import Settings
from fusion.errors import ArchiveError, JournalError

EVENING = [
    frame(0, "espn:nba", scoreboard(espn_event(phase="pre", home=0, away=0, period=0, clock=0))),
    frame(1, "gamma:events", listing_body(gamma_event())),
    market_frame(2, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
    frame(3, "espn:nba", scoreboard(espn_event(home=75, away=55))),
    frame(4, "polymarket:market:0", "garbage"),
]


def counted(replayed: Replayed) -> tuple[int, int, int, int, int]:
    """Return what a replay counted, but for its speed."""
    assert replayed.frames_per_s > 0
    return (
        replayed.frames,
        replayed.games,
        replayed.ticks,
        replayed.signals,
        replayed.dead_letters,
    )


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    """Write a small evening as JSON lines."""
    path = tmp_path / "evening.jsonl"
    write_jsonl(EVENING, path)
    return path


def rows(data_dir: Path, table: str) -> list[dict[str, object]]:
    """Return the rows of a table in order of their frames."""
    with connect(data_dir) as connection:
        found: list[dict[str, object]] = ask(connection, f"FROM {table} ORDER BY ALL").to_pylist()
    return found


def test_replay_counts_what_it_made(frames: Path, tmp_path: Path) -> None:
    """Listing, first snapshot and score give two ticks each, the mirrored snapshot one more."""
    replayed = replay(frames, Settings(data_dir=tmp_path / "out"))

    assert counted(replayed) == (5, 1, 7, 1, 1)
    assert len(rows(tmp_path / "out", "ticks")) == 7
    assert len(rows(tmp_path / "out", "games")) == 2
    assert [row["reason"] for row in rows(tmp_path / "out", "dead_letters")] == ["text_frame"]
    (line,) = (tmp_path / "out" / "signals" / "replay.jsonl").read_text().splitlines()
    assert (json.loads(line)["token_id"], json.loads(line)["transition"]) == (HOME, "open")


def test_journal_and_json_lines_replay_alike(frames: Path, tmp_path: Path) -> None:
    """The same frames give the same rows whatever file they come from."""
    journal = JournalWriter(tmp_path / "session")
    journal.append(EVENING)
    journal.close()
    replay(frames, Settings(data_dir=tmp_path / "a"))
    replay(tmp_path / "session", Settings(data_dir=tmp_path / "b"))

    for table in ("ticks", "games", "signals", "dead_letters"):
        assert rows(tmp_path / "a", table) == rows(tmp_path / "b", table)


def test_replay_replaces_an_earlier_one(frames: Path, tmp_path: Path) -> None:
    """Replaying into the same directory twice leaves the rows of one replay."""
    out = Settings(data_dir=tmp_path / "out")
    first, second = replay(frames, out), replay(frames, out)

    assert counted(first) == counted(second)
    assert len(rows(tmp_path / "out", "ticks")) == 7


def test_replay_never_mixes_with_a_run(frames: Path, tmp_path: Path) -> None:
    """A directory that holds something else is refused, and nothing of it is touched."""
    kept = tmp_path / "out" / "journal" / "20261120T190501Z" / "00000001.fjl"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"frames")

    with pytest.raises(ArchiveError, match="is not empty and holds no earlier replay"):
        replay(frames, Settings(data_dir=tmp_path / "out"))
    assert kept.read_bytes() == b"frames"


def test_missing_frames_leave_no_directory(tmp_path: Path) -> None:
    """A path without frames is refused before anything is made."""
    with pytest.raises(JournalError, match="does not exist"):
        replay(tmp_path / "nothing.jsonl", Settings(data_dir=tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_game_without_a_market_gives_its_rows(tmp_path: Path) -> None:
    """A scoreboard alone gives `games` rows and no ticks."""
    path = tmp_path / "scores.jsonl.gz"
    write_jsonl([frame(0, "espn:nba", scoreboard(espn_event()))], path)
    replayed = replay(path, Settings(data_dir=tmp_path / "out"))

    assert counted(replayed) == (1, 1, 0, 0, 0)
    assert [row["home_score"] for row in rows(tmp_path / "out", "games")] == [60]
