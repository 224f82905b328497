"""Asking the venue which games it lists, over real HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from budgets import ample, slow
from market_venue import Emitted, until

from connectors.http import new_session
from connectors.polymarket.discovery import (
    Discovery,
    DiscoveryBudgets,
    DiscoverySettings,
    discover,
)
from fusion.frames import HttpStatus, Unchanged, encode_control
from fusion.leagues import LEAGUES
from fusion.listing import ListedEvent

NFL, EPL = LEAGUES["nfl"], LEAGUES["eng.1"]
NOW_NS = 1_789_300_000_000_000_000
SPORTS = json.dumps(
    [
        {"sport": "nfl", "ordering": "away", "tags": "1,450,100639", "series": "12185"},
        {"sport": "epl", "ordering": "home", "tags": "1,82,100639,100350", "series": ""},
    ]
).encode()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """Open a session for the length of a test."""
    with new_session("fairline-test") as session:
        yield session


def event(number: int, start: str = "2026-09-13T17:00:00Z") -> dict[str, Any]:
    """Return one event of Gamma without markets."""
    return {"id": str(number), "slug": f"nfl-a-b-{number}", "startTime": start, "markets": []}


def query(path: str) -> list[tuple[str, str]]:
    """Return what a request asked for."""
    return parse_qsl(urlsplit(path).query)


class Venue:
    """Answers `/sports` and `/events`; `listed` maps the first filter to its events."""

    def __init__(self, http_server: Any, make_reply: Any) -> None:
        self.listed: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.failures: dict[str, Any] = {}
        self.server = http_server
        self.make_reply = make_reply
        http_server.reply = self.reply

    def reply(self, request: Any) -> Any:
        """Answer one request."""
        path = urlsplit(request.path).path
        if path in self.failures:
            return self.failures[path]
        if path == "/sports":
            return self.make_reply(body=SPORTS)
        asked = dict(query(request.path))
        events = self.listed.get(query(request.path)[0], [])
        start = int(asked["offset"])
        return self.make_reply(
            body=json.dumps(events[start : start + int(asked["limit"])]).encode()
        )

    def asked(self) -> list[str]:
        """Return the paths that were asked for."""
        return [request.path for request in self.server.requests]


@pytest.fixture
def venue(http_server: Any, make_reply: Any) -> Venue:
    """Return a venue that lists nothing yet."""
    return Venue(http_server, make_reply)


class Listed:
    """What was handed over: the slugs of each listing."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[str]]] = []

    def __call__(self, league: str, events: tuple[ListedEvent, ...]) -> None:
        """Take one listing."""
        self.calls.append((league, [event.slug for event in events]))


def build(
    venue: Venue, session: requests.Session, **changes: Any
) -> tuple[Discovery, Emitted, Listed]:
    """Return a discovery of the venue, with what it emits and hands over."""
    emitted, listed = Emitted(), Listed()
    settings = DiscoverySettings(base_url=venue.server.url, **changes)
    budgets = DiscoveryBudgets(ample(emitted), ample(emitted))
    discovery = Discovery(settings, emitted, listed, session, budgets=budgets, now=lambda: NOW_NS)
    return discovery, emitted, listed


def test_a_league_is_asked_for_by_its_series(venue: Venue, session: requests.Session) -> None:
    """The series comes from `/sports`; bodies are emitted as they came, events handed over."""
    venue.listed["series_id", "12185"] = [event(1), event(2)]
    discovery, emitted, listed = build(venue, session)
    assert asyncio.run(discovery.ask([NFL])) == 0.0
    assert venue.asked()[0] == "/sports"
    assert query(venue.asked()[1]) == [
        ("series_id", "12185"),
        ("tag_id", "100639"),
        ("active", "true"),
        ("closed", "false"),
        ("limit", "100"),
        ("offset", "0"),
        ("order", "startTime"),
        ("ascending", "true"),
    ]
    assert emitted.frames == [
        ("gamma:sports", SPORTS),
        ("gamma:events", json.dumps([event(1), event(2)]).encode()),
    ]
    assert listed.calls == [("nfl", ["nfl-a-b-1", "nfl-a-b-2"])]


