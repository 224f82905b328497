"""Asking the venue which games it lists, over real HTTP."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
import requests
from discovering import build, filters, rounds
from gamma_venue import SPORTS, GammaVenue, event, query

from fusion.frames import HttpStatus, encode_control
from fusion.leagues import LEAGUES

NFL, EPL = LEAGUES["nfl"], LEAGUES["eng.1"]
GAME = "nfl-a{0}-b{0}-2026-09-13"


def test_series_and_tags_are_taken_together(gamma: GammaVenue, session: requests.Session) -> None:
    """The first look asks by the series of `/sports` and by the tag; a game found twice is one."""
    gamma.listed["series_id", "12185"] = [event(1), event(2)]
    gamma.listed["tag_id", "450"] = [event(2), event(3)]
    discovery, emitted, listed = build(gamma, session)
    assert 59.0 < asyncio.run(discovery.ask([NFL])) <= 60.0
    assert gamma.asked()[0] == "/sports"
    assert filters(gamma) == [("series_id", "12185"), ("tag_id", "450")]
    assert emitted.frames == [
        ("gamma:sports", json.dumps(SPORTS).encode()),
        ("gamma:events", json.dumps({"$schema": "x", "events": [event(1), event(2)]}).encode()),
        ("gamma:events", json.dumps({"$schema": "x", "events": [event(2), event(3)]}).encode()),
    ]
    assert listed.calls == [("nfl", [GAME.format(number) for number in (1, 2, 3)])]


@pytest.mark.parametrize(
    ("by_series", "by_tag", "asked"),
    [
        ([1, 2], [1, 2], [("series_id", "12185")]),
        ([], [1, 2], [("tag_id", "450")]),
        ([1], [2], [("series_id", "12185"), ("tag_id", "450")]),
        ([], [], [("series_id", "12185"), ("tag_id", "450")]),
    ],
    ids=["series suffices", "series is stale", "season changes", "nothing"],
)
def test_after_the_first_look_only_what_found_games_is_asked(
    by_series: list[int],
    by_tag: list[int],
    asked: list[tuple[str, str]],
    gamma: GammaVenue,
    session: requests.Session,
) -> None:
    """Between whole looks a league is asked for by the filters that are needed, near now."""
    gamma.listed["series_id", "12185"] = [event(number) for number in by_series]
    gamma.listed["tag_id", "450"] = [event(number) for number in by_tag]
    discovery, _, _ = build(gamma, session, every_s=0.01, rare_times=1.0)
    rounds(discovery, [NFL], 2)
    whole, near = gamma.asked("/events/keyset")[:2], gamma.asked("/events/keyset")[2:]
    assert [query(path)[0] for path in near] == asked
    assert not any("start_time" in path for path in whole)
    assert {dict(query(path))["start_time_min"] for path in near} == {"2026-09-12T23:00:00Z"}
    assert {dict(query(path))["start_time_max"] for path in near} == {"2026-09-15T00:00:00Z"}


def test_a_companion_or_a_stranger_is_no_game(gamma: GammaVenue, session: requests.Session) -> None:
    """What is listed beside the games is handed over, and its filter is not asked for its sake."""
    gamma.listed["series_id", "12185"] = [event(1)]
    props = event(2, slug="nfl-a1-b1-2026-09-13-player-props")
    other = event(3, slug="cfb-a-b-2026-09-13", sport={"sport": "cfb"})
    gamma.listed["tag_id", "450"] = [event(1), props, other]
    discovery, _, listed = build(gamma, session, every_s=0.01)
    rounds(discovery, [NFL], 2)
    assert listed.calls == [
        ("nfl", [GAME.format(1), props["slug"], other["slug"]]),
        ("nfl", [GAME.format(1)]),
    ]
    assert filters(gamma)[2:] == [("series_id", "12185")]


def test_sports_that_name_another_series_cause_a_whole_look(
    gamma: GammaVenue, session: requests.Session
) -> None:
    """`/sports` is read again after its time, and a new series is asked at once."""
    gamma.listed["series_id", "12185"] = [event(1)]
    gamma.listed["series_id", "13000"] = [event(2)]
    discovery, _, listed = build(gamma, session, every_s=0.01, sports_every_s=0.2)

    async def scenario() -> None:
        await discovery.ask([NFL])
        gamma.sports = [{**SPORTS[0], "series": "13000"}]
        async with asyncio.timeout(10.0):
            while ("series_id", "13000") not in filters(gamma):
                pause_s = await discovery.ask([NFL])
                await asyncio.sleep(pause_s)

    asyncio.run(scenario())
    assert filters(gamma)[-2:] == [("series_id", "13000"), ("tag_id", "450")]
    assert listed.calls[-1] == ("nfl", [GAME.format(2)])


@pytest.mark.parametrize("heeded", [True, False])
def test_the_limits_of_the_start_are_ours_too(
    heeded: bool, gamma: GammaVenue, session: requests.Session
) -> None:
    """Whether the venue heeds the limits or not, the same games are kept."""
    gamma.heeds_window = heeded
    gamma.listed["series_id", "12185"] = [event(1), event(2, "2026-09-20T17:00:00Z")]
    discovery, emitted, listed = build(gamma, session, every_s=0.01)
    rounds(discovery, [NFL], 2)
    assert listed.calls == [("nfl", [GAME.format(1)])] * 2
    bodies = [json.loads(body)["events"] for body in emitted.of("gamma:events")]
    assert [len(events) for events in bodies] == [2, 0, 1 if heeded else 2]


def test_a_venue_that_limits_the_starts_otherwise_is_asked_whole(
    gamma: GammaVenue, session: requests.Session, make_reply: Any
) -> None:
    """Where limits hide every game that was near, the next look goes without them, and at once."""
    gamma.listed["series_id", "12185"] = [event(1)]
    answer = gamma.reply
    nothing = make_reply(body=b'{"events": []}')
    gamma.server.reply = lambda request: (
        nothing if "start_time_min" in request.path else answer(request)
    )
    discovery, _, listed = build(gamma, session, every_s=0.01, rare_times=1e6)
    rounds(discovery, [NFL], 3)
    assert listed.calls == [("nfl", [GAME.format(1)]), ("nfl", []), ("nfl", [GAME.format(1)])]


@pytest.mark.parametrize(
    ("after_s", "numbers"),
    [(36 * 3600.0, [1, 2]), (None, [0, 1, 2, 3, 4])],
)
def test_events_far_from_now_are_left_out(
    after_s: float | None, numbers: list[int], gamma: GammaVenue, session: requests.Session
) -> None:
    """Events are kept from 12 h ago to 36 h ahead; a venue with its own clock gets all."""
    gamma.listed["series_id", "12185"] = [
        event(0, "2026-09-12T22:00:00Z"),
        event(1, "2026-09-13T00:00:00Z"),
        event(2, "2026-09-14T21:00:00Z"),
        event(3, "2026-09-15T00:30:00Z"),
        event(4, None),
    ]
    discovery, _, listed = build(gamma, session, after_s=after_s)
    asyncio.run(discovery.ask([NFL]))
    assert listed.calls == [("nfl", [GAME.format(number) for number in numbers])]


def test_a_failure_is_on_record_and_the_next_league_is_asked(
    gamma: GammaVenue, session: requests.Session
) -> None:
    """A failed request becomes a control frame and takes nothing away that was handed over."""
    gamma.failures["/events/keyset"] = gamma.make_reply(status=503, body=b"{}")
    discovery, emitted, listed = build(gamma, session)
    assert 59.0 < asyncio.run(discovery.ask([NFL, EPL])) <= 60.0
    failed = encode_control(
        HttpStatus("gamma:events", 503, "the answer was HTTP 503 Service Unavailable")
    )
    assert filters(gamma) == [
        ("series_id", "12185"),
        ("tag_id", "450"),
        ("tag_id", "82"),
        ("tag_id", "306"),
    ]
    assert emitted.of("control") == [failed] * 4
    assert listed.calls == []


def test_a_filter_that_fails_takes_nothing_from_the_others(
    gamma: GammaVenue, session: requests.Session, make_reply: Any
) -> None:
    """The games of the tag are handed over while the series fails, which is asked again soon."""
    gamma.listed["tag_id", "450"] = [event(1)]
    answer = gamma.reply
    broken = make_reply(status=500, body=b"{}")
    gamma.server.reply = lambda request: (
        broken if "series_id=12185" in request.path else answer(request)
    )
    discovery, _, listed = build(gamma, session, every_s=0.01)
    rounds(discovery, [NFL], 2)
    assert listed.calls == [("nfl", [GAME.format(1)])] * 2
    assert filters(gamma) == [("series_id", "12185"), ("tag_id", "450")] * 2


@pytest.mark.parametrize("body", [b"[]", b'{"error": "oops"}'])
def test_sports_that_cannot_be_read_leave_the_tags(
    body: bytes, gamma: GammaVenue, session: requests.Session
) -> None:
    """Without `/sports` a league with a tag is still found, and `/sports` is tried again."""
    gamma.failures["/sports"] = gamma.make_reply(body=body)
    gamma.listed["tag_id", "450"] = [event(1)]
    discovery, _, listed = build(gamma, session, every_s=0.01)
    rounds(discovery, [NFL], 2)
    assert listed.calls == [("nfl", [GAME.format(1)])] * 2
    assert gamma.asked().count("/sports") == 2
