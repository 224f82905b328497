"""The order of boards, on boards that were really served one after the other."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from hashlib import sha1
from itertools import pairwise
from pathlib import Path

import pytest

from connectors.espn.parse import parse_scoreboard
from fusion.board_order import BoardOrder, Verdict
from fusion.leagues import LEAGUES


def read(path: Path) -> bytes:
    """Return a captured body."""
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


@pytest.fixture
def tournament(shared: Path) -> list[tuple[int, bytes]]:
    """Return the bodies of three weeks of a tournament, with their times in nanoseconds."""
    folder = shared / "captures" / "espn" / "soccer" / "fifa.world" / "2026-sequence"
    stamped = [(path.name.partition("-")[0], path) for path in sorted(folder.iterdir())]
    return [
        (
            int(datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()) * 10**9,
            read(path),
        )
        for at, path in stamped
    ]


def judge(order: BoardOrder, body: bytes, at_ns: int, league: str) -> Verdict:
    """Judge a body."""
    digest = sha1(body, usedforsecurity=False).hexdigest()
    games = parse_scoreboard(body, LEAGUES[league]).games
    return order.judge(f"espn:{league}", digest, games, at_ns)


def test_nothing_of_a_tournament_is_held(tournament: list[tuple[int, bytes]]) -> None:
    """In the order they were served, through extra time and shoot-outs, all bodies are believed."""
    order = BoardOrder()
    refusals = [judge(order, body, at_ns, "fifa.world").refusal for at_ns, body in tournament]

    assert len(refusals) > 15
    assert set(refusals) == {None}


def test_every_old_board_of_a_tournament_is_held(tournament: list[tuple[int, bytes]]) -> None:
    """After each body the one before it is stale, whether it was seen before or not."""
    # The first two are no neighbours: the board had three matches, then all of them.
    boards = tournament[1:]
    for (before_ns, before), (at_ns, body) in pairwise(boards):
        unseen, seen = BoardOrder(), BoardOrder()
        judge(seen, before, before_ns, "fifa.world")
        reasons = []
        for order in (unseen, seen):
            judge(order, body, at_ns, "fifa.world")
            refusal = judge(order, before, at_ns + 5 * 10**9, "fifa.world").refusal
            reasons.append(refusal and refusal.reason)
        assert reasons == ["step_back", "stale_board"]


def test_an_evening_that_is_served_again(shared: Path) -> None:
    """Four games were live at 04:59 and went on until 05:25; the earlier body moves none back."""
    folder = shared / "captures" / "espn" / "nba" / "20251129-sequence"
    early, late = read(folder / "1-T0459Z.json.gz"), read(folder / "2-T0525Z.json.gz")
    order = BoardOrder()
    judge(order, early, 0, "nba")
    judge(order, late, 1_560 * 10**9, "nba")

    held = judge(order, early, 1_565 * 10**9, "nba").held
    live = ("401809818", "401809819", "401809820", "401809821")
    assert sorted(game.game_id for game in held) == [f"nba:{number}" for number in live]
