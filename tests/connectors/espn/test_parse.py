from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.espn.parse import Scoreboard, parse_event, parse_scoreboard
from fusion.errors import Refusal
from fusion.game import GameState, Odds, Team
from fusion.leagues import LEAGUES

Event = dict[str, Any]
AsBoard = Callable[..., bytes]
NBA = LEAGUES["nba"]

JUNK: list[Any] = [
    None,
    True,
    -1,
    7,
    2**63,
    10**300,
    0.5,
    1e308,
    "",
    "0",
    "-1",
    "NaN",
    "x" * 300,
    "\x00",
    "\U0001d518",
    [],
    [None],
    [[[]]],
    {},
    {"value": 1, "displayValue": "1"},
    {"$ref": "http://sports.core.api.espn.pvt/v2"},
]
"""Values of every kind that stand where ESPN did not put them yet."""


def test_a_game_is_read(event: Event, as_board: AsBoard) -> None:
    """An event gives the state of its game."""
    expected = GameState(
        game_id="nba:401",
        league="nba",
        start_ns=1_767_313_800_000_000_000,
        home=Team("28", "TOR", "Toronto Raptors", ("Raptors", "Toronto")),
        away=Team("11", "IND", "Indiana Pacers", ("Pacers", "Indiana")),
        phase="in",
        status="in_progress",
        completed=False,
        home_score=18,
        away_score=20,
        period=1,
        clock_s=92.0,
        detail="1:32 - 1st Quarter",
        odds=Odds(0.6, 0.4, 0.0, "Book"),
        espn_home_win=0.6,
    )

    assert parse_scoreboard(as_board(event), NBA) == Scoreboard(games=(expected,))
    assert parse_scoreboard(msgspec.json.encode(event), NBA) == Scoreboard(games=(expected,))


def test_a_bare_competition_is_read(event: Event, as_board: AsBoard) -> None:
    """A competition without its event gives the same game, for its id and date are the same."""
    (competition,) = event["competitions"]

    found = parse_scoreboard(msgspec.json.encode(competition), NBA)

    assert found == parse_scoreboard(as_board(event), NBA)
    assert len(found.games) == 1


def test_an_empty_day_is_a_board() -> None:
    """A day without games is read, and has nothing to refuse."""
    assert parse_scoreboard(b'{"events":[]}', NBA) == Scoreboard()


def test_an_error_is_no_empty_day() -> None:
    """An error body is marked unreadable."""
    board = parse_scoreboard(b'{"code":400,"message":"no"}', NBA)

    assert (board.games, board.readable) == ((), False)
    assert [refusal.reason for refusal in board.refusals] == ["error_body"]


def test_one_bad_event_does_not_sink_the_poll(event: Event, as_board: AsBoard) -> None:
    """Events are read one by one, in the order of the board."""
    broken = deepcopy(event)
    broken["competitions"][0]["competitors"][0]["team"] = "Raptors"
    other = {**deepcopy(event), "id": "402"}

    board = parse_scoreboard(as_board(event, broken, None, other), NBA)

    assert [game.game_id for game in board.games] == ["nba:401", "nba:402"]
    reasons = [refusal.reason for refusal in board.refusals]
    assert reasons == ["event_wrong_shape", "event_wrong_shape"]
    assert board.readable


def change(event: Event, path: str, value: Any) -> Event:
    """Return `event` with the node at a dotted path replaced, or deleted when it is `...`."""
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    node: Any = event
    for part in parents:
        node = node[part]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return event


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("id", ..., "bad_id"),
        ("id", "../../etc", "bad_id"),
        ("id", "4:1", "bad_id"),
        ("uid", "s:200~e:1", "unsupported_layout"),
        ("groupings", [{}], "unsupported_layout"),
        ("competitions", [{}, {}], "unsupported_layout"),
        ("competitions.0.competitors.0.athlete", {"id": "1"}, "unsupported_layout"),
        ("competitions.0.competitors.1.roster", {"athletes": []}, "unsupported_layout"),
        ("competitions", ..., "no_competitors"),
        ("competitions", [], "no_competitors"),
        ("competitions", {}, "event_wrong_shape"),
        ("competitions.0", None, "event_wrong_shape"),
        ("competitions.0.competitors", [], "no_competitors"),
        ("competitions.0.competitors.0", ..., "bad_competitors"),
        ("competitions.0.competitors.0", None, "event_wrong_shape"),
        ("competitions.0.competitors.0.homeAway", "away", "bad_competitors"),
        ("competitions.0.competitors.0.team", ..., "bad_team"),
        ("competitions.0.competitors.0.score", ..., "bad_score"),
        ("competitions.0.competitors.1.score", "18*", "bad_score"),
        ("competitions.0.status", ..., "bad_status"),
        ("competitions.0.status", "live", "event_wrong_shape"),
        ("competitions.0.status.type", None, "bad_status"),
    ],
)
def test_refusals_of_an_event(event: Event, path: str, value: Any, reason: str) -> None:
    """Each way in which an event cannot be used has its own reason and keeps an excerpt."""
    raw = msgspec.Raw(msgspec.json.encode(change(event, path, value)))
    refusal = parse_event(raw, NBA)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert refusal.detail
    assert refusal.excerpt.startswith("{")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("uid", ...),
        ("uid", "e:401"),
        ("groupings", None),
        ("date", ...),
        ("competitions.0.date", ...),
        ("competitions.0.competitors.0.athlete", None),
        ("competitions.0.situation", "none"),
        ("competitions.0.odds", [None]),
        ("competitions.0.odds", {"details": "PK"}),
        ("competitions.0.details", 7),
        ("competitions.0.competitors.0.score", 18),
        ("competitions.0.competitors.0.linescores", "?"),
        ("competitions.0.status.period", "1"),
        ("leaders", [[[1]]]),
    ],
)
def test_what_a_game_can_do_without(event: Event, path: str, value: Any) -> None:
    """A missing or odd extra costs itself only: the score is read all the same."""
    game = parse_event(msgspec.Raw(msgspec.json.encode(change(event, path, value))), NBA)

    assert isinstance(game, GameState)
    assert (game.home_score, game.away_score, game.period, game.clock_s) == (18, 20, 1, 92.0)