@pytest.mark.parametrize(
    ("league", "filters"),
    [
        (NFL, [("series_id", "12185"), ("tag_id", "450")]),
        (EPL, [("tag_id", EPL.tag or "82")]),
    ],
    ids=["empty series", "no series"],
)
def test_without_a_series_the_tag_is_asked_for(
    league: Any, filters: list[tuple[str, str]], venue: Venue, session: requests.Session
) -> None:
    """A series that lists nothing, or is not named, gives way to the league's own tag."""
    venue.listed["tag_id", filters[-1][1]] = [event(1)]
    discovery, _, listed = build(venue, session)
    asyncio.run(discovery.ask([league]))
    assert [query(path)[0] for path in venue.asked()[1:]] == filters
    assert [query(path)[1] for path in venue.asked()[1:]] == [("tag_id", "100639")] * len(filters)
    assert listed.calls == [(league.key, ["nfl-a-b-1"])]


def test_full_pages_are_followed(venue: Venue, session: requests.Session) -> None:
    """Pages are asked for until one is not full, or there were enough of them."""
    venue.listed["series_id", "12185"] = [event(number) for number in range(5)]
    discovery, _, listed = build(venue, session, page_size=2)
    asyncio.run(discovery.ask([NFL]))
    assert [dict(query(path))["offset"] for path in venue.asked()[1:]] == ["0", "2", "4"]
    assert listed.calls == [("nfl", [f"nfl-a-b-{number}" for number in range(5)])]
    discovery, _, listed = build(venue, session, page_size=2, max_pages=2)
    asyncio.run(discovery.ask([NFL]))
    assert listed.calls == [("nfl", [f"nfl-a-b-{number}" for number in range(4)])]


@pytest.mark.parametrize(
    ("after_s", "slugs"),
    [(36 * 3600.0, ["nfl-a-b-1", "nfl-a-b-2"]), (None, [f"nfl-a-b-{n}" for n in range(5)])],
)
def test_events_far_from_now_are_left_out(
    after_s: float | None, slugs: list[str], venue: Venue, session: requests.Session
) -> None:
    """Events are kept from 12 h ago to 36 h ahead; a venue with its own clock gets all."""
    venue.listed["series_id", "12185"] = [
        event(0, "2026-09-12T22:00:00Z"),
        event(1, "2026-09-13T00:00:00Z"),
        event(2, "2026-09-14T21:00:00Z"),
        event(3, "2026-09-15T00:30:00Z"),
        {**event(4), "startTime": None},
    ]
    discovery, _, listed = build(venue, session, after_s=after_s)
    asyncio.run(discovery.ask([NFL]))
    assert listed.calls == [("nfl", slugs)]


def test_the_same_answer_again_is_told_as_unchanged(
    venue: Venue, session: requests.Session
) -> None:
    """A body like the last one of its request is not emitted again, its events are handed over."""
    venue.listed["series_id", "12185"] = [event(1)]
    discovery, emitted, listed = build(venue, session)

    async def twice() -> None:
        await discovery.ask([NFL])
        await discovery.ask([NFL])

    asyncio.run(twice())
    body = json.dumps([event(1)]).encode()
    digest = hashlib.sha1(body, usedforsecurity=False).hexdigest()
    assert emitted.frames == [
        ("gamma:sports", SPORTS),
        ("gamma:events", body),
        ("control", encode_control(Unchanged("gamma:events", digest))),
    ]
    assert listed.calls == [("nfl", ["nfl-a-b-1"])] * 2
    assert venue.asked().count("/sports") == 1


def test_a_failure_is_on_record_and_the_next_league_is_asked(
    venue: Venue, session: requests.Session
) -> None:
    """A failed request becomes a control frame and takes nothing away that was handed over."""
    venue.failures["/events"] = venue.make_reply(status=503, body=b"{}")
    discovery, emitted, listed = build(venue, session)
    assert asyncio.run(discovery.ask([NFL, EPL])) == 0.0
    failed = encode_control(
        HttpStatus("gamma:events", 503, "the answer was HTTP 503 Service Unavailable")
    )
    assert emitted.of("control") == [failed, failed]
    assert listed.calls == []


