"""Books over REST, against a real venue: the witness, the checks and the fallback."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from itertools import cycle, pairwise
from typing import Any

import msgspec
import pytest
import requests
from budgets import ample, slow
from market_venue import FAST, Emitted, Venue, running_venue, until

from connectors.budget import Allowance, Budget
from connectors.http import new_session
from connectors.polymarket.rest_books import RestBooks, RestSettings
from connectors.polymarket.sessions import MarketSessions
from fusion.frames import BudgetChanged, HttpStatus, decode_control

NEVER_S = 1000.0
QUIET = RestSettings(witness_s=NEVER_S, fallback_s=0.05, fallback_after_s=0.1, retry_s=0.1)


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """Open a session for the length of a test."""
    with new_session("fairline-test") as session:
        yield session


@pytest.fixture
def echo(http_server: Any, make_reply: Any) -> Any:
    """Return a venue whose answer is what it was asked for."""
    http_server.reply = lambda request: make_reply(body=request.body)
    return http_server


def asked(server: Any) -> list[list[str]]:
    """Return the tokens of each request."""
    return [[row["token_id"] for row in json.loads(each.body)] for each in server.requests]


def wanted(*tokens: str) -> bytes:
    """Return the body of a request for these tokens, which is how the echo answers."""
    return b"[%s]" % b", ".join(b'{"token_id": "%s"}' % token.encode() for token in tokens)


@asynccontextmanager
async def running(
    server: Any,
    session: requests.Session,
    settings: RestSettings = QUIET,
    *,
    healthy: bool = True,
    budget: Budget | None = None,
    emitted: Emitted | None = None,
) -> AsyncGenerator[tuple[RestBooks, Emitted]]:
    """Run against the server, beside sockets that are all up or all down."""
    emitted = emitted or Emitted()
    rest = RestBooks(
        msgspec.structs.replace(settings, base_url=server.url),
        emitted,
        session,
        budget or ample(emitted),
        healthy=lambda: healthy,
    )
    task = asyncio.create_task(rest.run())
    try:
        yield rest, emitted
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def test_the_witness_covers_every_token_in_turn(echo: Any, session: requests.Session) -> None:
    """Samples go round all tokens, and what is answered is emitted as it came."""

    async def scenario() -> None:
        options = msgspec.structs.replace(QUIET, witness_s=0.02, witness_tokens=2)
        async with running(echo, session, options) as (rest, emitted):
            rest.set_tokens(["1", "2", "3", "4", "5", "1"])
            await until(lambda: len(emitted.frames) >= 5)
            assert asked(echo)[:5] == [["1", "2"], ["3", "4"], ["5", "1"], ["2", "3"], ["4", "5"]]
            assert emitted.frames[:2] == [
                ("polymarket:books", wanted("1", "2")),
                ("polymarket:books", wanted("3", "4")),
            ]

    asyncio.run(scenario())


def test_turns_outlive_a_change_of_the_tokens(session: requests.Session) -> None:
    """Tokens that left are not asked for, those that stayed keep their turn, new ones are last."""
    rest = RestBooks(
        RestSettings(witness_tokens=2), Emitted(), session, ample(Emitted()), healthy=lambda: True
    )
    assert rest._next_sample() == ()
    rest.set_tokens(["1", "2", "3", "4"])
    assert rest._next_sample() == ("1", "2")
    rest.set_tokens(["5", "4", "2", "1"])
    assert [rest._next_sample() for _ in range(3)] == [("4", "1"), ("2", "5"), ("4", "1")]
    rest.set_tokens(["1"])
    assert [rest._next_sample() for _ in range(2)] == [("1",), ("1",)]


def test_nothing_is_asked_for_without_tokens(echo: Any, session: requests.Session) -> None:
    """With no tokens neither the witness nor the fallback sends anything."""

    async def scenario() -> None:
        options = msgspec.structs.replace(QUIET, witness_s=0.01)
        async with running(echo, session, options) as (rest, _):
            rest.check([])
            await asyncio.sleep(0.1)
        async with running(echo, session, QUIET, healthy=False):
            await asyncio.sleep(0.3)

    asyncio.run(scenario())
    assert echo.requests == []


def test_tokens_in_doubt_are_asked_for_at_once(echo: Any, session: requests.Session) -> None:
    """A check, from any thread and before the start too, is one request for its tokens."""

    async def scenario() -> None:
        async with running(echo, session) as (rest, emitted):
            rest.check(["7", "8", "7"])
            await until(lambda: len(emitted.frames) == 1)
            thread = threading.Thread(target=rest.check, args=(["9"],))
            thread.start()
            await until(lambda: len(emitted.frames) == 2)
            thread.join()
            assert emitted.frames == [
                ("polymarket:books", wanted("7", "8")),
                ("polymarket:books", wanted("9")),
            ]
        rest.check(["too late"])

    asyncio.run(scenario())
    assert asked(echo) == [["7", "8"], ["9"]]


@pytest.mark.parametrize("status", [425, 429, 500])
def test_a_check_that_failed_is_made_again(
    status: int, http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """A failure that passes is on record, and its tokens are asked for again with newer ones."""
    replies = iter([make_reply(status=status, headers={"Retry-After": "0"})])
    http_server.reply = lambda request: next(replies, make_reply(body=request.body))

    async def scenario() -> None:
        async with running(http_server, session) as (rest, emitted):
            rest.check(["7"])
            await until(lambda: emitted.frames)
            rest.check(["8"])
            await until(lambda: emitted.of("polymarket:books"))
            failed = decode_control(emitted.of("control")[0])
            assert isinstance(failed, HttpStatus)
            assert (failed.source, failed.status) == ("polymarket:books", status)
            assert ("restarting" in failed.detail) is (status == 425)
            assert emitted.of("polymarket:books") == [wanted("8", "7")]

    asyncio.run(scenario())
    assert asked(http_server) == [["7"], ["8", "7"]]


def test_a_check_that_never_succeeds_is_given_up(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """What only a setting can mend is on record with what to check, and not asked for again."""
    http_server.reply = lambda request: make_reply(status=403, body=b"<html>")

    async def scenario() -> None:
        async with running(http_server, session) as (rest, emitted):
            rest.check(["7"])
            await asyncio.sleep(0.3)
            assert [decode_control(payload) for payload in emitted.of("control")] == [
                HttpStatus(
                    "polymarket:books",
                    403,
                    "the answer was HTTP 403 Forbidden; check polymarket.clob_url and that this"
                    " network may reach it",
                )
            ]

    asyncio.run(scenario())
    assert asked(http_server) == [["7"]]


def test_a_throttled_venue_is_left_alone(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """After a 429 nothing is sent until its Retry-After has passed, then all that was asked for."""
    emitted = Emitted()
    budget = Budget("clob:books", Allowance(requests=500, window_s=10.0), emitted)
    replies = iter([make_reply(status=429, headers={"Retry-After": "1"})])
    http_server.reply = lambda request: next(replies, make_reply(body=request.body))

    async def scenario() -> None:
        async with running(http_server, session, budget=budget, emitted=emitted) as (rest, _):
            rest.check(["7"])
            await until(lambda: emitted.of("polymarket:books"))

    asyncio.run(scenario())
    first, second = http_server.requests
    assert second.at_s - first.at_s >= 1.0
    assert [decode_control(payload) for payload in emitted.of("control")] == [
        BudgetChanged("clob:books", "throttled", 1, 500),
        HttpStatus("polymarket:books", 429, "the answer was HTTP 429 Too Many Requests"),
        BudgetChanged("clob:books", "ok", 2, 500),
    ]


def test_all_tokens_are_polled_in_parts_while_no_socket_works(
    echo: Any, session: requests.Session
) -> None:
    """Without a healthy socket every token is asked for, at most 500 a request, again and again."""
    tokens = [str(number) for number in range(1001)]

    async def scenario() -> None:
        options = msgspec.structs.replace(QUIET, witness_s=0.01)
        async with running(echo, session, options, healthy=False) as (rest, emitted):
            rest.set_tokens(tokens)
            await until(lambda: len(emitted.frames) >= 6)
            assert {source for source, _ in emitted.frames} == {"polymarket:rest"}
            assert emitted.frames[0] == ("polymarket:rest", wanted(*tokens[:500]))

    asyncio.run(scenario())
    assert asked(echo)[:6] == [tokens[:500], tokens[500:1000], tokens[1000:]] * 2


def test_a_plain_reconnect_needs_no_fallback(echo: Any, session: requests.Session) -> None:
    """Sockets that are down for less than the patience are not stood in for."""
    looks = cycle([False, True])

    async def scenario() -> None:
        options = msgspec.structs.replace(QUIET, base_url=echo.url, fallback_after_s=0.5)
        emitted = Emitted()
        rest = RestBooks(options, emitted, session, ample(emitted), healthy=lambda: next(looks))
        rest.set_tokens(["1"])
        with suppress(TimeoutError):
            await asyncio.wait_for(rest.run(), 1.2)

    asyncio.run(scenario())
    assert echo.requests == []


def test_a_part_that_fails_costs_no_other(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """Of a round whose first request fails the rest is sent and emitted."""
    replies = iter([make_reply(status=500)])
    http_server.reply = lambda request: next(replies, make_reply(body=request.body))
    tokens = [str(number) for number in range(501)]

    async def scenario() -> None:
        async with running(http_server, session, healthy=False) as (rest, emitted):
            rest.set_tokens(tokens)
            await until(lambda: len(emitted.frames) >= 4)
            assert [source for source, _ in emitted.frames[:4]] == [
                "control", "polymarket:rest", "polymarket:rest", "polymarket:rest",
            ]  # fmt: skip

    asyncio.run(scenario())
    assert [len(tokens) for tokens in asked(http_server)[:4]] == [500, 1, 500, 1]


@pytest.mark.parametrize("healthy", [True, False], ids=["witness", "fallback"])
def test_a_slow_venue_is_asked_half_as_often(
    healthy: bool, echo: Any, session: requests.Session
) -> None:
    """While answers come late the pauses are twice as long."""
    emitted = Emitted()

    async def scenario() -> None:
        options = msgspec.structs.replace(QUIET, witness_s=0.05)
        async with running(
            echo, session, options, healthy=healthy, budget=slow(emitted), emitted=emitted
        ) as (rest, _):
            rest.set_tokens(["1"])
            await until(lambda: len(echo.requests) >= 4)

    asyncio.run(scenario())
    at_s = [request.at_s for request in echo.requests]
    assert min(later - sooner for sooner, later in pairwise(at_s)) >= 0.09


def test_rest_stands_in_for_sockets_that_are_down(echo: Any, session: requests.Session) -> None:
    """When the market channel goes down REST takes over, and rests once the sockets are back."""

    async def scenario() -> None:
        emitted = Emitted()
        async with running_venue() as venue:
            sessions = MarketSessions(msgspec.structs.replace(FAST, url=venue.url), emitted)
            sessions.set_markets([("1", "2")])
            options = msgspec.structs.replace(QUIET, base_url=echo.url)
            rest = RestBooks(options, emitted, session, ample(emitted), healthy=sessions.healthy)
            rest.set_tokens(["1", "2"])
            tasks = [asyncio.create_task(each.run()) for each in (sessions, rest)]
            await until(sessions.healthy)
            await asyncio.sleep(0.3)
            assert emitted.of("polymarket:rest") == []
            took_over = await _cut_off(venue, sessions, emitted)
            assert took_over == wanted("1", "2")
            venue.refusals.clear()
            await until(sessions.healthy)
            await asyncio.sleep(0.2)
            polls = len(echo.requests)
            await asyncio.sleep(0.3)
            assert len(echo.requests) == polls
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(scenario())


async def _cut_off(venue: Venue, sessions: MarketSessions, emitted: Emitted) -> bytes:
    """Refuse the channel until REST has answered twice; return the first answer."""
    venue.refusals = [HTTPStatus.SERVICE_UNAVAILABLE] * 1000
    venue.connections[-1].transport.abort()
    await until(lambda: len(emitted.of("polymarket:rest")) >= 2)
    assert not sessions.healthy()
    return emitted.of("polymarket:rest")[0]
