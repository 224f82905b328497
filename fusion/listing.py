"""What the venue lists: events with their markets, before they are matched to games."""

from __future__ import annotations

from typing import Literal

import msgspec

from fusion.slate import MarketRules


class ListedTeam(msgspec.Struct, frozen=True):
    """A team as an event lists it; any field may be empty."""

    name: str
    code: str = ""
    alias: str = ""
    ordering: Literal["home", "away", ""] = ""


class ListedMarket(msgspec.Struct, frozen=True):
    """One market of an event. `market_type` is the venue's `sportsMarketType`, None where null.

    `closed_ns` is when it was closed, None while it is open or where that is not told.
    """

    rules: MarketRules
    question: str
    group_title: str = ""
    market_type: str | None = None
    line: float | None = None
    closed_ns: int | None = None


class ListedEvent(msgspec.Struct, frozen=True):
    """One event of the venue, a game or a companion of a game.

    `code` is the venue's sport code, the first part of the slug (`nba`, `epl`); `event_date`
    `YYYY-MM-DD` as listed; `start_ns` the start of play, never the listing time. `closed_ns` and
    `ended_ns` are when it was closed and when the game ended, None where that is not told.
    """

    event_id: str
    slug: str
    title: str
    code: str
    start_ns: int | None
    event_date: str
    teams: tuple[ListedTeam, ...]
    markets: tuple[ListedMarket, ...]
    closed: bool = False
    ended: bool = False
    venue_game_id: str = ""
    closed_ns: int | None = None
    ended_ns: int | None = None