def test_sports_that_cannot_be_read_leave_the_tags(venue: Venue, session: requests.Session) -> None:
    """Without `/sports` a league with a tag is still found, and `/sports` is tried again."""
    venue.failures["/sports"] = venue.make_reply(body=b"[]")
    venue.listed["tag_id", "450"] = [event(1)]
    discovery, _, listed = build(venue, session)

    async def twice() -> None:
        await discovery.ask([NFL])
        await discovery.ask([NFL])

    asyncio.run(twice())
    assert listed.calls == [("nfl", ["nfl-a-b-1"])] * 2
    assert venue.asked().count("/sports") == 2


def test_the_venues_wish_for_a_pause_is_met(venue: Venue, session: requests.Session) -> None:
    """Retry-After ends the round and is returned."""
    venue.failures["/events"] = venue.make_reply(status=429, headers={"Retry-After": "7"})
    discovery, _, _ = build(venue, session)
    assert asyncio.run(discovery.ask([NFL, EPL])) == 7.0
    assert len(venue.asked()) == 2


def test_no_wish_for_a_pause_is_met_for_hours(venue: Venue, session: requests.Session) -> None:
    """A Retry-After of a day is cut to five minutes."""
    venue.failures["/events"] = venue.make_reply(status=429, headers={"Retry-After": "86400"})
    discovery, _, _ = build(venue, session)
    assert asyncio.run(discovery.ask([NFL])) == 300.0


def test_each_endpoint_has_its_budget(venue: Venue, session: requests.Session) -> None:
    """A refusal of `/events` closes the budget of `/events` alone."""
    venue.failures["/events"] = venue.make_reply(status=429, headers={"Retry-After": "7"})
    emitted = Emitted()
    budgets = DiscoveryBudgets(ample(emitted), ample(emitted))
    settings = DiscoverySettings(base_url=venue.server.url)
    asyncio.run(Discovery(settings, emitted, Listed(), session, budgets=budgets).ask([NFL]))
    assert (budgets.sports.condition, budgets.events.condition) == ("ok", "throttled")


def test_discover_asks_again_and_again(venue: Venue, session: requests.Session) -> None:
    """The poll goes on until it is cancelled, through failures."""
    venue.listed["series_id", "12185"] = [event(1)]
    emitted, listed = Emitted(), Listed()
    settings = DiscoverySettings(base_url=venue.server.url, every_s=0.01, after_s=None)
    budgets = DiscoveryBudgets(ample(emitted), ample(emitted))

    async def scenario(enough: Callable[[], bool]) -> None:
        task = asyncio.create_task(
            discover([NFL], settings, emitted, listed, session, budgets=budgets)
        )
        await until(enough)
        venue.failures["/events"] = venue.make_reply(status=500)
        await until(lambda: '"status":500' in str(emitted.of("control")))
        venue.failures.clear()
        calls = len(listed.calls)
        await until(lambda: len(listed.calls) > calls)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(scenario(lambda: len(listed.calls) >= 3))


def test_a_slow_venue_is_asked_half_as_often(venue: Venue, session: requests.Session) -> None:
    """While `/events` answers late the pause between rounds is twice as long."""
    venue.listed["series_id", "12185"] = [event(1)]
    emitted, listed = Emitted(), Listed()
    settings = DiscoverySettings(base_url=venue.server.url, every_s=0.1, after_s=None)
    budgets = DiscoveryBudgets(ample(emitted), slow(emitted))

    async def scenario() -> None:
        task = asyncio.create_task(
            discover([NFL], settings, emitted, listed, session, budgets=budgets)
        )
        await until(lambda: len(listed.calls) >= 3)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(scenario())
    at_s = [each.at_s for each in venue.server.requests if "/events" in each.path]
    assert min(later - sooner for sooner, later in pairwise(at_s)) >= 0.19
