from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread
from typing import ClassVar

import msgspec
import pytest
from attached import collect, controls, running, slates, snapshots

from connectors.polymarket.clob import parse_books
from flows.inbox import Arrival
from flows.sections import Polymarket, Simulator
from flows.settings import Settings
from flows.venue import open_venue
from fusion.healing import Heal, Remedy
from fusion.slate import FeeSchedule, Slate


@pytest.fixture(scope="module")
def venue() -> Iterator[str]:
    """Run a simulator and return its base URL."""
    with open_venue(Settings(simulator=Simulator(speed=60.0))) as opened:
        yield opened.espn_url


def test_books_are_witnessed_over_rest(venue: str) -> None:
    """Beside the sockets samples of the books are asked for over REST, as they are configured."""
    often = Polymarket(witness_s=0.1, witness_tokens=3)
    with running(Settings(venue=venue, polymarket=often)) as hub:
        arrivals = collect(
            hub, lambda found: sum(each.source == "polymarket:books" for each in found) >= 3
        )
        links = hub.sessions.connected_links()

    answers = [each.payload for each in arrivals if each.source == "polymarket:books"]
    sizes = [len(parse_books(answer).books) for answer in answers]
    assert max(sizes) == 3
    assert min(sizes) > 0
    assert links == ("polymarket:market:0",)
    assert not any(each.source == "polymarket:rest" for each in arrivals)


def test_books_come_over_rest_while_no_socket_works(venue: str) -> None:
    """With a market channel that is not there, every token of the slate is polled."""
    deaf = Polymarket(market_ws_url="ws://127.0.0.1:9/ws/market")
    with running(Settings(venue=venue, polymarket=deaf)) as hub:
        arrivals = collect(hub, lambda found: any(a.source == "polymarket:rest" for a in found))

    answer = next(each.payload for each in arrivals if each.source == "polymarket:rest")
    polled = {book.token_id for book in parse_books(answer).books}
    assert polled
    assert polled <= {
        token for slate in slates(arrivals) for market in slate.open_markets() for token in market
    }
    assert not any(each.source == "polymarket:books" for each in arrivals)


class ClobMarkets(BaseHTTPRequestHandler):
    """Knows every market: it takes no orders until it was asked twice."""

    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        """Answer for one market."""
        market_id = self.path.rpartition("/")[2]
        fee = {"r": 0.01, "e": 2, "to": True}
        row = {"c": market_id, "mts": 0.0025, "fd": fee, "ao": self.asked[market_id] >= 2}
        self.asked[market_id] += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(msgspec.json.encode(row))

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Keep the test output quiet."""


@pytest.fixture
def clob() -> Iterator[str]:
    """Run an order book with rules of its own and return its base URL."""
    ClobMarkets.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), ClobMarkets) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_slate_on_record_has_the_rules_of_the_order_book(venue: str, clob: str) -> None:
    """Each change of the rules puts another slate on record, and nothing else does."""
    polymarket = Polymarket(clob_url=clob, witness_s=1000.0)
    wanted = (25, FeeSchedule(0.01, 2.0), True)

    def terms(slate: Slate) -> list[tuple[int, FeeSchedule, bool]]:
        return [
            (market.tick_size, market.fee, market.accepting_orders)
            for game in slate.games
            for market in game.markets
        ]

    def enough(found: list[Arrival]) -> bool:
        seen = slates(found)
        return bool(seen) and bool(terms(seen[-1])) and set(terms(seen[-1])) == {wanted}

    with running(Settings(venue=venue, leagues=["nba"], polymarket=polymarket)) as hub:
        arrivals = collect(hub, enough)

    recorded = slates(arrivals)
    assert (25, FeeSchedule(0.01, 2.0), False) in {row for each in recorded for row in terms(each)}
    assert all(older != newer for older, newer in pairwise(recorded))
    assert sum(each.source == "polymarket:clob-markets" for each in arrivals) >= 2


@pytest.mark.parametrize(
    ("remedy", "kinds"),
    [
        ("check", set[str]()),
        ("resubscribe", {"Resubscribed"}),
        ("reconnect", {"Reconnecting", "Disconnected"}),
    ],
)
def test_what_is_to_be_healed_is_healed(venue: str, remedy: Remedy, kinds: set[str]) -> None:
    """Each remedy reaches the connector it is for, and the tokens get a new book."""
    quiet = Polymarket(witness_s=1000.0)
    with running(Settings(venue=venue, polymarket=quiet)) as hub:
        token = snapshots(collect(hub, lambda found: bool(snapshots(found))))[0]
        hub.inbox.take(100_000, 0.0)
        hub.heal(Heal(1, 1, "nba:1", remedy, (token,), "a test"))
        over = "polymarket:books" if remedy == "check" else "polymarket:market:"
        after = collect(
            hub,
            lambda found: any(
                token in (book.token_id for book in parse_books(each.payload).books)
                if each.source == "polymarket:books"
                else token in snapshots([each])
                for each in found
                if each.source.startswith(over)
            ),
        )

    told = {type(each).__name__ for each in controls(after)}
    assert told & {"Resubscribed", "Reconnecting", "Disconnected"} == kinds
