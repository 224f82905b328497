from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from simulator.espn_wire import board_json, event_json
from simulator.plan import Evening, GamePlan

BOARDS = {
    "nba": "nba/20251127T0106Z-halftime-endperiod-in.json.gz",
    "nhl": "nhl/20251127T0106Z-endperiod-in.json.gz",
    "mlb": "mlb/20220911-in-rain-delay-mid-inning.json.gz",
    "eng.1": "soccer/eng.1/post-postponed.json",
    "ncaamb": "ncaamb/20260317-pre-neutral-site.json",
}
NEWER = {"linescores", "startDate", "broadcast", "playByPlayAvailable"}
"""Keys of 2025/26 that the older captures lack."""


def game_of(evening: Evening, key: str) -> GamePlan:
    """Return the first game of a league."""
    return next(game for game in evening.games if game.league.key == key)


def load(path: Path) -> Any:
    """Return a captured document."""
    data = path.read_bytes()
    return json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)


@pytest.mark.parametrize("key", BOARDS)
def test_events_have_only_keys_that_real_ones_have(
    key: str, evening: Evening, shared: Path
) -> None:
    """Event, competition, competitor, team and status keys were all seen in a captured board."""
    real = load(shared / "captures/espn" / BOARDS[key])["events"]
    game = game_of(evening, key)
    events = [event_json(evening, game, index) for index in range(len(game.moments))]

    def keys(rows: list[Any], *path: str) -> set[str]:
        for step in path:
            rows = [
                part
                for row in rows
                for part in (row[step] if isinstance(row[step], list) else [row[step]])
            ]
        return {name for row in rows for name in row}

    for path in (
        (),
        ("competitions",),
        ("competitions", "competitors"),
        ("competitions", "competitors", "team"),
        ("competitions", "status"),
        ("competitions", "status", "type"),
    ):
        extra = keys(events, *path) - keys(real, *path) - NEWER
        # The captured boards of these leagues hold no game of every phase.
        assert extra <= {"situation", "odds", "winner"}


def test_a_board_before_the_start(evening: Evening) -> None:
    """Home first, scores "0", both statuses equal, odds there, no situation and no winner."""
    game = game_of(evening, "nba")
    event = event_json(evening, game, 0)
    competition = event["competitions"][0]
    home, away = competition["competitors"]
    assert (home["homeAway"], away["homeAway"]) == ("home", "away")
    assert (home["score"], away["score"]) == ("0", "0")
    assert (home["team"]["abbreviation"], away["team"]["abbreviation"]) == (
        game.home.espn_code,
        game.away.espn_code,
    )
    assert event["status"] == competition["status"]
    assert event["date"] == "2026-11-21T00:00Z"
    assert "odds" in competition
    assert not {"situation", "linescores"} & competition.keys()
    assert "winner" not in home


def test_a_final_has_a_winner_and_whole_linescores(evening: Evening) -> None:
    """Quarters sum to the score, odds and situation are gone."""
    game = game_of(evening, "nba")
    competition = event_json(evening, game, len(game.moments) - 1)["competitions"][0]
    for side, score in zip(
        competition["competitors"], (game.final.home, game.final.away), strict=True
    ):
        assert side["score"] == str(score)
        assert sum(line["value"] for line in side["linescores"]) == score
        assert side["winner"] == (score == max(game.final.home, game.final.away))
    assert not {"situation", "odds"} & competition.keys()


def test_a_board_without_games_still_has_its_events(evening: Evening) -> None:
    """An empty list, never a missing key; college boards carry their group."""
    league = game_of(evening, "ncaamb").league
    board = board_json(league, evening, [])
    assert board["events"] == []
    assert board["groups"] == ["50"]
    assert board["leagues"][0]["slug"] == "mens-college-basketball"
