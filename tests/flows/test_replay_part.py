"""Replays of a part of a night: from a moment on, up to one, of some games, and of several hubs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from factories import AWAY, GAME, HOME, LINK, MARKET, START_NS
from payloads import (
    EVENT_ID,
    book_body,
    control,
    espn_event,
    frame,
    gamma_event,
    listing_body,
    market_frame,
    scoreboard,
)

from connectors.archive.connect import ask, connect
from connectors.journal.jsonl import write_jsonl
from connectors.journal.sessions import hub_folder
from connectors.journal.writer import JournalWriter, journal_directory
from flows.rebuild import rebuild
from flows.replay import Manner, Replayed, replay
from flows.run import signals_file
from flows.settings import Settings
from flows.window import Window
from fusion.frames import Connected, Disconnected, Frame

OTHER = "nba:404"
SESSION = "20261118T190000Z"
NAMES = {
    f'"{EVENT_ID}"': '"404"',
    MARKET: "0xother",
    f'"{HOME}"': '"2001"',
    f'"{AWAY}"': '"2002"',
    f'\\"{HOME}\\"': '\\"2001\\"',
    f'\\"{AWAY}\\"': '\\"2002\\"',
    "New York": "Chicago",
    "Knicks": "Bulls",
    "nyk": "chi",
    '"NY"': '"CHI"',
    "Boston": "Miami",
    "Celtics": "Heat",
    "-bos-": "-mia-",
    '"bos"': '"mia"',
    "BOS": "MIA",
    '"id": "9"': '"id": "10"',
}
TABLES = ("ticks", "games", "signals", "slates", "dead_letters")


def other(body: dict[str, Any]) -> dict[str, Any]:
    """Return a payload of the one game as that of another: the Bulls at the Heat."""
    text = json.dumps(body)
    for ours, theirs in NAMES.items():
        text = text.replace(ours, theirs)
    renamed: dict[str, Any] = json.loads(text)
    return renamed


def both(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a payload of each game."""
    return body, other(body)


NIGHT = [
    frame(0, "espn:nba", scoreboard(*both(espn_event(phase="pre", home=0, period=0, clock=0)))),
    frame(1, "gamma:events", listing_body(*both(gamma_event()))),
    control(2, Connected(LINK)),
    market_frame(3, *both(book_body(HOME)), *both(book_body(AWAY, "0.39", "0.41"))),
    frame(4, "espn:nba", scoreboard(*both(espn_event(home=75, away=55)))),
    frame(5, "polymarket:market:0", "garbage"),
    market_frame(6, *both(book_body(HOME, "0.57", "0.58", ms=9))),
    frame(7, "espn:nba", b"<html>"),
    frame(8, "espn:nba", scoreboard(*both(espn_event(home=77, away=55)))),
    control(9, Disconnected(LINK)),
]


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    """Write a night of two games as JSON lines."""
    path = tmp_path / "night.jsonl"
    write_jsonl(NIGHT, path)
    return path


