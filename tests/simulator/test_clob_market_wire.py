from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
import requests

from connectors.polymarket.clob_rules import parse_clob_market
from fusion.market_rules import ClobRules
from fusion.slate import FeeSchedule

AGENT = {"User-Agent": "fairline-tests/1.0 (+https://example.org/fairline)"}
SHAPE = ["gst", "r", "t", "c", "mos", "mts", "mbf", "tbf", "ao", "nr", "cbos", "aot", "ibce", "fd"]


@pytest.fixture(scope="module")
def url(launch: Any) -> str:
    """Return the base URL of a simulator that runs in real time."""
    return str(launch("--speed", "1", "--seed", "11")["url"])


def get(url: str, **params: str) -> requests.Response:
    """Return the answer to a GET."""
    return requests.get(url, params=params, headers=AGENT, timeout=10)


@pytest.mark.parametrize(
    ("series", "neg_risk", "delay", "tail"),
    [("10345", False, None, []), ("10346", False, 1, ["itode", "sd"]), ("10188", True, None, [])],
    ids=["nba", "nhl", "soccer"],
)
def test_every_listed_market_has_its_rules(
    series: str, neg_risk: bool, delay: int | None, tail: list[str], url: str
) -> None:
    """What the CLOB says of a market agrees with its listing, in the venue's short keys."""
    listed = get(f"{url}/events", series_id=series).json()[0]["markets"]
    assert listed
    for market in listed:
        answer = get(f"{url}/clob-markets/{market['conditionId']}")
        row = answer.json()
        assert list(row) == SHAPE + tail
        assert [token["t"] for token in row["t"]] == json.loads(market["clobTokenIds"])
        assert [token["o"] for token in row["t"]] == json.loads(market["outcomes"])
        start = datetime.fromisoformat(f"{market['gameStartTime']}:00")
        assert parse_clob_market(answer.content) == ClobRules(
            market_id=market["conditionId"],
            tick_size=round(market["orderPriceMinTickSize"] * 10_000),
            min_order_size=5.0,
            fee=FeeSchedule(rate=0.05, exponent=1.0, taker_only=True),
            neg_risk=neg_risk and market["negRisk"],
            accepting_orders=True,
            clear_book_on_start=True,
            game_start_ns=round(start.timestamp()) * 1_000_000_000,
            seconds_delay=delay,
        )
