"""One look at a day: the games of each league, the markets listed for them, and how they match.

Asked of the venue once, by the connectors that a run uses, and kept nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from functools import partial

import msgspec

from connectors.budget import Budget
from connectors.espn.parse import Scoreboard, parse_scoreboard
from connectors.espn.request import board_request
from connectors.http import Heard, HttpFailed, fetch, new_session
from connectors.polymarket.discovery import Discovery, DiscoveryBudgets
from flows.connector_settings import discovery_settings, open_budgets, poll_settings
from flows.overrides import read_overrides
from flows.settings import Settings
from flows.venue import Venue
from fusion.days import EASTERN, NS_PER_HOUR, slate_day
from fusion.frames import HttpStatus, NoGames, Suspicious, decode_control
from fusion.game import GameState
from fusion.leagues import League, in_season
from fusion.listing import ListedEvent
from fusion.matching import match_slate
from fusion.slate import Slate

NEAR_NS = 18 * NS_PER_HOUR
"""How far from noon of the day an event may start: the day itself, and what runs over its ends."""


class LeagueCoverage(msgspec.Struct, frozen=True):
    """One league on one day: what was found, how much of it matched, and what is odd about it."""

    league: str
    games: int
    events: int
    markets: int
    matched: int
    notes: tuple[str, ...] = ()


class Coverage(msgspec.Struct, frozen=True):
    """One day of all leagues that were asked for."""

    day: date
    leagues: tuple[LeagueCoverage, ...]
    slate: Slate


class _Found(msgspec.Struct):
    """What a league was found to have."""

    games: tuple[GameState, ...] = ()
    events: tuple[ListedEvent, ...] = ()
    notes: list[str] = []


async def take_coverage(
    settings: Settings, venue: Venue, leagues: Sequence[League], day: date
) -> Coverage:
    """Ask the venue for a US Eastern day of `leagues` and match what it answers."""
    found = {league.key: _Found() for league in leagues}
    noon_ns = _noon_ns(day)

    def note(source: str, payload: bytes) -> None:
        control = decode_control(payload) if source == "control" else None
        if isinstance(control, HttpStatus | Suspicious):
            for one in found.values():
                one.notes.append(f"{control.source}: {control.detail}")
        elif isinstance(control, NoGames) and control.league in found:
            found[control.league].notes.append(control.detail)

    def keep(key: str, events: Iterable[ListedEvent]) -> None:
        found[key].events = tuple(
            event for event in events if event.start_ns is None or _is_near(event.start_ns, noon_ns)
        )

    budgets = open_budgets(settings, venue, lambda _source, _payload: None)
    discovery = Discovery(
        discovery_settings(settings, venue),
        note,
        keep,
        new_session(settings.espn.user_agent),
        budgets=DiscoveryBudgets(budgets["gamma:sports"], budgets["gamma:events"]),
        now=lambda: noon_ns,
    )
    look = _Boards(settings, venue, day, budgets["espn:scoreboard"])
    boards = (look.read(league, found[league.key]) for league in leagues)
    await asyncio.gather(discovery.ask(leagues), *boards)
    games = [game for one in found.values() for game in one.games]
    events = [event for one in found.values() for event in one.events]
    slate = match_slate(games, events, overrides=read_overrides(settings.slate.overrides))
    return Coverage(
        day, tuple(_told(league, day, found[league.key], slate) for league in leagues), slate
    )


class _Boards:
    """The scoreboards of one day, each asked for once."""

    def __init__(self, settings: Settings, venue: Venue, day: date, budget: Budget) -> None:
        self._poll = poll_settings(settings, venue)
        self._session = new_session(settings.espn.user_agent)
        self._day = day
        self._budget = budget

    async def read(self, league: League, found: _Found) -> None:
        """Fetch and read one scoreboard into `found`; a failure becomes a note."""
        try:
            board = await self._budget.ask(partial(self._ask, league))
        except HttpFailed as failure:
            found.notes.append(f"ESPN: {failure.detail}")
            return
        found.notes.extend(f"ESPN: {one.reason}: {one.detail}" for one in board.refusals)
        found.games = tuple(
            game for game in board.games if slate_day(game.start_ns) == self._day.isoformat()
        )

    def _ask(self, league: League, heard: Heard) -> Scoreboard:
        url, params = board_request(league, self._poll.base_url, self._day)
        timeout_s = (self._poll.timeout_s, self._poll.timeout_s)
        body = fetch(self._session, url, params=params, timeout_s=timeout_s, heard=heard)
        return parse_scoreboard(body, league)


def _told(league: League, day: date, found: _Found, slate: Slate) -> LeagueCoverage:
    matched = [game for game in slate.games if game.league == league.key]
    notes = list(dict.fromkeys(found.notes))
    if in_season(league, day):
        if not found.games:
            notes.append("in season, and ESPN has no game that day")
        if found.games and not found.events:
            notes.append("in season, and Polymarket lists nothing for that day")
    return LeagueCoverage(
        league=league.key,
        games=len(found.games),
        events=len(found.events),
        markets=sum(len(game.markets) for game in matched),
        matched=len(matched),
        notes=tuple(notes),
    )


def _noon_ns(day: date) -> int:
    noon = datetime.combine(day, time(12), tzinfo=EASTERN)
    return int(noon.astimezone(UTC).timestamp()) * 1_000_000_000


def _is_near(start_ns: int, noon_ns: int) -> bool:
    return abs(start_ns - noon_ns) <= NEAR_NS
