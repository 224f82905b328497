"""A discovery of a local venue, with what it emits and hands over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import requests
from budgets import ample
from gamma_venue import GammaVenue, query
from market_venue import Emitted

from connectors.polymarket.discovery import Discovery, DiscoveryBudgets, DiscoverySettings
from fusion.league import League
from fusion.listing import ListedEvent

NOW_NS = 1_789_300_000_000_000_000  # 2026-09-13 11:46:40 UTC


class Listed:
    """What was handed over: the slugs of each listing."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[str]]] = []

    def __call__(self, league: str, events: tuple[ListedEvent, ...]) -> None:
        """Take one listing."""
        self.calls.append((league, [event.slug for event in events]))


def build(
    gamma: GammaVenue, session: requests.Session, **changes: Any
) -> tuple[Discovery, Emitted, Listed]:
    """Return a discovery of the venue, with what it emits and hands over."""
    emitted, listed = Emitted(), Listed()
    settings = DiscoverySettings(base_url=gamma.url, **changes)
    budgets = DiscoveryBudgets(ample(emitted), ample(emitted))
    discovery = Discovery(settings, emitted, listed, session, budgets=budgets, now=lambda: NOW_NS)
    return discovery, emitted, listed


def rounds(discovery: Discovery, leagues: Sequence[League], times: int) -> None:
    """Ask so many times, waiting as long as is wanted."""

    async def scenario() -> None:
        for _ in range(times):
            pause_s = await discovery.ask(leagues)
            await asyncio.sleep(pause_s)

    asyncio.run(scenario())


def filters(gamma: GammaVenue) -> list[tuple[str, str]]:
    """Return the first filter of each request for events."""
    return [query(path)[0] for path in gamma.asked("/events/keyset")]


def told(emitted: Emitted) -> list[tuple[str, str]]:
    """Return the leagues that were told to have no games, and why."""
    controls = [json.loads(payload) for payload in emitted.of("control")]
    return [(row["league"], row["detail"]) for row in controls if row["kind"] == "no_games"]
