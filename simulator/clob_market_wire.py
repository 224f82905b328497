"""One market as the CLOB states it, in short keys: with the tick of now, not of its listing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fusion.market import PRICE_ONE
from simulator.espn_wire import start_of
from simulator.plan import GamePlan, MarketPlan
from simulator.venue import Venue

ISO = "%Y-%m-%dT%H:%M:%SZ"
REWARDS = {"mi": 50, "ma": 4.5, "moas": 4}
DELAYED_SPORTS = ("football", "hockey")


def clob_market_json(venue: Venue, game: GamePlan, market: MarketPlan) -> dict[str, Any]:
    """Return the rules of one market as they stand now."""
    book = venue.books[market.condition_id]
    start = start_of(venue.evening, game)
    delayed = game.league.sport in DELAYED_SPORTS
    tokens = zip(market.token_ids, market.outcomes, strict=True)
    row: dict[str, Any] = {
        "gst": f"{start:{ISO}}",
        "r": REWARDS,
        "t": [{"t": token, "o": outcome} for token, outcome in tokens],
        "c": market.condition_id,
        "mos": 5,
        "mts": book.tick / PRICE_ONE,
        "mbf": 1000,
        "tbf": 1000,
        "ao": not book.resolved,
        "nr": market.neg_risk,
        "cbos": True,
        "aot": f"{start - timedelta(days=5):{ISO}}",
        "ibce": True,
        "fd": {"r": 0.05, "e": 1, "to": True},
    }
    return row | {"itode": True, "sd": 1} if delayed else row
