"""Reading every page of a listing, over real HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import Any

import pytest
import requests
from budgets import ample
from gamma_venue import GammaVenue, event, query
from market_venue import Emitted

from connectors.http import HttpFailed
from connectors.polymarket.gamma_pages import GammaPages, PageSettings, WholeListing
from fusion.frames import HttpStatus, Unchanged, encode_control

FILTERS = (("series_id", "12185"), ("tag_id", "100639"))
WINDOW = (("start_time_min", "2026-09-12T23:00:00Z"), ("start_time_max", "2026-09-15T00:00:00Z"))


@pytest.fixture
def venue(gamma: GammaVenue) -> GammaVenue:
    """Return a venue that lists five games under one series."""
    gamma.listed["series_id", "12185"] = [event(number) for number in range(5)]
    return gamma


def build(
    venue: GammaVenue, session: requests.Session, **changes: Any
) -> tuple[GammaPages, Emitted]:
    """Return a reader of the venue and what it emits."""
    emitted = Emitted()
    settings = PageSettings(base_url=f"{venue.url}/", **changes)
    return GammaPages(settings, emitted, session, ample(emitted)), emitted


def ids(listing: WholeListing) -> list[str]:
    """Return the ids of the events."""
    return [event.event_id for event in listing.events]


def problem(status: int, detail: str) -> bytes:
    """Return the control frame of something that went wrong."""
    return encode_control(HttpStatus("gamma:events", status, detail))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_pages_are_followed_by_cursor(
    size: int, venue: GammaVenue, session: requests.Session
) -> None:
    """Every cursor is followed until a page has none, and each body is emitted as it came."""
    pages, emitted = build(venue, session, page_size=size)
    listing = asyncio.run(pages.read(FILTERS, WINDOW))
    assert (ids(listing), listing.complete) == (["0", "1", "2", "3", "4"], True)
    asked = [dict(query(path)) for path in venue.asked("/events/keyset")]
    assert [each.get("after_cursor") for each in asked] == [
        None if start == 0 else f"at-{start}" for start in range(0, 5, size)
    ]
    assert all(set(WINDOW) <= set(each.items()) for each in asked)
    assert [len(json.loads(body)["events"]) for body in emitted.of("gamma:events")] == [
        min(size, 5 - start) for start in range(0, 5, size)
    ]


@pytest.mark.parametrize(
    ("status", "body", "gone"),
    [
        (400, b"{}", True),
        (404, b"{}", True),
        (405, b"{}", True),
        (422, b'{"error": "invalid order"}', True),
        (503, b'{"error": "keyset pagination is not configured"}', True),
        (503, b'{"error": "maintenance"}', False),
        (500, b"{}", False),
        (429, b"{}", False),
    ],
)
def test_without_cursors_the_listing_is_read_by_offset(
    status: int, body: bytes, gone: bool, venue: GammaVenue, session: requests.Session
) -> None:
    """Where the venue has no pages by cursor the old ones are read; trouble stays trouble."""
    venue.failures["/events/keyset"] = venue.make_reply(status=status, body=body)
    pages, emitted = build(venue, session, page_size=2)
    if not gone:
        with pytest.raises(HttpFailed) as caught:
            asyncio.run(pages.read(FILTERS, WINDOW))
        assert (caught.value.status, venue.asked("/events")) == (status, [])
        return
    listing = asyncio.run(pages.read(FILTERS, WINDOW))
    assert (ids(listing), listing.complete) == (["0", "1", "2", "3", "4"], True)
    assert [dict(query(path))["offset"] for path in venue.asked("/events")] == ["0", "2", "4"]
    assert [json.loads(each)["status"] for each in emitted.of("control")] == [status]


def test_the_venue_is_asked_for_cursors_again_when_told(
    venue: GammaVenue, session: requests.Session
) -> None:
    """A refused endpoint is left alone, and tried again after the next reading of `/sports`."""
    venue.failures["/events/keyset"] = venue.make_reply(status=404, body=b"{}")
    pages, _ = build(venue, session)

    async def scenario() -> None:
        await pages.read(FILTERS)
        await pages.read(FILTERS)
        assert len(venue.asked("/events/keyset")) == 1
        venue.failures.clear()
        pages.try_keyset()
        await pages.read(FILTERS)

    asyncio.run(scenario())
    assert (len(venue.asked("/events/keyset")), len(venue.asked("/events"))) == (2, 2)


@pytest.mark.parametrize(("cursor", "read"), [("at-2", 2), ("at-0", 3)])
def test_a_cursor_that_repeats_ends_the_listing(
    cursor: str, read: int, venue: GammaVenue, session: requests.Session
) -> None:
    """A venue that sends us round in circles is left, what it listed is kept and it is told."""
    venue.cursors = {1: cursor}
    pages, emitted = build(venue, session, page_size=2, max_pages=50)
    listing = asyncio.run(pages.read(FILTERS))
    assert not listing.complete
    assert (len(venue.asked()), len(listing.events)) == (read, 2 * read)
    assert "gave a cursor for the 2nd time" in str(emitted.of("control")[-1])


@pytest.mark.parametrize("by_cursor", [True, False])
def test_more_pages_than_allowed_are_told(
    by_cursor: bool, venue: GammaVenue, session: requests.Session
) -> None:
    """A listing that is longer than is read is not taken for whole."""
    if not by_cursor:
        venue.failures["/events/keyset"] = venue.make_reply(status=404, body=b"{}")
    pages, emitted = build(venue, session, page_size=2, max_pages=2)
    listing = asyncio.run(pages.read(FILTERS))
    assert (ids(listing), listing.complete) == (["0", "1", "2", "3"], False)
    detail = f"{FILTERS} has more than 2 pages; the rest was not read"
    assert emitted.of("control")[-1] == problem(200, detail)


def test_the_same_page_again_is_told_as_unchanged(
    venue: GammaVenue, session: requests.Session
) -> None:
    """A body like the last one of its page is not emitted again, and its events are there."""
    pages, emitted = build(venue, session, page_size=3)

    async def twice() -> list[WholeListing]:
        return [await pages.read(FILTERS), await pages.read(FILTERS)]

    first, second = asyncio.run(twice())
    assert first == second
    bodies = emitted.of("gamma:events")
    digests = [hashlib.sha1(body, usedforsecurity=False).hexdigest() for body in bodies]
    assert len(bodies) == 2
    assert emitted.of("control") == [
        encode_control(Unchanged("gamma:events", digest)) for digest in digests
    ]


def test_a_page_that_is_no_listing_is_not_taken_for_an_empty_one(
    venue: GammaVenue, session: requests.Session
) -> None:
    """A body that cannot be read is emitted, told, and leaves the listing incomplete."""
    venue.failures["/events/keyset"] = venue.make_reply(body=b'{"error": "oops"}')
    pages, emitted = build(venue, session)
    assert asyncio.run(pages.read(FILTERS)) == WholeListing((), complete=False)
    detail = "not_events: an object must have `events`, or be an event with `markets`"
    assert emitted.frames == [
        ("gamma:events", b'{"error": "oops"}'),
        ("control", problem(200, detail)),
    ]


def test_a_league_that_lists_nothing_is_complete(
    venue: GammaVenue, session: requests.Session
) -> None:
    """An empty page is an answer."""
    venue.listed.clear()
    pages, emitted = build(venue, session)
    assert asyncio.run(pages.read(FILTERS)) == WholeListing((), complete=True)
    assert emitted.of("control") == []
