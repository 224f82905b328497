"""The reader of market rules, against a real server."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import msgspec
import pytest
import requests
from budgets import ample
from market_venue import Emitted, until

from connectors.budget import Allowance, Budget
from connectors.http import new_session
from connectors.polymarket.clob_reader import ClobRulesReader, ClobRulesSettings
from fusion.frames import BudgetChanged, HttpStatus, decode_control
from fusion.market_rules import ClobRules

S = 1_000_000_000
NOW = 1_795_000_000 * S
FAR = NOW + 7200 * S
SOURCE = "polymarket:clob-markets"
FAST = ClobRulesSettings(retry_s=0.1, retry_max_s=0.2, look_s=0.01)


class Clock:
    """A clock that starts at `NOW`, passes as time does, and that a test may put ahead."""

    def __init__(self) -> None:
        self.ahead_s = 0
        self._begin_ns = time.monotonic_ns()

    def __call__(self) -> int:
        """Return the time in UTC nanoseconds."""
        return NOW + self.ahead_s * S + time.monotonic_ns() - self._begin_ns


class Run:
    """A reader under test, and what it did."""

    def __init__(self, server: Any, session: requests.Session, **changes: Any) -> None:
        self.server = server
        self.emitted = Emitted()
        self.told: list[Mapping[str, ClobRules]] = []
        self.clock = Clock()
        budget = changes.pop("budget", ample)(self.emitted)
        options = msgspec.structs.replace(FAST, base_url=server.url, **changes)
        self.reader = ClobRulesReader(
            options, self.emitted, self.told.append, session, budget, now=self.clock
        )

    @property
    def asked(self) -> list[str]:
        """Return the markets that were asked for, in order."""
        return [each.path.removeprefix("/clob-markets/") for each in self.server.requests]

    @property
    def failed(self) -> list[HttpStatus]:
        """Return the failures on record."""
        values = map(decode_control, self.emitted.of("control"))
        return [value for value in values if isinstance(value, HttpStatus)]


@asynccontextmanager
async def running(run: Run) -> AsyncGenerator[Run]:
    """Run a reader for as long as the context."""
    task = asyncio.create_task(run.reader.run())
    try:
        yield run
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def session() -> Iterator[requests.Session]:
    """Open a session for the length of a test."""
    with new_session("fairline-test") as session:
        yield session


def told_often(run: Run, times: int) -> bool:
    """Tell whether rules were handed over so many times."""
    return len(run.told) == times


def market_body(market_id: str, **fields: Any) -> bytes:
    """Return the answer for a market."""
    return json.dumps({"c": market_id, "mts": 0.01} | fields).encode()


@pytest.fixture
def venue(http_server: Any, make_reply: Any) -> Any:
    """Return a server that knows every market."""
    http_server.reply = lambda request: make_reply(body=market_body(request.path.split("/")[-1]))
    return http_server


def test_markets_are_read_once_by_their_start(venue: Any, session: requests.Session) -> None:
    """New markets are read in the order of their starts, emitted verbatim, told in one go."""

    async def scenario() -> None:
        async with running(Run(venue, session)) as run:
            run.reader.set_markets([("0xb", FAR + 1), ("0xa", FAR), ("0xold", NOW - 1)])
            await until(lambda: run.told)
            run.reader.set_markets([("0xb", FAR + 1), ("0xc", FAR)])
            await until(lambda: len(run.told) == 2)
            await asyncio.sleep(0.1)
            assert run.asked == ["0xold", "0xa", "0xb", "0xc"]
            assert run.emitted.frames == [(SOURCE, market_body(each)) for each in run.asked]
            assert run.told == [
                {each: ClobRules(each, tick_size=100) for each in ("0xold", "0xa", "0xb")},
                {"0xc": ClobRules("0xc", tick_size=100)},
            ]

    asyncio.run(scenario())


def test_a_market_is_read_again_near_its_start_and_at_it(
    venue: Any, session: requests.Session
) -> None:
    """Three readings: when listed, ten minutes before, and at the start."""

    async def scenario() -> None:
        async with running(Run(venue, session)) as run:
            run.reader.set_markets([("0xa", NOW + 3600 * S)])
            for readings, ahead_s in enumerate((0, 3000, 3600), start=1):
                run.clock.ahead_s = ahead_s
                await until(partial(told_often, run, readings))
                await asyncio.sleep(0.05)
                assert run.asked == ["0xa"] * readings
            run.clock.ahead_s = 100_000
            await asyncio.sleep(0.1)
            assert run.asked == ["0xa"] * 3

    asyncio.run(scenario())


def test_long_lists_are_told_in_rounds(venue: Any, session: requests.Session) -> None:
    """Rules are handed over after each round, the rest in the next."""

    async def scenario() -> None:
        async with running(Run(venue, session, round_markets=2)) as run:
            run.reader.set_markets([(f"0x{number}", FAR + number) for number in range(5)])
            await until(lambda: len(run.told) == 3)
            assert [list(each) for each in run.told] == [["0x0", "0x1"], ["0x2", "0x3"], ["0x4"]]

    asyncio.run(scenario())


def test_a_market_that_is_not_known_yet_is_asked_for_later(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """A 404 is on record, costs no other market its turn, and is tried again, not in a storm."""
    replies = {"0xa": iter([make_reply(status=404), make_reply(status=404)])}

    def reply(request: Any) -> Any:
        market_id = request.path.split("/")[-1]
        return next(replies.get(market_id, iter(())), make_reply(body=market_body(market_id)))

    http_server.reply = reply

    async def scenario() -> None:
        async with running(Run(http_server, session)) as run:
            run.reader.set_markets([("0xa", FAR), ("0xb", FAR)])
            await until(lambda: len(run.told) == 2)
            await asyncio.sleep(0.05)
            assert run.asked == ["0xa", "0xb", "0xa", "0xa"]
            assert [list(each) for each in run.told] == [["0xb"], ["0xa"]]
            assert (
                run.failed
                == [
                    HttpStatus(
                        SOURCE,
                        404,
                        "market 0xa: the answer was HTTP 404 Not Found; its listing's rules stand,"
                        " and it is asked for again later",
                    )
                ]
                * 2
            )
            first, _, second, third = (each.at_s for each in http_server.requests)
            assert second - first >= 0.1
            assert third - second >= 0.2

    asyncio.run(scenario())


@pytest.mark.parametrize("status", [403, 500])
def test_trouble_of_the_venue_stops_all(
    status: int, http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """While the venue fails one market is tried at a time, each pause longer; then all go on."""
    replies = iter([make_reply(status=status)] * 2)
    http_server.reply = lambda request: next(
        replies, make_reply(body=market_body(request.path.split("/")[-1]))
    )

    async def scenario() -> None:
        async with running(Run(http_server, session)) as run:
            run.reader.set_markets([(f"0x{number}", FAR + number) for number in range(3)])
            await until(
                lambda: {each for told in run.told for each in told} >= {"0x0", "0x1", "0x2"}
            )
            assert [each.status for each in run.failed] == [status] * 2
            assert len(run.told) <= 2
            assert all(
                ("check polymarket" in each.detail) is (status == 403) for each in run.failed
            )
            first, second, third = (each.at_s for each in http_server.requests[:3])
            assert second - first >= 0.1
            assert third - second >= 0.2

    asyncio.run(scenario())


def test_a_throttled_venue_is_left_alone(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """After a 429 nothing is sent until its Retry-After has passed."""
    replies = iter([make_reply(status=429, headers={"Retry-After": "1"})])
    http_server.reply = lambda request: next(replies, make_reply(body=market_body("0xa")))

    def few(emit: Emitted) -> Budget:
        return Budget("clob:markets", Allowance(requests=500, window_s=10.0), emit)

    async def scenario() -> None:
        async with running(Run(http_server, session, budget=few)) as run:
            run.reader.set_markets([("0xa", FAR)])
            await until(lambda: run.told)
            first, second = (each.at_s for each in http_server.requests)
            assert second - first >= 1.0
            assert [decode_control(payload) for payload in run.emitted.of("control")] == [
                BudgetChanged("clob:markets", "throttled", 1, 500),
                HttpStatus(SOURCE, 429, "market 0xa: the answer was HTTP 429 Too Many Requests"),
                BudgetChanged("clob:markets", "ok", 2, 500),
            ]

    asyncio.run(scenario())


def test_a_market_that_takes_no_orders_is_asked_for_again(
    http_server: Any, make_reply: Any, session: requests.Session
) -> None:
    """A pause of trading is told, and so is its end."""
    replies = iter([make_reply(body=market_body("0xa", ao=False))])
    http_server.reply = lambda request: next(replies, make_reply(body=market_body("0xa", ao=True)))

    async def scenario() -> None:
        async with running(Run(http_server, session)) as run:
            run.reader.set_markets([("0xa", FAR)])
            await until(lambda: len(run.told) == 2)
            await asyncio.sleep(0.3)
            assert run.asked == ["0xa"] * 2
            assert [each["0xa"].accepting_orders for each in run.told] == [False, True]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("body", "failed"),
    [
        (b'{"error": "no"}', []),
        (
            market_body("0xb"),
            [HttpStatus(SOURCE, 200, "asked for market 0xa, the answer was of 0xb")],
        ),
    ],
)
def test_an_answer_that_cannot_be_used_is_kept_and_asked_for_again(
    body: bytes, failed: list[HttpStatus], http_server: Any, make_reply: Any, session: Any
) -> None:
    """The bytes are emitted as they came, nothing is learned of them, and the next try counts."""
    replies = iter([make_reply(body=body)])
    http_server.reply = lambda request: next(replies, make_reply(body=market_body("0xa")))

    async def scenario() -> None:
        async with running(Run(http_server, session)) as run:
            run.reader.set_markets([("0xa", FAR)])
            await until(lambda: run.told)
            assert run.told == [{"0xa": ClobRules("0xa", tick_size=100)}]
            assert run.emitted.of(SOURCE) == [body, market_body("0xa")]
            assert run.failed == failed

    asyncio.run(scenario())


def test_a_market_that_left_is_forgotten(venue: Any, session: requests.Session) -> None:
    """One that left is not read again at its start; one that comes back is new."""

    async def scenario() -> None:
        async with running(Run(venue, session)) as run:
            run.reader.set_markets([("0xa", NOW + 3600 * S)])
            await until(lambda: run.told)
            run.reader.set_markets([])
            run.clock.ahead_s = 3600
            await asyncio.sleep(0.1)
            assert run.asked == ["0xa"]
            run.reader.set_markets([("0xa", FAR)])
            await until(lambda: len(run.told) == 2)
            assert run.asked == ["0xa"] * 2

    asyncio.run(scenario())


def test_a_strange_id_stays_one_part_of_the_path(venue: Any, session: requests.Session) -> None:
    """An id from a listing cannot lead the request elsewhere."""

    async def scenario() -> None:
        async with running(Run(venue, session)) as run:
            run.reader.set_markets([("../books?x=1", FAR)])
            await until(lambda: run.asked)

    asyncio.run(scenario())
    assert venue.requests[0].path == "/clob-markets/..%2Fbooks%3Fx%3D1"
