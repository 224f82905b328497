"""Which tokens go over which connection."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from market_venue import FAST, Emitted, first, later, running_venue, until

from connectors.polymarket.market_protocol import SocketSettings
from connectors.polymarket.sessions import Market, MarketSessions, assign
from fusion.errors import FeedError

A, B, C, D = ("a1", "a2"), ("b1", "b2"), ("c1", "c2"), ("d1", "d2")


@pytest.mark.parametrize(
    ("markets", "before", "after"),
    [
        pytest.param((), {}, {}, id="nothing"),
        pytest.param((A, B, C), {}, {A: 0, B: 0, C: 1}, id="first fit"),
        pytest.param((B, C), {A: 0, B: 0, C: 1}, {B: 0, C: 1}, id="nothing moves"),
        pytest.param((B, C, D), {B: 0, C: 1}, {B: 0, C: 1, D: 0}, id="room is used"),
        pytest.param((A, A), {}, {A: 0}, id="said twice"),
        pytest.param((("1", "2", "3", "4", "5"), A), {}, {("1", "2", "3", "4", "5"): 0, A: 1},
                     id="larger than a socket"),
    ],
)  # fmt: skip
def test_markets_keep_their_sockets(
    markets: tuple[Market, ...], before: dict[Market, int], after: dict[Market, int]
) -> None:
    """With room for four tokens a socket, a market stays where it is or goes to the first room."""
    assert assign(markets, before, 4) == after


@given(
    rounds=st.lists(st.lists(st.integers(0, 12), unique=True), max_size=6),
    capacity=st.integers(2, 7),
)
def test_no_socket_is_overfull_and_nothing_moves(rounds: list[list[int]], capacity: int) -> None:
    """Through any changes every market has a socket with room, and keeps it while it is wanted."""
    assigned: dict[Market, int] = {}
    for wanted in rounds:
        before = assigned
        assigned = assign([(f"{n}y", f"{n}n") for n in wanted], before, capacity)
        assert list(assigned) == [(f"{n}y", f"{n}n") for n in wanted]
        assert all(before.get(market, index) == index for market, index in assigned.items())
        for socket in assigned.values():
            held = [market for market, index in assigned.items() if index == socket]
            assert sum(map(len, held)) <= capacity


def test_sessions_run_as_many_sockets_as_needed() -> None:
    """Markets are spread over connections, and changes reach the connection they concern."""

    async def scenario() -> None:
        async with running_venue() as venue:
            emitted = Emitted()
            options = msgspec.structs.replace(FAST, url=venue.url, tokens_per_socket=4)
            sessions = MarketSessions(options, emitted)
            sessions.set_markets([A, B, C])
            task = asyncio.create_task(sessions.run())
            await until(lambda: sorted(map(str, venue.heard)) == sorted(
                map(str, [[first(*A, *B)], [first(*C)]])))  # fmt: skip
            big, small = sorted(venue.heard, key=lambda heard: -len(heard[0]["assets_ids"]))
            sessions.set_markets([list(B), list(C), list(D)])
            await until(lambda: len(big) == 3)
            sessions.resubscribe(["c1", "nobody's"], "quiet")
            await until(lambda: len(small) == 3)
            sessions.resubscribe_all("frames were lost")
            await until(lambda: len(big) == 5 and len(small) == 5)
            assert big[1:] == [
                later("unsubscribe", *A),
                later("subscribe", *D),
                later("unsubscribe", *B, *D),
                later("subscribe", *B, *D),
            ]
            assert small[1:] == [
                later("unsubscribe", "c1"),
                later("subscribe", "c1"),
                later("unsubscribe", *C),
                later("subscribe", *C),
            ]
            links = {json.loads(payload)["link"] for payload in emitted.of("control")}
            assert links == {"polymarket:market:0", "polymarket:market:1"}
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        sessions.set_markets([])

    asyncio.run(scenario())


def test_links_are_known_by_name_and_renewed_alone() -> None:
    """A link is found by its tokens; renewing it leaves the others connected."""
    links = ("polymarket:market:0", "polymarket:market:1")

    async def scenario() -> None:
        async with running_venue() as venue:
            emitted = Emitted()
            options = msgspec.structs.replace(FAST, url=venue.url, tokens_per_socket=2)
            sessions = MarketSessions(options, emitted)
            assert (sessions.healthy(), sessions.connected_links()) == (False, ())
            sessions.set_markets([A, B])
            assert sessions.links_of(A) == ()
            task = asyncio.create_task(sessions.run())
            await until(lambda: sessions.connected_links() == links)
            assert sessions.healthy()
            assert sessions.links_of(["b2", "nobody's"]) == (links[1],)
            assert sessions.links_of(["b1", "a1", "b2"]) == links
            sessions.reconnect(links[1], "in doubt")
            sessions.reconnect("polymarket:market:7", "there is none")
            await until(lambda: len(venue.heard) == 3 and venue.heard[2])
            assert venue.heard[2] == [first(*B)]
            controls = [json.loads(payload) for payload in emitted.of("control")]
            assert [
                (each["kind"], each["link"]) for each in controls if each["kind"] != "connected"
            ] == [("reconnecting", links[1]), ("disconnected", links[1])]
            assert sessions.connected_links() == links
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            assert (sessions.healthy(), sessions.connected_links()) == (False, ())

    asyncio.run(scenario())


def test_sessions_end_with_the_error_of_a_socket() -> None:
    """When the venue's address is wrong, the sessions end with the sentence that says so."""

    async def scenario() -> None:
        sessions = MarketSessions(SocketSettings(url="http://127.0.0.1/"), Emitted())
        sessions.set_markets([A])
        await sessions.run()

    with pytest.raises(FeedError, match="cannot be used"):
        asyncio.run(scenario())