def test_the_start_is_the_first_sound_date(event: Event) -> None:
    """The competition's date comes first, the event's stands in, none at all is refused."""
    seen = []
    for path, value in [
        ("date", "2026-01-03T00:30Z"),
        ("competitions.0.date", "TBD"),
        ("date", "2026-01-03 00:30"),
        ("date", "0001-01-01T00:00Z"),
        ("date", "9999-12-31T20:26Z"),
    ]:
        event = change(event, path, value)
        found = parse_event(msgspec.Raw(msgspec.json.encode(event)), NBA)
        seen.append(found.start_ns if isinstance(found, GameState) else found.reason)

    assert seen == [1_767_313_800_000_000_000, 1_767_400_200_000_000_000, *["bad_time"] * 3]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("competitions.0.timeValid", True, True),
        ("competitions.0.timeValid", ..., True),
        ("competitions.0.timeValid", False, False),
        ("competitions.0.competitors.0.team.isActive", False, False),
        ("competitions.0.competitors.1.team.abbreviation", "TBD", False),
    ],
)
def test_start_known(event: Event, path: str, value: Any, expected: bool) -> None:
    """A placeholder time or side means that the start is not settled."""
    game = parse_event(msgspec.Raw(msgspec.json.encode(change(event, path, value))), NBA)

    assert isinstance(game, GameState)
    assert game.start_known is expected


def test_status_of_the_event_stands_in(event: Event) -> None:
    """The status is on the competition, and on the event where the competition has none."""
    status = event["competitions"][0].pop("status")
    game = parse_event(msgspec.Raw(msgspec.json.encode({**event, "status": status})), NBA)

    assert isinstance(game, GameState)
    assert (game.phase, game.clock_s) == ("in", 92.0)


def test_other_sports_are_refused(event: Event, as_board: AsBoard) -> None:
    """A league refuses the events of another sport by name."""
    board = parse_scoreboard(as_board(event, event), LEAGUES["atp"])

    assert [refusal.reason for refusal in board.refusals] == ["unsupported_layout"] * 2


def test_deep_nesting_within_an_event(event: Event) -> None:
    """An event nested too deeply is refused, however deep."""
    body = msgspec.json.encode(event)[:-1] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"

    refusal = parse_event(msgspec.Raw(body), NBA)

    assert isinstance(refusal, Refusal)
    assert refusal.reason == "too_deep"


def nodes(value: Any, path: str = "") -> list[str]:
    """Return the dotted paths of all nodes of a JSON value."""
    found = []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in items:
        here = f"{path}.{key}" if path else str(key)
        found.append(here)
        if isinstance(child, (dict, list)):
            found.extend(nodes(child, here))
    return found


@given(st.data(), st.sampled_from(["nba", "nfl", "nhl", "mlb", "eng.1", "atp"]))
def test_mutations_give_a_game_or_a_refusal(
    template: Event, data: st.DataObject, league: str
) -> None:
    """Whatever is deleted or replaced, an event gives one game or one named refusal."""
    event = deepcopy(template)
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(nodes(event)))
        value = deepcopy(data.draw(st.sampled_from([*JUNK, ...])))
        event = change(event, path, value)
        if not event:
            break
    board = parse_scoreboard(msgspec.json.encode({"events": [event, template]}), LEAGUES[league])

    assert len(board.games) + len(board.refusals) == 2
    assert all(refusal.reason and refusal.detail for refusal in board.refusals)
    for game in board.games:
        assert 0 <= game.home_score <= 999
        assert game.clock_s is None or game.clock_s >= 0
        assert msgspec.json.decode(msgspec.json.encode(game), type=GameState) == game


@given(st.binary(max_size=200), st.sampled_from(["nba", "wta", "ufc"]))
def test_bytes_never_raise(payload: bytes, league: str) -> None:
    """Any bytes give a board or a refusal."""
    board = parse_scoreboard(payload, LEAGUES[league])

    assert board.readable or len(board.refusals) == 1


@given(st.integers(0, 5000))
def test_a_cut_body_is_one_refusal(template: Event, at: int) -> None:
    """A body that was cut short anywhere is refused as a whole."""
    body = msgspec.json.encode({"events": [template]})
    board = parse_scoreboard(body[: at % len(body)], NBA)

    assert (board.games, len(board.refusals), board.readable) == ((), 1, False)


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=4))
def test_a_patched_body_accounts_for_its_events(template: Event, at: int, patch: bytes) -> None:
    """A body with other bytes anywhere gives one game or refusal an event, or is refused."""
    body = msgspec.json.encode({"events": [template, template]})
    at %= len(body) - len(patch)
    payload = body[:at] + patch + body[at + len(patch) :]
    board = parse_scoreboard(payload, NBA)

    listed = json.loads(payload.decode(errors="replace"))["events"] if board.readable else [None]
    assert len(board.games) + len(board.refusals) == len(listed)
