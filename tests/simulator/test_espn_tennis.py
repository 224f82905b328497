from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fusion.leagues import LEAGUES
from simulator.espn_tennis import tennis_event, tennis_events
from simulator.plan import GamePlan, Moment, Wants
from simulator.play.strength import play
from simulator.players import PLAYERS, TOURNAMENTS

BEGIN_MS = round(datetime(2026, 11, 20, 23, 50, tzinfo=UTC).timestamp() * 1000)
Shown = tuple[GamePlan, Moment]
KEPT_OUT = {"guid", "links"}
"""What an athlete has beside, and nobody reads."""


def match(
    key: str, number: int, card: str, wants: Wants | None = None, best_of: int = 3
) -> GamePlan:
    """Return a match of a tour; numbers are those of ESPN and choose the players."""
    league, pair = LEAGUES[key], 2 * (number % 4)
    moments = play(
        league, 0.55, 600_000, np.random.default_rng(number), wants=wants, best_of=best_of
    )
    home, away = PLAYERS[key][pair : pair + 2]
    return GamePlan(
        league,
        str(number),
        number,
        home,
        away,
        600_000,
        0,
        0,
        moments,
        (),
        card=card,
        best_of=best_of,
    )


def middle(game: GamePlan) -> Shown:
    """Return a match as it is halfway."""
    return game, game.moments[len(game.moments) // 2]


@pytest.fixture(scope="module")
def tonight() -> list[GamePlan]:
    """Return the matches of two tournaments, with all their ways to end."""
    return [
        match("atp", 400, "Paris Masters"),
        match("atp", 401, "Paris Masters", "tie_break"),
        match("atp", 402, "Paris Masters", "retired"),
        match("atp", 403, "Paris Masters", best_of=5),
        match("wta", 404, "Paris Masters", "walkover"),
        match("atp", 405, "Vienna Open", "tie_break"),
        match("atp", 406, "Vienna Open", "walkover"),
    ]


def by_state(competitions: list[dict[str, Any]]) -> dict[tuple[str, str], set[str]]:
    """Return the keys of competitions, of their sides and of athletes, by the state of the match.

    Matches to come are a state of their own, and so are sides that nobody knows yet.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for one in competitions:
        state = one["status"]["type"]["state"]
        to_come = state == "pre" and not one["timeValid"]
        found.setdefault(("match", "to come" if to_come else state), set()).update(one)
        found.setdefault(("status", state), set()).update(one["status"])
        for side in one["competitors"]:
            kind = "nobody" if side["athlete"]["displayName"] == "TBD" else state
            found.setdefault(("side", kind), set()).update(side)
            names = set(side["athlete"]) - KEPT_OUT
            found.setdefault(("athlete", kind), set()).update(names)
            for line in side.get("linescores", []):
                found.setdefault(("line", state), set()).update(line)
    return found


def test_the_layout_of_2022_has_the_keys_of_a_recorded_board(
    shared: Path, tonight: list[GamePlan]
) -> None:
    """Nothing is made up, and nothing that was there is missing, at each state of a match."""
    body = (shared / "captures/espn/tennis/2022-in-competitions-layout.json").read_bytes()
    recorded = by_state(json.loads(body)["events"][0]["competitions"])
    games = [game for game in tonight if game.card == "Vienna Open"]
    ours: dict[tuple[str, str], set[str]] = {}
    for shown in (
        [(game, game.moments[0]) for game in games],
        [middle(game) for game in games],
        [(game, game.final) for game in games],
    ):
        event = tennis_event(shown, TOURNAMENTS["Vienna Open"], BEGIN_MS)
        for key, names in by_state(event["competitions"]).items():
            ours.setdefault(key, set()).update(names)
    # The one match in play was in its first set.
    assert ours.pop(("line", "in")) <= {"value", "tiebreak"}
    assert recorded.pop(("line", "in")) == {"value"}
    assert ours == recorded


def test_the_layout_since_2023_has_the_keys_of_a_recorded_board(
    shared: Path, tonight: list[GamePlan]
) -> None:
    """The same, draw by draw; doubles were not on the recorded board."""
    body = (shared / "captures/espn/tennis/2023-in-post-groupings-layout.json").read_bytes()
    (grouping,) = json.loads(body)["events"][0]["groupings"]
    recorded = by_state(grouping["competitions"])
    games = [game for game in tonight if game.card == "Paris Masters"]
    ours: dict[tuple[str, str], set[str]] = {}
    for shown in (
        [(game, game.moments[0]) for game in games],
        [middle(game) for game in games],
        [(game, game.final) for game in games],
    ):
        event = tennis_event(shown, TOURNAMENTS["Paris Masters"], BEGIN_MS)
        for group in event["groupings"][:2]:
            assert set(group) == set(grouping)
            assert set(group["grouping"]) == set(grouping["grouping"])
            for key, names in by_state(group["competitions"]).items():
                ours.setdefault(key, set()).update(names)
    # The one match in play was in its first set.
    assert ours.pop(("line", "in")) <= {"value", "winner", "tiebreak"}
    assert recorded.pop(("line", "in")) == {"value"}
    assert ours == recorded


def test_a_tournament_stands_on_the_board_of_both_its_tours(tonight: list[GamePlan]) -> None:
    """With all its matches, draw by draw; one of men only stands on theirs alone."""
    shown = [middle(game) for game in tonight]
    boards = {key: tennis_events(key, shown, BEGIN_MS) for key in ("atp", "wta")}
    names = {key: [event["name"] for event in events] for key, events in boards.items()}
    assert names == {"atp": ["Paris Masters", "Vienna Open"], "wta": ["Paris Masters"]}
    (mixed,) = boards["wta"]
    draws = {
        group["grouping"]["slug"]: [each["id"] for each in group["competitions"]]
        for group in mixed["groupings"]
    }
    assert draws == {
        "mens-singles": ["400", "401", "402", "403", "352000"],
        "womens-singles": ["404", "352001"],
        "mens-doubles": ["352002"],
    }
    assert mixed["status"]["type"]["name"] == "STATUS_FINAL"


def test_a_live_match_as_a_whole() -> None:
    """Every key of a match of today, after the first game."""
    game = match("wta", 1200, "WTA Finals")
    at = next(m for m in game.moments if m.text == "Game" and m.period == 1)
    event = tennis_event([(game, at)], TOURNAMENTS["WTA Finals"], BEGIN_MS)
    found = event["groupings"][0]["competitions"][0]
    (score,) = at.scene.sets
    uid = "s:850~l:900~e:411-2026"
    flags = "https://a.espncdn.com/i/teamlogos/countries/500"
    assert found == {
        "id": "1200",
        "uid": f"{uid}~c:1200",
        "date": "2026-11-21T00:00Z",
        "startDate": "2026-11-21T00:00Z",
        "timeValid": True,
        "recent": True,
        "notes": [
            {
                "text": (
                    f"Iga Świątek (POL) leads Aryna Sabalenka (BLR) {score.home}-{score.away}"
                ),
                "type": "event",
            }
        ],
        "tournamentId": 411,
        "format": {"regulation": {"periods": 3}},
        "geoBroadcasts": [],
        "broadcasts": [],
        "type": {"id": "2", "text": "Women's Singles", "slug": "womens-singles"},
        "round": {"id": "5", "displayName": "Quarterfinal"},
        "venue": {"fullName": "Riyadh, Saudi Arabia", "court": "Centre Court"},
        "wasSuspended": False,
        "status": {
            "period": 1,
            "type": {
                "id": "2",
                "name": "STATUS_IN_PROGRESS",
                "state": "in",
                "completed": False,
                "description": "In Progress",
                "detail": "1st Set",
                "shortDetail": "1st",
            },
        },
        "situation": {"onFirst": False, "onSecond": False, "onThird": False},
        "competitors": [
            {
                "id": player.espn_id,
                "uid": f"s:850~l:900~a:{player.espn_id}",
                "type": "athlete",
                "order": order,
                "homeAway": side,
                "athlete": {
                    "fullName": player.name,
                    "displayName": player.name,
                    "shortName": short,
                    "flag": {
                        "href": f"{flags}/{player.country_code.lower()}.png",
                        "alt": player.country,
                        "rel": ["country-flag"],
                    },
                },
                "statistics": [],
                "curatedRank": {"current": seed},
                "linescores": [{"value": float(games)}],
            }
            for player, order, side, short, seed, games in (
                (game.home, 1, "home", "I. Świątek", 3, score.home),
                (game.away, 2, "away", "A. Sabalenka", 4, score.away),
            )
        ],
    }


@pytest.mark.parametrize(
    ("number", "sides"),
    [
        (400, [("9101", 1, "home"), ("9102", 2, "away")]),
        (401, [("9104", 2, "away"), ("9103", 1, "home")]),
        (402, [("9105", 1, "away"), ("9106", 2, "away")]),
        (403, [("9107", 2, "home"), ("9108", 1, "away")]),
    ],
)
def test_sides_come_in_every_order(number: int, sides: list[tuple[str, int, str]]) -> None:
    """Listed the other way round, both away, and numbered the other way round."""
    game = match("atp", number, "Paris Masters")
    event = tennis_event([middle(game)], TOURNAMENTS["Paris Masters"], BEGIN_MS)
    found = event["groupings"][0]["competitions"][0]["competitors"]
    assert [(each["id"], each["order"], each["homeAway"]) for each in found] == sides


def test_the_winner_is_told_by_its_flag(tonight: list[GamePlan]) -> None:
    """After a final, a retirement and a walkover alike; nobody has one before."""
    for game in tonight:
        shown = (game, game.final)
        event = tennis_event([shown], TOURNAMENTS[game.card], BEGIN_MS)
        lists = event.get("competitions") or event["groupings"][0]["competitions"]
        flags = {side["id"]: side["winner"] for side in lists[0]["competitors"]}
        home_won = game.final.truth[0] == 1.0 or game.final.scene.advances == "home"
        assert flags == {game.home.espn_id: home_won, game.away.espn_id: not home_won}
        before = tennis_event([(game, game.moments[0])], TOURNAMENTS[game.card], BEGIN_MS)
        lists = before.get("competitions") or before["groupings"][0]["competitions"]
        assert not any("winner" in side for side in lists[0]["competitors"])


def test_the_server_is_linked_in_2022_and_flagged_on_some_matches_since() -> None:
    """By a link that ends in the athlete, or by `possession`."""
    game = match("atp", 405, "Vienna Open")
    _, moment = middle(game)
    event = tennis_event([(game, moment)], TOURNAMENTS["Vienna Open"], BEGIN_MS)
    server = game.home if moment.scene.server == "home" else game.away
    link = event["competitions"][0]["situation"]["server"]["$ref"]
    assert link == (
        "http://sports.core.api.espn.pvt/v2/sports/tennis/leagues/atp/athletes/"
        f"{server.espn_id}?lang=en&region=us"
    )
    flagged = match("atp", 401, "Paris Masters")
    _, moment = middle(flagged)
    event = tennis_event([(flagged, moment)], TOURNAMENTS["Paris Masters"], BEGIN_MS)
    sides = event["groupings"][0]["competitions"][0]["competitors"]
    assert {side["order"]: side["possession"] for side in sides} == {
        1: moment.scene.server == "home",
        2: moment.scene.server == "away",
    }


def test_some_matches_of_women_claim_five_sets() -> None:
    """As recorded boards do; men's say what is played."""
    games = [
        match("wta", 404, "WTA Finals"),
        match("wta", 405, "WTA Finals"),
        match("atp", 405, "WTA Finals"),
        match("atp", 407, "WTA Finals", best_of=5),
    ]
    event = tennis_event([middle(game) for game in games], TOURNAMENTS["WTA Finals"], BEGIN_MS)
    periods = [
        each["format"]["regulation"]["periods"]
        for group in event["groupings"][:2]
        for each in group["competitions"]
        if each["timeValid"]
    ]
    assert periods == [3, 5, 3, 5]
