"""How often the venue is asked which games it lists, and when it is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import pairwise

import pytest
import requests
from budgets import ample, slow
from discovering import Listed, build, rounds
from gamma_venue import GammaVenue, event
from market_venue import Emitted, until

from connectors.polymarket.discovery import (
    Discovery,
    DiscoveryBudgets,
    DiscoverySettings,
    discover,
)
from fusion.leagues import LEAGUES

NFL, EPL = LEAGUES["nfl"], LEAGUES["eng.1"]


@pytest.mark.parametrize(
    ("start", "waits"),
    [("2026-09-13T17:00:00Z", (59.0, 60.0)), ("2026-09-20T17:00:00Z", (299.0, 300.0))],
    ids=["today", "next week"],
)
def test_a_league_without_games_near_is_asked_more_rarely(
    start: str, waits: tuple[float, float], gamma: GammaVenue, session: requests.Session
) -> None:
    """A league plays today and is asked every minute, or does not and waits five."""
    gamma.listed["series_id", "12185"] = [event(1, start)]
    discovery, _, _ = build(gamma, session)
    assert waits[0] < asyncio.run(discovery.ask([NFL])) <= waits[1]


def test_each_league_has_its_own_pace(gamma: GammaVenue, session: requests.Session) -> None:
    """While one league plays and another does not, only the first is asked each round."""
    gamma.listed["series_id", "12185"] = [event(1)]
    discovery, _, listed = build(gamma, session, every_s=0.05, rare_times=1000.0)
    rounds(discovery, [NFL, EPL], 4)
    assert [league for league, _ in listed.calls] == ["nfl", "eng.1", "nfl", "nfl", "nfl"]


def test_the_venues_wish_for_a_pause_is_met(gamma: GammaVenue, session: requests.Session) -> None:
    """Retry-After ends the round, and the rest of the leagues waits as long."""
    gamma.failures["/events/keyset"] = gamma.make_reply(status=429, headers={"Retry-After": "7"})
    discovery, _, _ = build(gamma, session)
    assert 6.9 < asyncio.run(discovery.ask([NFL, EPL])) <= 7.0
    assert len(gamma.asked()) == 2


def test_no_wish_for_a_pause_is_met_for_hours(gamma: GammaVenue, session: requests.Session) -> None:
    """A Retry-After of a day is cut to five minutes."""
    headers = {"Retry-After": "86400"}
    gamma.failures["/events/keyset"] = gamma.make_reply(status=429, headers=headers)
    discovery, _, _ = build(gamma, session)
    assert asyncio.run(discovery.ask([NFL])) == 300.0


def test_each_endpoint_has_its_budget(gamma: GammaVenue, session: requests.Session) -> None:
    """A refusal of the events closes the budget of the events alone."""
    headers = {"Retry-After": "7"}
    gamma.failures["/events/keyset"] = gamma.make_reply(status=429, headers=headers)
    emitted = Emitted()
    budgets = DiscoveryBudgets(ample(emitted), ample(emitted))
    settings = DiscoverySettings(base_url=gamma.url)
    asyncio.run(Discovery(settings, emitted, Listed(), session, budgets=budgets).ask([NFL]))
    assert (budgets.sports.condition, budgets.events.condition) == ("ok", "throttled")


async def watch(
    gamma: GammaVenue,
    session: requests.Session,
    budgets: DiscoveryBudgets,
    every_s: float,
    script: Callable[[Listed], Awaitable[None]],
) -> None:
    """Discover for as long as a script takes, which sees what is handed over."""
    settings = DiscoverySettings(base_url=gamma.url, every_s=every_s, after_s=None)
    listed = Listed()
    task = asyncio.create_task(
        discover([NFL], settings, Emitted(), listed, session, budgets=budgets)
    )
    await script(listed)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def test_discover_asks_again_and_again(gamma: GammaVenue, session: requests.Session) -> None:
    """The poll goes on until it is cancelled, through failures."""
    gamma.listed["series_id", "12185"] = [event(1)]
    emitted = Emitted()
    budgets = DiscoveryBudgets(ample(emitted), ample(emitted))

    async def script(listed: Listed) -> None:
        await until(lambda: len(listed.calls) >= 3)
        gamma.failures["/events/keyset"] = gamma.make_reply(status=500, body=b"{}")
        asked = len(gamma.asked())
        await until(lambda: len(gamma.asked()) >= asked + 3)
        gamma.failures.clear()
        calls = len(listed.calls)
        await until(lambda: len(listed.calls) >= calls + 2)

    asyncio.run(watch(gamma, session, budgets, 0.01, script))


def test_a_slow_venue_is_asked_half_as_often(gamma: GammaVenue, session: requests.Session) -> None:
    """While the events come late the pause between rounds is twice as long."""
    gamma.listed["series_id", "12185"] = [event(1)]
    emitted = Emitted()
    budgets = DiscoveryBudgets(ample(emitted), slow(emitted))

    async def script(listed: Listed) -> None:
        await until(lambda: len(listed.calls) >= 3)

    asyncio.run(watch(gamma, session, budgets, 0.1, script))
    at_s = [each.at_s for each in gamma.server.requests if "series_id" in each.path]
    assert min(later - sooner for sooner, later in pairwise(at_s)) >= 0.19
