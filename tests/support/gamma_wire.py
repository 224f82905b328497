"""An event of Gamma as the wire has it, and as it is read."""

from __future__ import annotations

import json
from typing import Any

from connectors.polymarket.gamma import Listing, SportsListing
from fusion.listing import ListedEvent, ListedMarket, ListedTeam
from fusion.slate import FeeSchedule, MarketRules

START_NS = 1_788_566_400_000_000_000  # 2026-09-05 00:00:00 UTC
YES, NO = "1" * 77, "2" * 77

MARKET: dict[str, Any] = {
    "id": "3889375",
    "conditionId": "0xc4",
    "question": "LIU vs. Kansas",
    "slug": "cfb-liub-kan-2026-09-04",
    "outcomes": '["LIU", "Kansas"]',
    "outcomePrices": '["0.038", "0.962"]',
    "clobTokenIds": f'["{YES}", "{NO}"]',
    "enableOrderBook": True,
    "orderPriceMinTickSize": 0.001,
    "orderMinSize": 5,
    "gameStartTime": "2026-09-05 00:00:00+00",
    "startDate": "2026-08-25T23:32:27Z",
    "endDate": "2026-09-19T00:00:00Z",
    "secondsDelay": 1,
    "takerBaseFee": 1000,
    "acceptingOrders": True,
    "negRisk": False,
    "clearBookOnStart": True,
    "closed": False,
    "sportsMarketType": "moneyline",
    "feesEnabled": True,
    "feeSchedule": {"exponent": 1, "rate": 0.05, "takerOnly": True, "rebateRate": 0.15},
}
EVENT: dict[str, Any] = {
    "id": "912887",
    "slug": "cfb-liub-kan-2026-09-04",
    "title": "LIU vs. Kansas",
    "startDate": "2026-08-25T23:32:25Z",
    "endDate": "2026-09-19T00:00:00Z",
    "startTime": "2026-09-05T00:00:00Z",
    "eventDate": "2026-09-04",
    "closed": False,
    "gameId": 70971320,
    "teams": [
        {"name": "Sharks", "abbreviation": "liub", "alias": "LIU", "ordering": "away"},
        {"name": "Jayhawks", "abbreviation": "kan", "alias": None, "ordering": "home"},
    ],
    "sport": {"sport": "cfb", "ordering": "away", "series": "12756"},
    "markets": [MARKET],
}
RULES = MarketRules(
    market_id="0xc4",
    slug="cfb-liub-kan-2026-09-04",
    token_ids=(YES, NO),
    outcomes=("LIU", "Kansas"),
    tick_size=10,
    min_order_size=5.0,
    fee=FeeSchedule(rate=0.05, exponent=1.0, taker_only=True),
    seconds_delay=1,
    neg_risk=False,
    accepting_orders=True,
    clear_book_on_start=True,
    game_start_ns=START_NS,
    closed=False,
)
LISTED = ListedEvent(
    event_id="912887",
    slug="cfb-liub-kan-2026-09-04",
    title="LIU vs. Kansas",
    code="cfb",
    start_ns=START_NS,
    event_date="2026-09-04",
    teams=(
        ListedTeam("Sharks", "liub", "LIU", "away"),
        ListedTeam("Jayhawks", "kan", "", "home"),
    ),
    markets=(ListedMarket(RULES, "LIU vs. Kansas", "", "moneyline", None),),
    venue_game_id="70971320",
)


def encode(value: Any) -> bytes:
    """Return a value as JSON."""
    return json.dumps(value).encode()


def reasons(listing: Listing | SportsListing) -> list[str]:
    """Return the reasons of what was refused."""
    return [refusal.reason for refusal in listing.refusals]
