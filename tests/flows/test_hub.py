from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread
from typing import ClassVar

import msgspec
import pytest

from connectors.polymarket.clob import parse_books
from connectors.polymarket.parse import parse_market
from flows.hub import Hub, heard
from flows.inbox import Arrival
from flows.sections import Budgets, Feeds, Polymarket, Simulator
from flows.settings import Settings
from flows.venue import open_venue
from fusion.errors import FeedError
from fusion.frames import (
    BudgetChanged,
    Connected,
    Disconnected,
    Gap,
    HttpStatus,
    SessionStarted,
    SlateMatched,
    decode_control,
)
from fusion.healing import Heal, Remedy
from fusion.market import BookSnapshot
from fusion.score_witness import SPORTS_LINK
from fusion.slate import FeeSchedule, Slate, Unmatched

PATIENCE_S = 20.0
NOWHERE = "http://127.0.0.1:9"


@contextmanager
def running(hub: Hub) -> Iterator[Hub]:
    """Run a hub for as long as the context, and see it end."""
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()
        until(hub.ended)


def until(done: Callable[[], bool]) -> None:
    """Wait until `done`, and fail if that takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def collect(hub: Hub, enough: Callable[[list[Arrival]], bool]) -> list[Arrival]:
    """Take arrivals from the hub until there are enough."""
    arrivals: list[Arrival] = []

    def done() -> bool:
        arrivals.extend(hub.inbox.take(1_000, 0.01))
        hub.check()
        return enough(arrivals)

    until(done)
    return arrivals


def controls(arrivals: list[Arrival]) -> list[object]:
    """Return the control values among arrivals, in order."""
    return [decode_control(each.payload) for each in arrivals if each.source == "control"]


def snapshots(arrivals: list[Arrival]) -> list[str]:
    """Return the tokens of the book snapshots among arrivals, in order."""
    return [
        message.token_id
        for each in arrivals
        if each.source.startswith("polymarket:market:")
        for message in parse_market(each.payload).messages
        if isinstance(message, BookSnapshot)
    ]


@pytest.fixture(scope="module")
def venue() -> Iterator[str]:
    """Run a simulator and return its base URL."""
    with open_venue(Settings(simulator=Simulator(speed=60.0))) as opened:
        yield opened.espn_url


def test_session_starts_with_its_name_and_finds_its_slate(venue: str) -> None:
    """A session says what it is, puts its slate on record, and only then has books of it."""
    with running(Hub(Settings(venue=venue))) as hub:
        arrivals = collect(hub, lambda found: len(set(snapshots(found))) >= 20)

    seen = controls(arrivals)
    slates = [each.slate for each in seen if isinstance(each, SlateMatched)]
    first_book = next(i for i, each in enumerate(arrivals) if snapshots([each]))
    assert seen[0] == SessionStarted("0.1.0", venue)
    assert any(isinstance(each, SlateMatched) for each in controls(arrivals[:first_book]))
    assert any(isinstance(each, Connected) for each in seen)
    assert {token for market in slates[-1].open_markets() for token in market} >= set(
        snapshots(arrivals)
    )


def test_clock_ticks_every_second(venue: str) -> None:
    """A clock frame comes every `feeds.clock_s`, whether or not anything happens."""
    fast = Feeds(clock_s=0.1)
    with running(Hub(Settings(venue=venue, feeds=fast))) as hub:
        arrivals = collect(hub, lambda found: sum(a.source == "clock" for a in found) >= 5)

    times = [each.recv_ns for each in arrivals if each.source == "clock"]
    assert 0.3e9 < times[4] - times[0] < 3e9


def test_stop_ends_the_thread_without_an_error(venue: str) -> None:
    """A hub that is asked to end does so soon, and nothing is wrong."""
    with running(Hub(Settings(venue=venue))) as hub:
        collect(hub, lambda found: len(found) > 10)
        asked = time.monotonic()
        hub.stop()
        until(hub.ended)

    hub.check()
    assert time.monotonic() - asked < 5


def test_unreachable_venue_is_waited_for() -> None:
    """A venue that does not answer ends nothing: every failed request is on record."""
    with running(Hub(Settings(venue=NOWHERE, leagues=["nba", "nhl"]))) as hub:
        arrivals = collect(
            hub,
            lambda found: (
                {each.source for each in controls(found) if isinstance(each, HttpStatus)}
                >= {"espn:nba", "espn:nhl", "gamma:sports"}
            ),
        )

    failed = [each for each in controls(arrivals) if isinstance(each, HttpStatus)]
    assert {each.status for each in failed} == {0}
    lost = [each for each in controls(arrivals) if isinstance(each, Disconnected)]
    assert {each.link for each in lost} <= {SPORTS_LINK}


def test_full_inbox_is_a_gap_and_asks_for_snapshots(venue: str) -> None:
    """After frames were lost on our side, every subscribed book gets a new snapshot."""
    small = Feeds(queue_frames=300)
    with running(Hub(Settings(venue=venue, feeds=small))) as hub:
        until(lambda: len(hub.inbox) == 300)
        time.sleep(0.5)
        before = hub.inbox.take(1_000, 0.0)
        known = set(snapshots(before))
        after = collect(
            hub,
            lambda found: (
                any(isinstance(each, Gap) for each in controls(found))
                and set(snapshots(found)) >= known
            ),
        )

    gap = next(each for each in controls(after) if isinstance(each, Gap))
    assert gap.dropped > 0
    assert known


def test_dead_connector_is_an_error_with_its_reason() -> None:
    """What ended the thread before its time is raised to whoever asks."""
    hub = Hub(Settings(simulator=Simulator(seed=-1)))
    hub.start()
    until(hub.ended)

    assert hub.failed()
    with pytest.raises(FeedError, match="the feeds stopped: the simulator did not start"):
        hub.check()


def test_books_are_witnessed_over_rest(venue: str) -> None:
    """Beside the sockets samples of the books are asked for over REST, as they are configured."""
    often = Polymarket(witness_s=0.1, witness_tokens=3)
    with running(Hub(Settings(venue=venue, polymarket=often))) as hub:
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
    with running(Hub(Settings(venue=venue, polymarket=deaf))) as hub:
        arrivals = collect(hub, lambda found: any(a.source == "polymarket:rest" for a in found))

    slates = [each.slate for each in controls(arrivals) if isinstance(each, SlateMatched)]
    answer = next(each.payload for each in arrivals if each.source == "polymarket:rest")
    polled = {book.token_id for book in parse_books(answer).books}
    assert polled
    assert polled <= {
        token for slate in slates for market in slate.open_markets() for token in market
    }
    assert not any(each.source == "polymarket:books" for each in arrivals)


def test_a_spent_budget_is_on_record_and_loses_no_league(venue: str) -> None:
    """With far fewer requests than are wanted each league is still asked for, later."""
    few = Budgets(gamma_events_per_10_s=2, simulated_times=1.0)
    with running(Hub(Settings(venue=venue, budgets=few, leagues=["nba", "nfl"]))) as hub:
        arrivals = collect(
            hub, lambda found: sum(each.source == "gamma:events" for each in found) >= 2
        )

    changed = next(each for each in controls(arrivals) if isinstance(each, BudgetChanged))
    lists = [each.recv_ns for each in arrivals if each.source == "gamma:events"]
    assert changed == BudgetChanged("gamma:events", "exhausted", 2, 2)
    assert lists[1] - lists[0] > 1.5e9


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

    def slates(found: list[Arrival]) -> list[Slate]:
        return [each.slate for each in controls(found) if isinstance(each, SlateMatched)]

    def terms(slate: Slate) -> list[tuple[int, FeeSchedule, bool]]:
        return [
            (market.tick_size, market.fee, market.accepting_orders)
            for game in slate.games
            for market in game.markets
        ]

    def enough(found: list[Arrival]) -> bool:
        seen = slates(found)
        return bool(seen) and bool(terms(seen[-1])) and set(terms(seen[-1])) == {wanted}

    with running(Hub(Settings(venue=venue, leagues=["nba"], polymarket=polymarket))) as hub:
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
    with running(Hub(Settings(venue=venue, polymarket=quiet))) as hub:
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


def test_a_game_is_refused_only_once_its_league_was_listed() -> None:
    """Before the first listing of a league nobody can say that a game has no event."""
    waiting = Unmatched("nba", "nba:1", "", "no_event")
    unclear = Unmatched("nba", "nba:2", "", "ambiguous", "two events")
    slate = Slate((), (waiting, unclear))

    assert heard(slate, ()).unmatched == (unclear,)
    assert heard(slate, {"nba"}) == slate
