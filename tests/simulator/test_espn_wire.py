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
    "fifa.world": "soccer/fifa.world/2026-sequence/20260711T234313Z-overtime-09e8295.json.gz",
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


def test_a_postponed_game_is_told_as_a_captured_one(evening: Evening, shared: Path) -> None:
    """The same status, score and winner, at its old date, without odds and without a goal."""
    (real,) = [
        event
        for event in load(shared / "captures/espn/soccer/eng.1/post-postponed.json")["events"]
        if event["status"]["type"]["name"] == "STATUS_POSTPONED"
    ]
    game = next(game for game in evening.games if game.final.status == "postponed")
    event = event_json(evening, game, len(game.moments) - 1)
    competition, known = event["competitions"][0], real["competitions"][0]
    assert competition["status"] == known["status"]
    for name in ("odds", "details", "notes"):
        assert competition[name] == known[name]
    for ours, theirs in zip(competition["competitors"], known["competitors"], strict=True):
        assert (ours["score"], ours["winner"]) == (theirs["score"], theirs["winner"])
    assert event["date"] == event_json(evening, game, 0)["date"]


def test_a_shootout_leaves_the_score_level(evening: Evening) -> None:
    """Penalties are counted apart and decide who won; a note says so."""
    game = game_of(evening, "fifa.world")
    competition = event_json(evening, game, len(game.moments) - 1)["competitions"][0]
    home, away = competition["competitors"]
    scene = game.final.scene
    assert home["score"] == away["score"] == str(game.final.home)
    assert (home["shootoutScore"], away["shootoutScore"]) == (
        scene.home_shootout,
        scene.away_shootout,
    )
    assert home["winner"] == (home["shootoutScore"] > away["shootoutScore"])
    assert away["winner"] == (not home["winner"])
    winner = game.home if home["winner"] else game.away
    most, least = sorted((home["shootoutScore"], away["shootoutScore"]), reverse=True)
    assert competition["notes"][0]["text"] == f"{winner.name} advance {most}-{least} on penalties"
    before = next(m for m in range(len(game.moments)) if game.moments[m].status == "second_half")
    live = event_json(evening, game, before)["competitions"][0]
    assert not any("shootoutScore" in side for side in live["competitors"])


def test_a_doubleheader_is_noted(evening: Evening) -> None:
    """On both games, in the words of the scoreboard; other games have no note."""
    notes = [
        event_json(evening, game, 0)["competitions"][0]["notes"]
        for game in evening.games
        if game.league.key == "mlb"
    ]
    assert [[note["headline"] for note in rows] for rows in notes] == [
        ["Doubleheader - Game 1"],
        ["Doubleheader - Game 2 - Makeup from May 9"],
        [],
    ]


def test_a_wrong_score_is_shown_and_put_right(evening: Evening) -> None:
    """Three points too many while it lasts, none after it; the periods were right throughout."""
    game = next(game for game in evening.games if game.corrections)
    (slip,) = game.corrections
    indexes = range(len(game.moments))
    first = next(i for i in indexes if game.moments[i].at_ms == slip.at_ms)
    right = next(i for i in indexes if game.moments[i].at_ms >= slip.until_ms)
    shown = [
        [
            int(side["score"])
            for side in event_json(evening, game, i)["competitions"][0]["competitors"]
        ]
        for i in (first, right)
    ]
    wrong, mended = game.moments[first], game.moments[right]
    assert shown == [[wrong.home + slip.home, wrong.away + slip.away], [mended.home, mended.away]]
    sides = event_json(evening, game, first)["competitions"][0]["competitors"]
    lines = [sum(line["value"] for line in side["linescores"]) for side in sides]
    assert lines == [wrong.home, wrong.away]
