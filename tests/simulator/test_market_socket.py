from __future__ import annotations

import json
import time
from typing import Any

import pytest
import requests
from websockets.sync.client import ClientConnection, connect

from simulator.plan import Evening

AGENT = {"User-Agent": "python-requests/2"}
Levels = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def slow(launch: Any) -> dict[str, Any]:
    """Return the addresses of a simulator that runs in real time."""
    address: dict[str, Any] = launch("--speed", "1", "--seed", "11")
    return address


@pytest.fixture(scope="module")
def tokens(slow: dict[str, Any]) -> list[str]:
    """Return the tokens of all moneyline markets."""
    return moneyline_tokens(slow)


def moneyline_tokens(address: dict[str, Any]) -> list[str]:
    """Return the tokens of all moneyline markets of a running simulator."""
    events = requests.get(f"{address['gamma']}/events", {"limit": 100}, timeout=10).json()
    return [
        token
        for event in events
        for market in event["markets"]
        if market["sportsMarketType"] == "moneyline"
        for token in json.loads(market["clobTokenIds"])
    ]


def dial(address: dict[str, Any]) -> ClientConnection:
    """Return an open market socket."""
    return connect(address["market_ws"], max_size=None, open_timeout=10, close_timeout=1)


def first(tokens: list[str]) -> str:
    """Return the first message of a client."""
    return json.dumps({"assets_ids": tokens, "type": "market", "custom_feature_enabled": True})


def test_the_first_answer_is_one_compact_array_of_books(
    slow: dict[str, Any], tokens: list[str]
) -> None:
    """One book a token, as `/book` shows it."""
    with dial(slow) as socket:
        socket.send(first(tokens[:2]))
        text = str(socket.recv(timeout=5))
        books = json.loads(text)
        assert text == json.dumps(books, separators=(",", ":"))
        assert [book["asset_id"] for book in books] == tokens[:2]
        for book in books:
            rest = requests.get(f"{slow['clob']}/book", {"token_id": book["asset_id"]}, timeout=10)
            assert {**rest.json(), **book} == {**book, **rest.json()}


def test_pings_are_answered_and_nonsense_is_named(slow: dict[str, Any], tokens: list[str]) -> None:
    """PONG to PING at any time, INVALID OPERATION to what does not fit where it comes."""
    with dial(slow) as socket:
        said = []
        for message in (
            "PING",
            "{",
            json.dumps({"operation": "subscribe", "assets_ids": tokens[:1]}),
        ):
            socket.send(message)
            said.append(socket.recv(timeout=5))
        assert said == ["PONG", "INVALID OPERATION", "INVALID OPERATION"]
        socket.send(first([]))
        assert socket.recv(timeout=5) == "[]"
        socket.send(first(tokens[:1]))
        assert socket.recv(timeout=5) == "INVALID OPERATION"


def test_unknown_tokens_give_an_empty_array_and_later_ones_are_added(
    slow: dict[str, Any], tokens: list[str]
) -> None:
    """`[]` first, then the book of what was subscribed by an operation, and none if not wanted."""
    with dial(slow) as socket:
        socket.send(first(["1", "2"]))
        assert socket.recv(timeout=5) == "[]"
        socket.send(json.dumps({"operation": "subscribe", "assets_ids": [tokens[3]]}))
        assert [book["asset_id"] for book in json.loads(socket.recv(timeout=5))] == [tokens[3]]
        for message in (
            {"operation": "unsubscribe", "assets_ids": [tokens[3]]},
            {"operation": "subscribe", "assets_ids": [tokens[4]], "initial_dump": False},
        ):
            socket.send(json.dumps(message))
        socket.send("PING")
        assert socket.recv(timeout=5) == "PONG"


