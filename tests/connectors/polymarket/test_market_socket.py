"""One connection to the market channel, against a real server."""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import suppress
from http import HTTPStatus

import msgspec
import pytest
from market_venue import FAST, LINK, Emitted, first, later, running_socket, running_venue, until

from connectors.polymarket.market_protocol import SocketSettings
from connectors.polymarket.market_socket import MarketSocket
from fusion.errors import FeedError


def test_a_socket_subscribes_and_emits_frames_verbatim() -> None:
    """Objects, arrays and texts arrive as the bytes that were sent, after the connected frame."""
    texts = ['[{"event_type": "book"}]', '{"a":  1}', "INVALID OPERATION", "\u00e9"]

    async def scenario() -> None:
        async with running_socket() as (venue, _, emitted):
            await until(lambda: venue.heard and venue.heard[0])
            for text in texts:
                await venue.connections[0].send(text)
            await until(lambda: len(emitted.of(LINK)) == len(texts))
            assert venue.heard == [[first("1", "2")]]
            assert emitted.of(LINK) == [text.encode() for text in texts]
            assert emitted.frames[0] == (
                "control",
                b'{"kind":"connected","link":"polymarket:market:3"}',
            )

    asyncio.run(scenario())


def test_a_socket_pings_and_emits_the_answers() -> None:
    """The text PING goes out again and again, and each PONG is on record as a frame."""

    async def scenario() -> None:
        async with running_socket() as (venue, _, emitted):
            await until(lambda: emitted.frames.count((LINK, b"PONG")) >= 3)
            assert venue.pings >= 3

    asyncio.run(scenario())


def test_a_snapshot_of_megabytes_arrives() -> None:
    """A frame far beyond the library's default limit is taken whole."""
    text = "[" + "0," * 2_000_000 + "0]"

    async def scenario() -> None:
        async with running_socket(silence_s=5.0) as (venue, _, emitted):
            await until(lambda: venue.connections)
            await venue.connections[0].send(text)
            await until(lambda: emitted.of(LINK))
            assert emitted.of(LINK) == [text.encode()]

    asyncio.run(scenario())


def test_a_frame_beyond_the_limit_costs_the_connection() -> None:
    """An oversized frame closes the connection, with its reason on record, and it comes back."""

    async def scenario() -> None:
        async with running_socket(max_bytes=1000) as (venue, _, emitted):
            await until(lambda: venue.connections)
            await venue.connections[0].send("x" * 2000)
            await until(lambda: len(venue.heard) == 2 and venue.heard[1])
            reason = json.loads(emitted.of("control")[1])["reason"]
            assert "1009" in reason

    asyncio.run(scenario())


def test_tokens_come_and_go_on_a_living_connection() -> None:
    """Changed tokens are subscribed and unsubscribed with the later shape, only what changed."""

    async def scenario() -> None:
        async with running_socket() as (venue, socket, _):
            await until(lambda: venue.heard and venue.heard[0])
            socket.set_tokens(["2", "3", "3"])
            await until(lambda: len(venue.heard[0]) == 3)
            socket.set_tokens(["3", "2"])
            socket.set_tokens(["2", "3", "4"])
            await until(lambda: len(venue.heard[0]) == 4)
            assert venue.heard == [
                [
                    first("1", "2"),
                    later("unsubscribe", "1"),
                    later("subscribe", "3"),
                    later("subscribe", "4"),
                ]
            ]

    asyncio.run(scenario())


def test_tokens_may_be_set_from_another_thread() -> None:
    """A thread that matched a new slate wakes the socket."""

    async def scenario() -> None:
        async with running_socket() as (venue, socket, _):
            await until(lambda: venue.heard and venue.heard[0])
            thread = threading.Thread(target=socket.set_tokens, args=(["1", "2", "9"],))
            thread.start()
            await until(lambda: len(venue.heard[0]) == 2)
            thread.join()
            assert venue.heard[0][1] == later("subscribe", "9")

    asyncio.run(scenario())


def test_a_socket_without_tokens_does_not_connect() -> None:
    """A connection is made when there are tokens, closed when there are none, and made again."""

    async def scenario() -> None:
        async with running_socket(tokens=()) as (venue, socket, emitted):
            await asyncio.sleep(0.05)
            assert (venue.heard, emitted.frames) == ([], [])
            socket.set_tokens(["7"])
            await until(lambda: venue.heard == [[first("7")]])
            socket.set_tokens([])
            await until(lambda: emitted.controls() == ["connected", "disconnected"])
            assert json.loads(emitted.of("control")[1])["reason"] == "no tokens"
            socket.set_tokens(["8"])
            await until(lambda: venue.heard == [[first("7")], [first("8")]])

    asyncio.run(scenario())


def test_a_dropped_connection_is_made_again_with_all_tokens() -> None:
    """After a drop the new connection starts with the first shape and the tokens of now."""

    async def scenario() -> None:
        async with running_socket() as (venue, socket, emitted):
            await until(lambda: venue.heard and venue.heard[0])
            socket.set_tokens(["1", "2", "3"])
            await until(lambda: len(venue.heard[0]) == 2)
            venue.connections[0].transport.abort()
            await until(lambda: len(venue.heard) == 2 and venue.heard[1])
            assert venue.heard[1] == [first("1", "2", "3")]
            assert emitted.controls() == ["connected", "disconnected", "connected"]
            assert json.loads(emitted.of("control")[1])["link"] == LINK

    asyncio.run(scenario())


