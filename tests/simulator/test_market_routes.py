from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest
import requests

AGENT = {"User-Agent": "fairline-tests/1.0 (+https://example.org/fairline)"}


@pytest.fixture(scope="module")
def url(launch: Any) -> str:
    """Return the base URL of a simulator that runs in real time."""
    return str(launch("--speed", "1", "--seed", "11")["url"])


def get(url: str, **params: str) -> requests.Response:
    """Return the answer to a GET."""
    return requests.get(url, params=params, headers=AGENT, timeout=10)


def moneyline(url: str) -> dict[str, Any]:
    """Return the moneyline market of the first NBA game."""
    market: dict[str, Any] = next(
        market
        for market in get(f"{url}/events", series_id="10345").json()[0]["markets"]
        if market["sportsMarketType"] == "moneyline"
    )
    return market


def test_events_are_filtered_sorted_and_paged(url: str) -> None:
    """Series, tags, closed, order and both ways to page."""
    events = f"{url}/events"
    assert len(get(events, series_id="10345", tag_id="100639", closed="false").json()) == 1
    assert get(events, series_id="999").json() == []
    assert get(events, closed="true").json() == []
    assert len(get(f"{events}?tag_id=1&tag_id=100350", limit="100").json()) == 18
    every = get(events, limit="100", order="startTime,id", ascending="true").json()
    assert len(every) == 35
    starts = [event["startTime"] for event in every]
    assert starts == sorted(starts)
    paged = [
        row
        for offset in ("0", "7", "14", "21", "28")
        for row in get(
            events, limit="7", offset=offset, order="startTime,id", ascending="true"
        ).json()
    ]
    assert [row["id"] for row in paged] == [row["id"] for row in every]
    slug = every[0]["slug"]
    assert [row["slug"] for row in get(events, slug=slug).json()] == [slug]
    assert get(events, limit="1").headers["deprecation"] == "true"


def test_starts_are_limited_by_cursor_only(url: str) -> None:
    """Both limits are included; the outdated way to page does not know them."""
    hour = {"start_time_min": "2026-11-21T00:15:00Z", "start_time_max": "2026-11-21T00:20:00Z"}
    keyset = get(f"{url}/events/keyset", limit="100", **hour)
    starts = {event["startTime"] for event in keyset.json()["events"]}
    assert starts == {"2026-11-21T00:15:00Z", "2026-11-21T00:20:00Z"} | {
        start for start in starts if hour["start_time_min"] < start < hour["start_time_max"]
    }
    assert "deprecation" not in keyset.headers
    assert len(get(f"{url}/events", limit="100", **hour).json()) == 35


def test_the_keyset_ends_without_a_cursor(url: str) -> None:
    """Pages are chained by `next_cursor`; the last page has none."""
    seen, cursor = [], ""
    for _ in range(10):
        params = {"limit": "8"} | ({"after_cursor": cursor} if cursor else {})
        page = get(f"{url}/events/keyset", **params).json()
        assert "$schema" in page
        seen += [event["id"] for event in page["events"]]
        cursor = page.get("next_cursor", "")
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 35


def test_an_unknown_token_has_no_book(url: str) -> None:
    """A status of 404, and the venue's own words."""
    answer = get(f"{url}/book?token_id=1")
    assert (answer.status_code, answer.json()) == (
        404,
        {"error": "No orderbook exists for the requested token id"},
    )


def test_books_have_ten_fields_and_their_hash(url: str) -> None:
    """The summary with an empty hash, compact and in order, has the hash it carries."""
    for token in json.loads(moneyline(url)["clobTokenIds"]):
        row = get(f"{url}/book", token_id=token).json()
        assert list(row) == [
            "market",
            "asset_id",
            "timestamp",
            "hash",
            "bids",
            "asks",
            "min_order_size",
            "tick_size",
            "neg_risk",
            "last_trade_price",
        ]
        text = json.dumps(row | {"hash": ""}, separators=(",", ":"))
        assert row["hash"] == hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        assert re.fullmatch(r"\d{13}", row["timestamp"])


def test_many_books_leave_unknown_tokens_out(url: str) -> None:
    """In the order asked; a body that is no list of tokens is refused."""
    tokens = json.loads(moneyline(url)["clobTokenIds"])
    body = [{"token_id": token} for token in (tokens[1], "1", tokens[0])]
    answer = requests.post(f"{url}/books", json=body, headers=AGENT, timeout=10)
    assert [row["asset_id"] for row in answer.json()] == [tokens[1], tokens[0]]
    bad = requests.post(f"{url}/books", data=b"{", headers=AGENT, timeout=10)
    assert bad.status_code == 400


def test_rules_are_of_known_markets_only(url: str) -> None:
    """A market's own address tells its rules; an unknown one has none."""
    market_id = moneyline(url)["conditionId"]
    known = get(f"{url}/clob-markets/{market_id}")
    unknown = get(f"{url}/clob-markets/0x1")

    assert (known.status_code, known.json()["c"]) == (200, market_id)
    assert "cache-control" not in known.headers
    assert (unknown.status_code, unknown.json()) == (404, {"error": "market not found"})