def rows(data_dir: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of every table."""
    with connect(data_dir) as connection:
        return {name: ask(connection, f"FROM {name} ORDER BY ALL").to_pylist() for name in TABLES}


def signals(data_dir: Path) -> list[bytes]:
    """Return the lines of the signals, game by game."""
    path = signals_file(data_dir, "replay")
    lines = path.read_bytes().splitlines() if path.exists() else []
    return sorted(lines, key=lambda line: json.loads(line)["game_id"])


def played(
    frames: Path, out: Path, **window: Any
) -> tuple[Replayed, dict[str, list[dict[str, Any]]], list[bytes]]:
    """Return what a replay of a window counted, its rows and its signals."""
    manner = Manner(window=Window(**window))
    counts = replay(frames, Settings(data_dir=out), manner)
    return counts, rows(out), signals(out)


def test_a_window_gives_the_rows_of_the_whole(frames: Path, tmp_path: Path) -> None:
    """From the sixth second on, every row is that of the whole night, books and scores too."""
    _, whole, lines = played(frames, tmp_path / "whole")
    from_ns = START_NS + 6 * 10**9
    counts, part, part_lines = played(frames, tmp_path / "part", from_ns=from_ns)

    assert part == {
        table: [row for row in found if row["recv_ns"] >= from_ns] for table, found in whole.items()
    }
    assert part_lines == [line for line in lines if json.loads(line)["recv_ns"] >= from_ns]
    assert 0 < len(part["ticks"]) < len(whole["ticks"])
    assert 0 < len(part["signals"]) < len(whole["signals"])
    assert (counts.frames, counts.ticks, counts.dead_letters) == (10, len(part["ticks"]), 1)


def test_what_comes_after_the_end_is_not_read(frames: Path, tmp_path: Path) -> None:
    """The frame of the end itself is not read either; what is before is as in the whole."""
    _, whole, _ = played(frames, tmp_path / "whole")
    until_ns = START_NS + 4 * 10**9
    counts, part, lines = played(frames, tmp_path / "part", until_ns=until_ns)

    assert part == {
        table: [row for row in found if row["recv_ns"] < until_ns] for table, found in whole.items()
    }
    assert (counts.frames, lines) == (4, [])
    assert part["ticks"]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_game_gives_the_rows_of_the_whole(frames: Path, tmp_path: Path, workers: int) -> None:
    """One game of two: its rows and signals to the byte, and nothing of the other's."""
    _, whole, lines = played(frames, tmp_path / "whole")
    window = Window(games=frozenset({OTHER}))
    out = Settings(data_dir=tmp_path / "part")
    counts = replay(frames, out, Manner(window=window, workers=workers))

    assert rows(out.data_dir) == {
        table: [row for row in found if row.get("game_id") == OTHER]
        for table, found in whole.items()
    }
    assert signals(out.data_dir) == [line for line in lines if OTHER.encode() in line]
    assert (counts.games, counts.dead_letters) == (1, 0)
    assert {row["game_id"] for row in whole["ticks"]} == {GAME, OTHER}
    assert counts.signals == 1


def test_a_league_is_all_its_games_and_its_dead_letters(frames: Path, tmp_path: Path) -> None:
    """A letter of no league stays out; that of the scoreboard is of the league."""
    _, whole, lines = played(frames, tmp_path / "whole")
    counts, part, part_lines = played(frames, tmp_path / "part", games=frozenset({"nba:"}))
    nothing, none, _ = played(frames, tmp_path / "none", games=frozenset({"nhl:"}))

    assert part == {
        **whole,
        "dead_letters": [row for row in whole["dead_letters"] if row["league"] == "nba"],
    }
    assert part_lines == lines
    assert (counts.games, counts.frames) == (2, 10)
    assert none == {table: [] for table in TABLES}
    assert (nothing.games, nothing.ticks, nothing.signals, nothing.dead_letters) == (0, 0, 0, 0)


def test_a_paced_replay_gives_the_same(frames: Path, tmp_path: Path) -> None:
    """Whatever the speed, rows and signals are those of the fastest replay."""
    _, whole, lines = played(frames, tmp_path / "whole")
    out = Settings(data_dir=tmp_path / "paced")
    counts = replay(frames, out, Manner(speed=100.0))

    assert (rows(out.data_dir), signals(out.data_dir)) == (whole, lines)
    assert counts.frames_per_s < 10 / 0.09


def hub_frames() -> dict[int, list[Frame]]:
    """Return the night of each game as a hub of its own would have it on record."""
    return {
        0: [
            frame(0, "espn:nba", scoreboard(espn_event(phase="pre", home=0, period=0, clock=0))),
            frame(1, "gamma:events", listing_body(gamma_event())),
            market_frame(2, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
            frame(3, "espn:nba", scoreboard(espn_event(home=75, away=55))),
        ],
        1: [
            frame(0, "espn:nba", scoreboard(other(espn_event(home=75, away=55))), at_s=0.5),
            frame(1, "gamma:events", listing_body(other(gamma_event())), at_s=1.5),
            frame(2, "espn:nba", scoreboard(other(espn_event(home=76, away=55))), at_s=4.5),
        ],
    }


@pytest.fixture
def hubs(tmp_path: Path) -> Path:
    """Write a session of two hubs, one game each."""
    for hub, frames in hub_frames().items():
        writer = JournalWriter(hub_folder(journal_directory(tmp_path / "data") / SESSION, hub))
        writer.append(frames)
        writer.close()
    return tmp_path / "data"


@pytest.mark.parametrize("workers", [1, 2])
def test_hubs_are_replayed_apart(hubs: Path, tmp_path: Path, workers: int) -> None:
    """Each hub has its own slate and its own links: together they give what each gives alone."""
    alone: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    for hub in (0, 1):
        folder = hub_folder(journal_directory(hubs) / SESSION, hub)
        _, part, _ = played(folder, tmp_path / f"alone-{hub}")
        alone = {table: alone[table] + part[table] for table in TABLES}
    out = Settings(data_dir=tmp_path / "out")
    counts = replay(hubs, out, Manner(workers=workers))

    found = rows(out.data_dir)
    assert {table: sorted(map(repr, found[table])) for table in TABLES} == {
        table: sorted(map(repr, alone[table])) for table in TABLES
    }
    assert (counts.frames, counts.games) == (7, 2)


def test_a_session_of_several_hubs_is_rebuilt(hubs: Path, tmp_path: Path) -> None:
    """The archive made again is what a replay gives, and no hub's journal is changed."""
    _, whole, _ = played(hubs, tmp_path / "out")
    before = {path.name: path.read_bytes() for path in hubs.rglob("*.fjl")}
    made = rebuild(SESSION, Settings(data_dir=hubs))

    assert made.frames == 7
    assert rows(hubs) == whole
    assert {path.name: path.read_bytes() for path in hubs.rglob("*.fjl")} == before
