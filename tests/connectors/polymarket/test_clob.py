"""Books over REST."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.http import HttpFailed, new_session
from connectors.polymarket.clob import BooksAnswer, chunks, fetch_books, parse_books
from fusion.market import BookSnapshot


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """Open a session for the length of a test."""
    with new_session("fairline-test") as session:
        yield session


def book(token: str) -> dict[str, Any]:
    """Return a book as REST writes it."""
    return {
        "market": "0xm",
        "asset_id": token,
        "timestamp": "1788092796100",
        "hash": "9180",
        "bids": [{"price": "0.01", "size": "421.14"}],
        "asks": [],
        "min_order_size": "5",
        "tick_size": "0.01",
        "neg_risk": False,
        "last_trade_price": "",
    }


def snapshot(token: str) -> BookSnapshot:
    """Return the same book as it is read."""
    return BookSnapshot(
        "0xm", token, 1_788_092_796_100, ((100, 421_140_000),), (), "9180", 100, "", "5", False
    )


def test_books_are_asked_for_by_token(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """One request names its tokens in order, and says when its answer began."""
    http_server.reply = lambda request: make_reply(body=b"[]", pause_s=0.05)
    heard: list[float] = []
    body = fetch_books(session, http_server.url + "/", ["7", "8"], heard.append)
    (request,) = http_server.requests
    assert (body, request.method, request.path) == (b"[]", "POST", "/books")
    assert json.loads(request.body) == [{"token_id": "7"}, {"token_id": "8"}]
    assert len(heard) == 1
    assert 0.05 <= heard[0] < 2.0


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (500, [500]), (501, [500, 1]), (1001, [500, 500, 1])]
)
def test_no_request_is_too_large(count: int, sizes: list[int]) -> None:
    """Parts have at most 500 tokens, and hold every token once."""
    tokens = [str(number) for number in range(count)]
    parts = chunks(tokens)
    assert [len(part) for part in parts] == sizes
    assert [token for part in parts for token in part] == tokens


def test_a_restarting_venue_is_an_error(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """HTTP 425, the weekly restart, is raised with its status."""
    http_server.reply = lambda request: make_reply(status=425)
    with pytest.raises(HttpFailed) as caught:
        fetch_books(session, http_server.url, ["1"])
    assert caught.value.status == 425


def test_a_single_book_is_read() -> None:
    """`GET /book` gives one object."""
    assert parse_books(json.dumps(book("7")).encode()) == BooksAnswer((snapshot("7"),))


@pytest.mark.parametrize(
    ("payload", "reasons"),
    [
        (b"", ["empty_body"]),
        (b"<html>", ["html"]),
        (b"[", ["not_json"]),
        (b"[" * 100_000, ["too_deep"]),
        (b'{"error":"No orderbook exists for the requested token id"}', ["bad_book"]),
        (
            json.dumps([1, {**book("1"), "timestamp": "now"}]).encode(),
            ["bad_book", "bad_timestamp"],
        ),
        (b"[]", []),
    ],
)
def test_what_is_no_book_is_refused(payload: bytes, reasons: list[str]) -> None:
    """Errors of the venue and garbage give refusals, an empty list gives nothing."""
    parsed = parse_books(payload)
    assert (parsed.books, [refusal.reason for refusal in parsed.refusals]) == ((), reasons)


def test_captured_books_are_read(shared: Path) -> None:
    """The two books of a college game in August 2026 have the sides that they had."""
    folder = shared / "captures/polymarket/rest"
    parsed = parse_books((folder / "books_cfb_fordham_ndsu_20260830.json").read_bytes())
    assert [
        (each.venue_ms, len(each.bids), each.bids[-1], len(each.asks), each.asks[-1])
        for each in parsed.books
    ] == [
        (1_788_092_796_100, 3, (300, 26_240_000), 5, (9200, 5_530_000)),
        (1_788_092_648_041, 6, (600, 8_760_000), 6, (9200, 155_110_000)),
    ]
    assert {(each.tick_size, each.min_order_size, each.neg_risk) for each in parsed.books} == {
        (100, "5", False)
    }
