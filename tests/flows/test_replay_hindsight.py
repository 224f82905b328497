"""What became known later changes no tick and no signal of a replay."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
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

from connectors.archive.connect import ask, connect
from connectors.journal.jsonl import write_jsonl
from flows.replay import replay
from flows.run import signals_file
from flows.settings import Settings
from fusion.frames import Connected, Frame

LATER = "2026-11-19T00:20:11Z"
MARKET_LATER = {
    "closed": True,
    "active": False,
    "acceptingOrders": False,
    "closedTime": "2026-11-19 00:20:11+00",
    "outcomePrices": '["0", "1"]',
    "umaResolutionStatus": "resolved",
    "umaEndDate": LATER,
    "lastTradePrice": 0.999,
    "bestBid": 0.999,
    "bestAsk": 1,
    "winner": "Celtics",
}
EVENT_LATER = {
    "closed": True,
    "active": False,
    "ended": True,
    "live": False,
    "closedTime": LATER,
    "finishedTimestamp": LATER,
    "score": "102-110",
    "period": "FT",
    "elapsed": "",
}
Body = dict[str, Any]


def undated(body: Body) -> Body:
    """Return what tells of an end without telling when it came."""
    return {key: value for key, value in body.items() if not key.endswith(("Time", "stamp"))}


def fetched_later(listing: Body) -> Body:
    """Return a listing as it is fetched after the night."""
    markets = [market | MARKET_LATER for market in listing["markets"]]
    return listing | EVENT_LATER | {"markets": markets}


def fetched_later_undated(listing: Body) -> Body:
    """Return the same, without the times of the ends."""
    markets = [market | undated(MARKET_LATER) for market in listing["markets"]]
    return listing | undated(EVENT_LATER) | {"markets": markets}


def flagged(event: Body) -> Body:
    """Return an event of a scoreboard with the flags of its later winner."""
    body: Body = json.loads(json.dumps(event))
    for side, competitor in zip((True, False), body["competitions"][0]["competitors"], strict=True):
        competitor["winner"] = side
    return body


def as_it_was(body: Body) -> Body:
    """Return a payload as it came that night."""
    return body


def night(
    listed: Callable[[Body], Body], scored: Callable[[Body], Body] = as_it_was
) -> list[Frame]:
    """Return the frames of a night whose payloads were changed."""
    pregame = espn_event(phase="pre", home=0, away=0, period=0, clock=0)
    return [
        frame(0, "espn:nba", scoreboard(scored(pregame))),
        frame(1, "gamma:events", listing_body(listed(gamma_event()))),
        control(2, Connected(LINK)),
        market_frame(3, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
        frame(4, "espn:nba", scoreboard(scored(espn_event(home=75, away=55)))),
        market_frame(5, book_body(HOME, "0.57", "0.58", ms=9)),
    ]


def told(folder: Path, frames: list[Frame]) -> dict[str, Any]:
    """Return all that a replay makes of frames."""
    folder.mkdir()
    write_jsonl(frames, folder / "night.jsonl")
    settings = Settings(data_dir=folder / "out")
    replay(folder / "night.jsonl", settings)
    tables = ("ticks", "games", "signals", "slates")
    with connect(settings.data_dir) as connection:
        rows = {name: ask(connection, f"FROM {name} ORDER BY ALL").to_pylist() for name in tables}
    signals = signals_file(settings.data_dir, "replay")
    return rows | {"lines": signals.read_bytes() if signals.exists() else b""}


@pytest.mark.parametrize("listed", [fetched_later, fetched_later_undated])
def test_a_listing_of_the_morning_after_tells_nothing(
    tmp_path: Path, listed: Callable[[Body], Body]
) -> None:
    """With and without closings, results and last prices a replay gives the same."""
    then = told(tmp_path / "then", night(as_it_was))

    assert told(tmp_path / "later", night(listed)) == then
    assert [row["transition"] for row in then["signals"]].count("open") == 1
    assert {row["gate"] for row in then["ticks"]} >= {""}


NFL = {
    "nba": "nfl",
    "New York Knicks": "New York Giants",
    "Knicks": "Giants",
    "nyk": "nyg",
    '"NY"': '"NYG"',
    "Boston": "Dallas",
    "Celtics": "Cowboys",
    "-bos-": "-dal-",
    '"bos"': '"dal"',
    "BOS": "DAL",
}


def postponed(listed: Callable[[Body], Body]) -> list[Frame]:
    """Return a football game that is put off by a week, and its listing of the first date."""
    event = json.dumps(espn_event(phase="pre", home=0, away=0, period=0, clock=0))
    event = event.replace("2026-11-18T", "2026-11-25T").replace("_SCHEDULED", "_POSTPONED")
    listing = json.dumps(listed(gamma_event()))
    for ours, theirs in NFL.items():
        event, listing = event.replace(ours, theirs), listing.replace(ours, theirs)
    body = json.loads(listing)
    for side, team in zip(("away", "home"), body["teams"], strict=True):
        team["ordering"] = side
    return [
        frame(0, "espn:nfl", scoreboard(json.loads(event))),
        frame(1, "gamma:events", listing_body(body)),
        control(2, Connected(LINK)),
        market_frame(3, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
    ]


@pytest.mark.parametrize("listed", [fetched_later, fetched_later_undated])
def test_a_postponed_game_keeps_the_event_that_was_closed_later(
    tmp_path: Path, listed: Callable[[Body], Body]
) -> None:
    """An open event goes with a game to its new date; that it closed is known only then."""
    then = told(tmp_path / "then", postponed(as_it_was))

    assert told(tmp_path / "later", postponed(listed)) == then
    assert len(then["ticks"]) > 0


def test_a_market_that_was_stopped_that_night_is_stopped(tmp_path: Path) -> None:
    """What was known counts: a market that takes no orders, and is not closed, gives no signal."""
    stopped = told(tmp_path / "stopped", night(lambda _: gamma_event(acceptingOrders=False)))

    assert {row["gate"] for row in stopped["ticks"]} == {"not_trading"}
    assert stopped["signals"] == []


def test_the_winner_of_a_game_in_play_is_not_known(tmp_path: Path) -> None:
    """A scoreboard that was saved later has its winner flagged in every state of the game."""
    then = told(tmp_path / "then", night(as_it_was))

    assert told(tmp_path / "later", night(as_it_was, flagged)) == then
