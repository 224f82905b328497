"""Asks the venue, again and again, which games of the leagues it lists.

A league's games are those of its series that bear the tag of games. Series change with the season,
so `/sports`, which names them, is read at the start and daily; where it names none, or its series
lists nothing, the league's own tag is asked for. `start_date_min` is of no use: it filters by the
time of listing. What the venue answers is emitted as it came (`gamma:sports`, `gamma:events`); a
body that is the same as the last one of its request is told as `Unchanged`. A request that fails
becomes an `http` control frame, and the league keeps what it had. `/sports` and `/events` each
have their budget.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlencode

import msgspec
import requests

from connectors.budget import Budget
from connectors.http import HttpFailed, fetch
from connectors.polymarket.gamma import Listing, SportRow, parse_events, parse_sports
from fusion.errors import Refusal
from fusion.frames import (
    NS_PER_S,
    Emit,
    HttpStatus,
    Unchanged,
    encode_control,
)
from fusion.leagues import League
from fusion.listing import ListedEvent

GAMES_TAG = "100639"
"""The tag that every event of a game bears."""

MAX_PAUSE_S = 300.0
"""The longest that the venue can send us away for."""

_GENERAL_TAGS = frozenset({"1", GAMES_TAG, "100350"})
"""Sports, games and soccer: tags that are no league's own."""


class DiscoveryBudgets(msgspec.Struct, frozen=True):
    """What may be asked of each endpoint."""

    sports: Budget
    events: Budget


OnEvents = Callable[[str, tuple[ListedEvent, ...]], None]