def test_a_venue_that_closes_at_once_is_not_hammered() -> None:
    """Reconnecting after connections that brought nothing gets slower and slower."""

    async def scenario() -> None:
        async with running_socket(
            reconnect_initial_s=0.0, reconnect_min_s=0.1, reconnect_max_s=10.0
        ) as (venue, _, _):
            for number in range(1, 4):
                await until(lambda number=number: len(venue.connections) >= number)  # type: ignore[misc]
                await venue.connections[-1].close()
            await asyncio.sleep(0.1)
            assert len(venue.connections) == 3

    asyncio.run(scenario())


def test_a_link_that_answers_nothing_is_given_up() -> None:
    """Without any frame, not even PONG, the connection is closed and made again."""

    async def scenario() -> None:
        async with running_socket(silence_s=0.1) as (venue, _, emitted):
            venue.answers_pings = False
            await until(lambda: len(venue.heard) == 2)
            assert json.loads(emitted.of("control")[1]) == {
                "kind": "disconnected",
                "link": LINK,
                "reason": "SilentError: no frame for 0.1 s",
            }

    asyncio.run(scenario())


def test_a_quiet_link_that_answers_pings_stays() -> None:
    """Heartbeats alone keep a connection."""

    async def scenario() -> None:
        async with running_socket(silence_s=0.1) as (venue, _, emitted):
            await until(lambda: emitted.frames.count((LINK, b"PONG")) >= 15)
            assert (len(venue.heard), emitted.controls()) == (1, ["connected"])

    asyncio.run(scenario())


def test_a_venue_that_is_not_there_is_waited_for() -> None:
    """Refused connections are on record and tried again until the venue is up."""

    async def scenario() -> None:
        async with running_venue() as venue:
            url = venue.url
        emitted = Emitted()
        socket = MarketSocket(3, msgspec.structs.replace(FAST, url=url), emitted)
        socket.set_tokens(["1"])
        task = asyncio.create_task(socket.run())
        await until(lambda: emitted.controls().count("disconnected") >= 3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(scenario())


def test_a_wrong_address_ends_with_a_reason() -> None:
    """An address that is no WebSocket address is an error that says what to check."""

    async def scenario() -> None:
        socket = MarketSocket(3, SocketSettings(url="https://example.invalid/"), Emitted())
        socket.set_tokens(["1"])
        await socket.run()

    with pytest.raises(FeedError, match="check the venue's address"):
        asyncio.run(scenario())


@pytest.mark.parametrize("status", [HTTPStatus.TOO_EARLY, HTTPStatus.SERVICE_UNAVAILABLE])
def test_a_restarting_venue_is_waited_out(status: HTTPStatus) -> None:
    """Handshakes answered with a passing status are tried again."""

    async def scenario() -> None:
        async with running_venue() as venue:
            venue.refusals = [status, status]
            emitted = Emitted()
            socket = MarketSocket(3, msgspec.structs.replace(FAST, url=venue.url), emitted)
            socket.set_tokens(["1"])
            task = asyncio.create_task(socket.run())
            await until(lambda: venue.heard == [[first("1")]])
            assert emitted.controls() == ["disconnected", "disconnected", "connected"]
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(scenario())


def test_a_venue_that_refuses_from_the_start_is_an_error() -> None:
    """A status that will not pass, before any connection was made, ends with what to check."""

    async def scenario() -> None:
        async with running_venue() as venue:
            venue.refusals = [HTTPStatus.FORBIDDEN]
            socket = MarketSocket(3, msgspec.structs.replace(FAST, url=venue.url), Emitted())
            socket.set_tokens(["1"])
            await socket.run()

    with pytest.raises(FeedError, match="HTTP 403"):
        asyncio.run(scenario())


def test_a_refusal_in_mid_session_is_waited_out() -> None:
    """What was reachable before is taken to be reachable again."""

    async def scenario() -> None:
        async with running_socket() as (venue, _, _):
            await until(lambda: venue.heard and venue.heard[0])
            venue.refusals = [HTTPStatus.FORBIDDEN]
            venue.connections[0].transport.abort()
            await until(lambda: len(venue.heard) == 2 and venue.heard[1])

    asyncio.run(scenario())


def test_an_error_of_ours_is_raised() -> None:
    """When frames cannot be handed over, the socket does not go on as if they had been."""

    def emit(source: str, payload: bytes) -> None:
        if source != "control":
            message = "the journal is full"
            raise RuntimeError(message)

    async def scenario() -> None:
        async with running_venue() as venue:
            socket = MarketSocket(3, msgspec.structs.replace(FAST, url=venue.url), emit)
            socket.set_tokens(["1"])
            await socket.run()

    with pytest.raises(RuntimeError, match="the journal is full"):
        asyncio.run(scenario())


def test_a_socket_may_be_told_after_its_loop_has_ended() -> None:
    """Late news of the slate, at shutdown, is no error."""

    async def scenario() -> MarketSocket:
        async with running_socket() as (venue, socket, _):
            await until(lambda: venue.heard)
            return socket

    socket = asyncio.run(scenario())
    socket.set_tokens(["5"])
    socket.resubscribe_all("too late")
    socket.reconnect("too late")
    assert not socket.connected
