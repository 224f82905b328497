"""Hubs with a share each bring, together, what one hub brings: each event and each record once."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import msgspec
from factories import START_NS, listing, rules
from hypothesis import given
from hypothesis import strategies as st
from payloads import book_body, control, espn_event, frame, scoreboard

from flows.route import Record, Routed, Router
from fusion.events import Event, FrameSpoilt, LinkLost, Listed, Scored, Ticked, Traded
from fusion.frames import (
    Connected,
    Disconnected,
    Frame,
    Gap,
    HttpStatus,
    SessionStarted,
    SlateMatched,
)
from fusion.rows import DeadLetter, SlateRow
from fusion.share import Share, hub_of, slate_of
from fusion.slate import Slate, SlateGame, Unmatched

GAMES = [f"nba:{number}" for number in range(401, 409)]
KINDS = (
    "board",
    "html",
    "failed poll",
    "failed books",
    "clock",
    "book",
    "garbage",
    "up",
    "drop",
    "gap",
    "slate",
)
Streams = tuple[list[Frame], list[list[Frame]]]
"""The frames of one hub, and those of several."""


def listed(game_id: str) -> SlateGame:
    """Return a game with a market and tokens of its own."""
    market = rules(market_id=f"0x{game_id}", token_ids=(f"{game_id}a", f"{game_id}h"))
    return msgspec.structs.replace(listing(), game_id=game_id, markets=(market,))


def slate(first: int) -> Slate:
    """Return a slate without the first few games, which are refused, and an event of no game."""
    refused = (Unmatched("nba", game_id, "", "no_event") for game_id in GAMES[:first])
    stranger = Unmatched("nba", "", f"nba-a-b-{first}", "no_game")
    return Slate(tuple(listed(game_id) for game_id in GAMES[first:]), (*refused, stranger))


def board(points: int) -> bytes:
    """Return a scoreboard of all games."""
    events = []
    for game_id in GAMES:
        event = espn_event(home=points)
        event["id"] = event["competitions"][0]["id"] = game_id.removeprefix("nba:")
        events.append(event)
    return scoreboard(*events)


def book(game_id: str) -> dict[str, Any]:
    """Return a snapshot of a game's book."""
    return {**book_body(f"{game_id}h"), "market": f"0x{game_id}"}


def of_all(kind: str, seq: int) -> Frame | None:
    """Return a frame that every hub gets; None for another kind."""
    made = {
        "board": frame(seq, "espn:nba", board(60 + seq)),
        "html": frame(seq, "espn:nba", "<html>"),
        "failed poll": control(seq, HttpStatus("espn:nba", 500, "oops")),
        "clock": frame(seq, "clock", ""),
        "gap": control(seq, Gap("test")),
    }
    return made.get(kind)


def of_one(kind: str, seq: int, game_id: str, link: str) -> Frame | None:
    """Return a frame that the hub of a game gets; None for another kind."""
    made = {
        "failed books": control(seq, HttpStatus("polymarket:books", 500, "oops")),
        "book": frame(seq, link, json.dumps([book(game_id)])),
        "garbage": frame(seq, link, '{"event_type": "price_ch'),
        "up": control(seq, Connected(link)),
        "drop": control(seq, Disconnected(link)),
    }
    return made.get(kind)


def streams(steps: list[tuple[str, int]], hubs: int) -> Streams:
    """Return a night as one hub hears it, with a link for each share, and as the hubs hear it."""
    one: list[Frame] = []
    several: list[list[Frame]] = [[] for _ in range(hubs)]
    for seq, (kind, choice) in enumerate([("slate", 0), *steps]):
        game_id = GAMES[choice]
        number = hub_of(game_id, hubs)
        common = of_all(kind, seq)
        own = of_one(kind, seq, game_id, f"polymarket:market:{number}")
        if common is not None:
            one.append(common)
            for stream in several:
                stream.append(common)
        elif own is not None:
            one.append(own)
            several[number].append(own)
        else:
            one.append(control(seq, SlateMatched(slate(choice))))
            for hub, stream in enumerate(several):
                part = slate_of(slate(choice), Share(hub, hubs))
                stream.append(control(seq, SlateMatched(part)))
    return one, several


def told(routed: list[Routed]) -> tuple[dict[str, list[Event]], list[Record]]:
    """Return the events by game, in their order, and the records."""
    events: dict[str, list[Event]] = defaultdict(list)
    records: list[Record] = []
    for game_id, value in routed:
        if isinstance(value, DeadLetter | SlateRow):
            records.append(value)
        else:
            events[game_id].append(value)
    return dict(events), records


def by_content(records: list[Record]) -> list[str]:
    """Return records in an order of their own."""
    return sorted(map(repr, records))


STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, len(GAMES) - 1)), max_size=25)


@given(STEPS, st.integers(1, 5))
def test_shares_make_the_whole(steps: list[tuple[str, int]], hubs: int) -> None:
    """Every game has the events it has with one hub, in their order; every record is told once."""
    one, several = streams(steps, hubs)
    whole, records = told(Router()(one))
    events: dict[str, list[Event]] = {}
    told_records: list[Record] = []
    for number, stream in enumerate(several):
        part, beside = told(Router(share=Share(number, hubs))(stream))
        assert {hub_of(game_id, hubs) for game_id in part} <= {number}
        events |= part
        told_records += beside

    assert events == whole
    assert by_content(told_records) == by_content(records)


def test_such_a_night_has_something_of_everything() -> None:
    """So that the equality above says something."""
    one, several = streams([("book", 3), *((kind, 3) for kind in KINDS), ("book", 1)], 2)
    events, records = told(Router()(one))
    kinds = {type(event) for told_events in events.values() for event in told_events}

    assert len(events) == len(GAMES)
    assert kinds >= {Listed, Scored, Ticked, Traded, FrameSpoilt, LinkLost}
    assert {row.reason for row in records} >= {"html", "http_500", "not_json", "no_game", ""}
    assert all(len(stream) < len(one) for stream in several)
    assert one[0].recv_ns == START_NS


def test_the_beginning_of_a_session_says_who_tells() -> None:
    """In another process, which polls for itself, another hub than the first tells."""
    broken = frame(1, "espn:nba", "<html>")
    told_by = {
        (hub, tells): len(
            Router(share=Share(hub, 2))(
                [control(0, SessionStarted("0.1.0", "live", tells=tells)), broken]
            )
        )
        for hub in (0, 1)
        for tells in (True, False)
    }

    assert told_by == {(0, True): 1, (0, False): 0, (1, True): 1, (1, False): 0}


def test_who_tells_is_restored() -> None:
    """A router that goes on tells what the one before it would have told."""
    first = Router(share=Share(1, 2))
    first([control(0, SessionStarted("0.1.0", "live", tells=True))])
    again = Router(share=Share(1, 2))
    again.restore(first.snapshot())

    assert len(again([frame(1, "espn:nba", "<html>")])) == 1