class DiscoverySettings(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how far to look. Times in seconds.

    Of what is listed, events that start within `before_s` and `after_s` of now are kept; with
    `after_s` None all are, for a venue with a clock of its own. A page of a hundred events may
    have ten megabytes: `max_bytes` and `body_s` bound it.
    """

    base_url: str = "https://gamma-api.polymarket.com"
    every_s: float = 60.0
    sports_every_s: float = 86_400.0
    before_s: float = 12 * 3600.0
    after_s: float | None = 36 * 3600.0
    page_size: int = 100
    max_pages: int = 10
    max_bytes: int = 64 << 20
    body_s: float = 60.0


async def discover(
    leagues: Sequence[League],
    settings: DiscoverySettings,
    emit: Emit,
    on_events: OnEvents,
    session: requests.Session,
    *,
    budgets: DiscoveryBudgets,
    now: Callable[[], int] = time.time_ns,
) -> None:
    """Poll until cancelled; `on_events(league key, events)` is called after each whole listing.

    `now` gives UTC nanoseconds. No failure of the venue ends it.
    """
    discovery = Discovery(settings, emit, on_events, session, budgets=budgets, now=now)
    while True:
        pause_s = await discovery.ask(leagues)
        await asyncio.sleep(max(pause_s, settings.every_s * budgets.events.stretch))


class Discovery:
    """What is known from earlier answers: the series of each sport, and the last bodies."""

    def __init__(
        self,
        settings: DiscoverySettings,
        emit: Emit,
        on_events: OnEvents,
        session: requests.Session,
        *,
        budgets: DiscoveryBudgets,
        now: Callable[[], int] = time.time_ns,
    ) -> None:
        self._budgets = budgets
        self._settings = settings
        self._emit = emit
        self._on_events = on_events
        self._session = session
        self._now = now
        self._sports: dict[str, SportRow] = {}
        self._sports_due_s = 0.0
        self._last: dict[str, tuple[bytes, Listing]] = {}

    async def ask(self, leagues: Sequence[League]) -> float:
        """Ask once for each league; return how long the venue wants to be left alone, in seconds.

        When it says so, the rest of the leagues waits for the next round.
        """
        pause_s = await self._refresh_sports()
        for league in leagues:
            if pause_s:
                break
            pause_s = await self._refresh(league)
        return pause_s

    async def _refresh_sports(self) -> float:
        now_s = asyncio.get_running_loop().time()
        if now_s < self._sports_due_s:
            return 0.0
        try:
            url = f"{self._settings.base_url.rstrip('/')}/sports"
            body = await self._fetch(url, self._budgets.sports)
        except HttpFailed as failure:
            return self._failed("gamma:sports", failure)
        self._emit("gamma:sports", body)
        listed = parse_sports(body)
        rows = listed.rows
        if not rows:
            self._refused("gamma:sports", listed.refusals)
        else:
            self._sports = {row.code: row for row in rows}
            self._sports_due_s = now_s + self._settings.sports_every_s
        return 0.0

    async def _refresh(self, league: League) -> float:
        try:
            events = await self._list(self._filters(league))
        except HttpFailed as failure:
            return self._failed("gamma:events", failure)
        self._on_events(league.key, tuple(filter(self._is_near, events)))
        return 0.0

    def _filters(self, league: League) -> list[list[tuple[str, str]]]:
        """Return the ways to ask for a league's games, the best first."""
        row = self._sports.get(league.polymarket)
        own_tags = [tag for tag in row.tags if tag not in _GENERAL_TAGS] if row else []
        tag = league.tag or next(iter(own_tags), "")
        filters: list[list[tuple[str, str]]] = []
        if row is not None and row.series_id:
            filters.append([("series_id", row.series_id), ("tag_id", GAMES_TAG)])
        if tag:
            filters.append([("tag_id", tag), ("tag_id", GAMES_TAG)])
        return filters

    async def _list(self, filters: list[list[tuple[str, str]]]) -> list[ListedEvent]:
        """Return the events of the first filter that has any."""
        for query in filters:
            events = await self._pages(query)
            if events:
                return events
        return []

    async def _pages(self, query: list[tuple[str, str]]) -> list[ListedEvent]:
        size = self._settings.page_size
        events: list[ListedEvent] = []
        for page in range(self._settings.max_pages):
            parameters = [
                *query,
                ("active", "true"),
                ("closed", "false"),
                ("limit", str(size)),
                ("offset", str(page * size)),
                ("order", "startTime"),
                ("ascending", "true"),
            ]
            base_url = self._settings.base_url.rstrip("/")
            listing = await self._page(f"{base_url}/events?{urlencode(parameters)}")
            events.extend(listing.events)
            if listing.elements < size:
                break
        return events

    async def _page(self, url: str) -> Listing:
        body = await self._fetch(url, self._budgets.events)
        digest = hashlib.sha1(body, usedforsecurity=False)
        last = self._last.get(url)
        if last is not None and last[0] == digest.digest():
            unchanged = Unchanged("gamma:events", digest.hexdigest())
            self._emit("control", encode_control(unchanged))
            return last[1]
        self._emit("gamma:events", body)
        listing = parse_events(body)
        if not listing.events:
            self._refused("gamma:events", listing.refusals)
        self._last[url] = (digest.digest(), listing)
        return listing

    def _refused(self, source: str, refusals: Sequence[Refusal]) -> None:
        """Put on record that a body which arrived whole could not be read."""
        for refusal in refusals[:1]:
            detail = f"{refusal.reason}: {refusal.detail}"
            self._emit("control", encode_control(HttpStatus(source, 200, detail)))

    async def _fetch(self, url: str, budget: Budget) -> bytes:
        request = partial(
            fetch,
            self._session,
            url,
            total_s=self._settings.body_s,
            max_bytes=self._settings.max_bytes,
        )
        return await budget.ask(lambda heard: request(heard=heard))

    def _failed(self, source: str, failure: HttpFailed) -> float:
        status = HttpStatus(source, failure.status, failure.detail)
        self._emit("control", encode_control(status))
        return min(failure.retry_after_s or 0.0, MAX_PAUSE_S)

    def _is_near(self, event: ListedEvent) -> bool:
        settings = self._settings
        if settings.after_s is None:
            return True
        if event.start_ns is None:
            return False
        ahead_s = (event.start_ns - self._now()) / NS_PER_S
        return -settings.before_s <= ahead_s <= settings.after_s
