"""Asks the venue, again and again, which games of the leagues it lists.

`/sports`, which names the series of each league, is read at the start and daily. A league is looked
at in two ways. The whole look asks by all of its series and tags and takes what they list together,
so that a season that changes its series loses no game; it is made at the start, daily, when
`/sports` names something else, and hourly while no game is near. The near look, `every_s`, asks
only by the filters that found games then, for games that start within `before_s` and `after_s`
of now; a league without such games waits `rare_times` as long. Where a near look misses all games
that were near, the next look is whole: the venue may limit the starts in another way than we think.

What the venue answers is emitted as it came (`gamma:sports`, `gamma:events`). A request that fails
becomes an `http` control frame, and the league keeps what it had. A league that is in season and
lists no game at all is told as `NoGames`, once. `/sports` and `/events` each have their budget. The
venue's cache serves listings up to five minutes old, so that asking more often finds little.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import msgspec
import requests

from connectors.budget import Budget
from connectors.http import HttpFailed, fetch
from connectors.polymarket.gamma import SportRow, parse_sports
from connectors.polymarket.gamma_pages import GammaPages, PageSettings
from connectors.polymarket.gamma_query import Parameters, league_filters, start_window
from fusion.days import slate_day
from fusion.frames import NS_PER_S, Control, Emit, HttpStatus, NoGames, encode_control
from fusion.league import League, in_season
from fusion.listed_games import listed_game
from fusion.listing import ListedEvent

MAX_PAUSE_S = 300.0
"""The longest that the venue can send us away for."""


class DiscoveryBudgets(msgspec.Struct, frozen=True):
    """What may be asked of each endpoint."""

    sports: Budget
    events: Budget


OnEvents = Callable[[str, tuple[ListedEvent, ...]], None]


class DiscoverySettings(PageSettings, frozen=True, kw_only=True):
    """How often and how far to look. Times in seconds.

    Of what is listed, events that start within `before_s` and `after_s` of now are kept; with
    `after_s` None all are, for a venue with a clock of its own, where no season is known either.
    """

    every_s: float = 60.0
    rare_times: float = 5.0
    whole_rare_s: float = 3600.0
    sports_every_s: float = 86_400.0
    before_s: float = 12 * 3600.0
    after_s: float | None = 36 * 3600.0


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
    """Poll until cancelled; `on_events(league key, events)` is called after each look.

    `now` gives UTC nanoseconds. No failure of the venue ends it.
    """
    discovery = Discovery(settings, emit, on_events, session, budgets=budgets, now=now)
    while True:
        pause_s = await discovery.ask(leagues)
        await asyncio.sleep(pause_s)


class _Known(msgspec.Struct):
    """What is known of a league; times are of the event loop.

    `filters` are all of the last whole look, `fruitful` those of them that found games, or may;
    `near` is whether the last look found games near now, `missed` that none is listed at all.
    """

    due_s: float = 0.0
    whole_due_s: float = 0.0
    filters: tuple[Parameters, ...] = ()
    fruitful: tuple[Parameters, ...] = ()
    near: bool = False
    missed: bool = False


class _Look(msgspec.Struct):
    """What one look found: the events by id, and the filters that found games or failed.

    `complete` is false where pages may be missing; `pause_s` is what the venue wants.
    """

    events: dict[str, ListedEvent]
    fruitful: list[Parameters]
    failed: list[Parameters]
    complete: bool = True
    pause_s: float = 0.0


class Discovery:
    """The series of each league, what its filters found, and when it is due again."""

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
        self._pages = GammaPages(settings, emit, session, budgets.events)
        self._sports: dict[str, SportRow] = {}
        self._sports_due_s = 0.0
        self._known: dict[str, _Known] = {}

    async def ask(self, leagues: Sequence[League]) -> float:
        """Look at each league that is due; return the seconds until the next one is.

        When the venue wants to be left alone, the rest of the leagues waits for the next round.
        """
        clock = asyncio.get_running_loop().time
        for league in leagues:
            self._known.setdefault(league.key, _Known())
        pause_s = await self._refresh_sports() if clock() >= self._sports_due_s else 0.0
        for league in leagues:
            if pause_s:
                break
            if clock() >= self._known[league.key].due_s:
                pause_s = await self._refresh(league, self._known[league.key])
        due_s = min((known.due_s for known in self._known.values()), default=self._sports_due_s)
        return max(pause_s, due_s - clock(), 0.0)

    async def _refresh_sports(self) -> float:
        settings = self._settings
        now_s = asyncio.get_running_loop().time()
        self._sports_due_s = now_s + settings.every_s
        url = f"{settings.base_url.rstrip('/')}/sports"
        request = partial(
            fetch, self._session, url, total_s=settings.body_s, max_bytes=settings.max_bytes
        )
        try:
            body = await self._budgets.sports.ask(lambda heard: request(heard=heard))
        except HttpFailed as failure:
            return self._failed("gamma:sports", failure)
        self._emit("gamma:sports", body)
        listed = parse_sports(body)
        if listed.rows:
            self._sports = {row.code: row for row in listed.rows}
            self._sports_due_s = now_s + settings.sports_every_s
            self._pages.try_keyset()
        elif listed.refusals:
            refusal = listed.refusals[0]
            detail = f"{refusal.reason}: {refusal.detail}"
            self._record(HttpStatus("gamma:sports", 200, detail))
        return 0.0

    async def _refresh(self, league: League, known: _Known) -> float:
        settings = self._settings
        now_s = asyncio.get_running_loop().time()
        filters = league_filters(league, self._sports)
        whole = now_s >= known.whole_due_s or filters != known.filters
        asked = filters if whole else known.fruitful or filters
        look = await self._look(league, asked, whole=whole)
        near = tuple(filter(self._is_near, look.events.values()))
        heard = len(look.failed) < max(1, len(asked))
        if heard:
            self._on_events(league.key, near)
        idle = not look.failed and not any(_is_game(event, league) for event in near)
        vanished = idle and known.near and not whole
        known.near = not idle
        times = settings.rare_times if idle and not vanished else 1.0
        known.due_s = now_s + settings.every_s * times * self._budgets.events.stretch
        if whole and heard:
            known.filters = filters
            known.fruitful = tuple(each for each in filters if each in look.fruitful + look.failed)
            known.whole_due_s = now_s + settings.sports_every_s
            self._tell_missing(league, known, look)
        if idle:
            whole_s = 0.0 if vanished else settings.whole_rare_s
            known.whole_due_s = min(known.whole_due_s, now_s + whole_s)
        return look.pause_s

    async def _look(self, league: League, filters: tuple[Parameters, ...], *, whole: bool) -> _Look:
        """Ask by each filter; what one of them cannot answer takes nothing from the others."""
        settings = self._settings
        window: Parameters = ()
        if not whole and settings.after_s is not None:
            window = start_window(self._now(), settings.before_s, settings.after_s)
        look = _Look({}, [], [])
        for each in filters:
            if look.pause_s:
                look.failed.append(each)
                continue
            try:
                listing = await self._pages.read(each, window)
            except HttpFailed as failure:
                look.failed.append(each)
                look.pause_s = self._failed("gamma:events", failure)
                continue
            look.complete = look.complete and listing.complete
            found = {one.event_id: one for one in listing.events if one.event_id not in look.events}
            look.events |= found
            if any(_is_game(event, league) for event in found.values()):
                look.fruitful.append(each)
        return look

    def _tell_missing(self, league: League, known: _Known, look: _Look) -> None:
        """Put on record that a league in season has no games, when that has become so."""
        if look.fruitful:
            known.missed = False
        if look.fruitful or look.failed or not look.complete or self._settings.after_s is None:
            return
        day = date.fromisoformat(slate_day(self._now()))
        before, known.missed = known.missed, in_season(league, day)
        if known.missed and not before:
            asked = ", ".join(f"{name} {value}" for (name, value), *_ in known.filters) or "nothing"
            detail = f"the venue lists no game of {league.name}, asked by {asked}, and"
            detail += f" {len(look.events)} other events; its code, series or tag may have changed"
            self._record(NoGames(league.key, detail))

    def _failed(self, source: str, failure: HttpFailed) -> float:
        self._record(HttpStatus(source, failure.status, failure.detail))
        return min(failure.retry_after_s or 0.0, MAX_PAUSE_S)

    def _record(self, control: Control) -> None:
        self._emit("control", encode_control(control))

    def _is_near(self, event: ListedEvent) -> bool:
        settings = self._settings
        if settings.after_s is None:
            return True
        if event.start_ns is None:
            return False
        ahead_s = (event.start_ns - self._now()) / NS_PER_S
        return -settings.before_s <= ahead_s <= settings.after_s


def _is_game(event: ListedEvent, league: League) -> bool:
    """Tell whether an event is a game of the league, not a companion of one or a future."""
    return event.code in league.codes and listed_game(event) is not None
