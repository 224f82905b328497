"""The server: both venues on one port, HTTP and WebSocket, and its life from bind to exit."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from types import FrameType

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from simulator.espn_routes import EspnRoutes
from simulator.evening import plan_evening
from simulator.listing import EASTERN
from simulator.market_routes import MarketRoutes
from simulator.market_socket import serve_client
from simulator.venue import Venue

SHUTDOWN_S = 1
_encode = msgspec.json.Encoder().encode


class Address(msgspec.Struct, frozen=True):
    """Where a running simulator is, and what it plays."""

    url: str
    espn: str
    gamma: str
    clob: str
    market_ws: str
    seed: int
    speed: float
    date: str


def address(host: str, port: int, venue: Venue) -> Address:
    """Return the base URLs of a venue that listens on a port."""
    url = f"http://{host}:{port}"
    return Address(
        url=url,
        espn=url,
        gamma=url,
        clob=url,
        market_ws=f"ws://{host}:{port}/ws/market",
        seed=venue.evening.seed,
        speed=venue.speed,
        date=venue.evening.date,
    )


def application(venue: Venue) -> Starlette:
    """Return the application of a venue; it plays while it is served."""

    async def market(client: WebSocket) -> None:
        await serve_client(client, venue)

    async def state(_request: Request) -> Response:
        return Response(_encode(state_json(venue)), media_type="application/json")

    async def truth(_request: Request) -> Response:
        return Response(_encode(truth_json(venue)), media_type="application/json")

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        playing = asyncio.create_task(venue.play())
        yield
        playing.cancel()

    return Starlette(
        routes=[
            *EspnRoutes(venue).routes(),
            *MarketRoutes(venue).routes(),
            WebSocketRoute("/ws/market", market),
            Route("/simulator", state),
            Route("/simulator/truth", truth),
        ],
        lifespan=lifespan,
    )


def state_json(venue: Venue) -> dict[str, object]:
    """Return how far the evening is; final scores only of games that are over."""
    games = []
    for game in venue.evening.games:
        moment = venue.true_moment(game)
        row: dict[str, object] = {
            "game_id": game.key,
            "home": game.home.name,
            "away": game.away.name,
            "start_ms": game.start_ms,
            "status": moment.status,
        }
        if moment.over:
            row |= {"home_score": moment.home, "away_score": moment.away}
        games.append(row)
    return {
        "seed": venue.evening.seed,
        "speed": venue.speed,
        "date": venue.evening.date,
        "virtual_ms": venue.virtual_ms,
        "virtual_begin_ms": venue.evening.begin_ms,
        "end_ms": venue.evening.end_ms,
        "over": venue.over,
        "games": games,
    }


def truth_json(venue: Venue) -> dict[str, list[tuple[float, ...]]]:
    """Return per game the steps [virtual_ms, home, draw, away, home_score, away_score]."""
    return {
        game.key: [(step.at_ms, *step.truth, step.home, step.away) for step in game.moments]
        for game in venue.evening.games
    }


def serve(
    *,
    seed: int = 7,
    speed: float = 240.0,
    host: str = "127.0.0.1",
    port: int = 0,
    date: str | None = None,
    linger_s: float | None = None,
    start_now: bool = False,
    watch_stdin: bool = False,
    ready: Callable[[Address], None] = lambda _: None,
) -> None:
    """Play an evening until SIGTERM or SIGINT, or `linger_s` seconds after its end.

    `ready` is called once, when the port is bound and connections wait in its queue; `date` is
    a US Eastern day and defaults to today's. With `watch_stdin` the end of standard input ends
    the server too, so that a child never outlives its parent.
    """
    day = date or f"{datetime.now(EASTERN):%Y-%m-%d}"
    venue = Venue(plan_evening(seed, day), speed)
    config = uvicorn.Config(
        application(venue),
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    server = uvicorn.Server(config)
    with _stopped_by_signals(server), socket.create_server((host, port)) as listener:
        ready(address(host, listener.getsockname()[1], venue))
        if watch_stdin:
            threading.Thread(target=_stop_at_eof, args=(server,), daemon=True).start()
        asyncio.run(_run(server, venue, listener, linger_s, start_now=start_now))


async def _run(
    server: uvicorn.Server,
    venue: Venue,
    listener: socket.socket,
    linger_s: float | None,
    *,
    start_now: bool,
) -> None:
    if start_now:
        venue.start()

    async def leave() -> None:
        await venue.finished.wait()
        await asyncio.sleep(linger_s or 0.0)
        server.should_exit = True

    leaving = asyncio.create_task(leave()) if linger_s is not None else None
    await server.serve(sockets=[listener])
    if leaving:
        leaving.cancel()


@contextlib.contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Let SIGTERM and SIGINT end the server, and the process go on to exit with 0.

    uvicorn raises the signals it caught once more when it is done, for whoever was there first.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    former = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _stop_at_eof(server: uvicorn.Server) -> None:
    # The descriptor and not `sys.stdin`, whose lock would be held while the interpreter ends.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    server.should_exit = True
