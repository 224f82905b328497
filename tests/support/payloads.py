"""Small payloads in the venues' own shapes, made up for tests."""

from __future__ import annotations

import json
from typing import Any

from factories import AWAY, GAME, HOME, MARKET, START_NS

from fusion.frames import Control, Frame, encode_control

EVENT_ID = GAME.removeprefix("nba:")


def espn_event(
    *, phase: str = "in", home: int = 60, away: int = 55, period: int = 3, clock: float = 400.0
) -> dict[str, Any]:
    """Return an NBA event of a scoreboard: the Knicks at the Celtics."""
    status = {
        "clock": clock,
        "displayClock": "6:40",
        "period": period,
        "type": {
            "id": {"pre": "1", "in": "2", "post": "3"}[phase],
            "name": {
                "pre": "STATUS_SCHEDULED",
                "in": "STATUS_IN_PROGRESS",
                "post": "STATUS_FINAL",
            }[phase],
            "state": phase,
            "completed": phase == "post",
            "detail": "6:40 - 3rd",
        },
    }
    sides = [
        ("home", home, "1", "BOS", "Boston Celtics", "Celtics", "Boston"),
        ("away", away, "2", "NY", "New York Knicks", "Knicks", "New York"),
    ]
    competitors = [
        {
            "homeAway": side,
            "score": str(score),
            "team": {
                "id": number,
                "abbreviation": code,
                "displayName": full,
                "shortDisplayName": nick,
                "name": nick,
                "location": city,
            },
        }
        for side, score, number, code, full, nick, city in sides
    ]
    return {
        "id": EVENT_ID,
        "date": "2026-11-18T20:26Z",
        "competitions": [
            {
                "id": EVENT_ID,
                "date": "2026-11-18T20:26Z",
                "competitors": competitors,
                "status": status,
            }
        ],
        "status": status,
    }


def scoreboard(*events: dict[str, Any]) -> bytes:
    """Return a scoreboard of these events."""
    return json.dumps({"leagues": [{"slug": "nba"}], "events": list(events)}).encode()


def gamma_event(**market: Any) -> dict[str, Any]:
    """Return the listing of the same game, with changes of its market."""
    moneyline = {
        "id": "1",
        "conditionId": MARKET,
        "slug": "nba-nyk-bos-2026-11-18",
        "question": "Knicks vs. Celtics",
        "outcomes": '["Knicks", "Celtics"]',
        "clobTokenIds": json.dumps([AWAY, HOME]),
        "active": True,
        "closed": False,
        "acceptingOrders": True,
        "enableOrderBook": True,
        "orderPriceMinTickSize": 0.01,
        "orderMinSize": 5,
        "gameStartTime": "2026-11-18 20:26:00+00",
        "sportsMarketType": "moneyline",
        "feesEnabled": True,
        "feeSchedule": {"exponent": 1, "rate": 0.05, "takerOnly": True, "rebateRate": 0.15},
    }
    return {
        "id": "9",
        "slug": "nba-nyk-bos-2026-11-18",
        "title": "Knicks vs. Celtics",
        "startTime": "2026-11-18T20:26:00Z",
        "eventDate": "2026-11-18",
        "active": True,
        "closed": False,
        "markets": [moneyline | market],
        "teams": [
            {"name": "New York Knicks", "abbreviation": "nyk", "alias": "Knicks"},
            {"name": "Boston Celtics", "abbreviation": "bos", "alias": "Celtics"},
        ],
    }


def listing_body(*events: dict[str, Any]) -> bytes:
    """Return a page of listed events."""
    return json.dumps(list(events)).encode()


def book_body(token: str, bid: str = "0.59", ask: str = "0.61", ms: int = 1) -> dict[str, Any]:
    """Return a snapshot of a book with one level a side, 500 shares each."""
    return {
        "event_type": "book",
        "market": MARKET,
        "asset_id": token,
        "timestamp": str(1_795_000_000_000 + ms),
        "hash": "",
        "bids": [{"price": bid, "size": "500"}],
        "asks": [{"price": ask, "size": "500"}],
    }


def frame(seq: int, source: str, payload: bytes | str, *, at_s: float | None = None) -> Frame:
    """Return frame `seq`, received `at_s` seconds into the evening (`seq` where left out)."""
    body = payload.encode() if isinstance(payload, str) else payload
    seconds = seq if at_s is None else at_s
    return Frame(seq, START_NS + round(seconds * 1_000_000_000), source, body)


def control(seq: int, value: Control) -> Frame:
    """Return a control frame."""
    return frame(seq, "control", encode_control(value))


def market_frame(seq: int, *messages: dict[str, Any], at_s: float | None = None) -> Frame:
    """Return a frame of the market socket with these messages as one array."""
    return frame(seq, "polymarket:market:0", json.dumps(list(messages)), at_s=at_s)