class Books:
    """A client's books, and every state they settled in."""

    def __init__(self) -> None:
        self.now: dict[str, Levels] = {}
        self.states: dict[str, tuple[str, Levels]] = {}
        self.kinds: dict[str, int] = {}
        self.resolved: list[str] = []

    def hear(self, text: str) -> None:
        """Take a frame."""
        value = json.loads(text)
        for message in value if isinstance(value, list) else [value]:
            kind = message["event_type"]
            self.kinds[kind] = self.kinds.get(kind, 0) + 1
            if kind == "book":
                token = message["asset_id"]
                self.now[token] = {
                    "BUY": {row["price"]: row["size"] for row in message["bids"]},
                    "SELL": {row["price"]: row["size"] for row in message["asks"]},
                }
                self.settle(token, message["hash"])
            elif kind == "price_change":
                for change in message["price_changes"]:
                    side = self.now[change["asset_id"]][change["side"]]
                    side.pop(change["price"], None)
                    if change["size"] != "0":
                        side[change["price"]] = change["size"]
                for change in message["price_changes"]:
                    self.settle(change["asset_id"], change["hash"])
            elif kind == "market_resolved":
                self.resolved += message["assets_ids"]

    def settle(self, token: str, digest: str) -> None:
        """Remember a book under its hash; later frames of a batch replace it."""
        book = {side: dict(levels) for side, levels in self.now[token].items()}
        self.states[digest] = (token, book)


def test_a_whole_evening_over_loopback(launch: Any, evening: Evening) -> None:
    """Books rebuilt from frames equal `/books` by hash, what has a winner resolves, all ends."""
    fast = launch("--speed", "2500", "--seed", "11")
    tokens = [
        token
        for game in evening.games
        for listing in game.listings
        for market in listing.markets
        if market.pays and not market.void
        for token in market.token_ids
    ]
    body = [{"token_id": token} for token in tokens]
    books, witnesses = Books(), []
    with dial(fast) as socket:
        socket.send(first(tokens))
        while len(set(books.resolved) & set(tokens)) < len(tokens):
            books.hear(str(socket.recv(timeout=10)))
            if sum(books.kinds.values()) % 3000 == 0:
                witnesses += requests.post(f"{fast['clob']}/books", json=body, timeout=10).json()
    assert len(witnesses) > 100
    for row in witnesses:
        levels = {
            side: {level["price"]: level["size"] for level in row[name]}
            for side, name in (("BUY", "bids"), ("SELL", "asks"))
        }
        assert books.states[row["hash"]] == (row["asset_id"], levels)
    assert books.kinds.keys() == {
        "book",
        "price_change",
        "best_bid_ask",
        "last_trade_price",
        "tick_size_change",
        "new_market",
        "market_resolved",
    }
    assert 12_000 < books.kinds["price_change"] < 30_000
    state = requests.get(f"{fast['url']}/simulator", timeout=10).json()
    while not state["over"]:
        time.sleep(0.1)
        state = requests.get(f"{fast['url']}/simulator", timeout=10).json()
    assert {game["status"] for game in state["games"]} == {
        game.final.status for game in evening.games
    }
    left = requests.get(f"{fast['gamma']}/events", {"closed": "false"}, timeout=10).json()
    assert {event["id"] for event in left} == {
        str(listing.event_id)
        for game in evening.games
        if not game.settles
        for listing in game.listings
    }
    gone = requests.get(f"{fast['clob']}/book", {"token_id": tokens[0]}, timeout=10)
    assert gone.status_code == 404
    boards = requests.get(
        f"{fast['espn']}/apis/site/v2/sports/hockey/nhl/scoreboard", headers=AGENT, timeout=10
    ).json()
    assert {event["status"]["type"]["state"] for event in boards["events"]} == {"post"}


def test_a_client_without_custom_features_gets_books_and_changes_only(launch: Any) -> None:
    """No best_bid_ask, no new_market, and only its own tokens."""
    fast = launch("--speed", "2500", "--seed", "12")
    token = moneyline_tokens(fast)[0]
    kinds, markets = set(), set()
    with dial(fast) as socket:
        socket.send(json.dumps({"assets_ids": [token], "type": "market"}))
        for _ in range(120):
            value = json.loads(socket.recv(timeout=10))
            for message in value if isinstance(value, list) else [value]:
                kinds.add(message["event_type"])
                markets.add(message["market"])
    assert kinds <= {"book", "price_change", "last_trade_price", "tick_size_change"}
    assert len(markets) == 1
