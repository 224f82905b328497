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
from functools import partial
from types import FrameType

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from simulator.connection import HttpProtocol, SocketProtocol
from simulator.espn_routes import EspnRoutes
from simulator.evening import plan_evening
from simulator.exchange_faults import misbehave
from simulator.faults import Script
from simulator.http_faults import HttpFaults
from simulator.listing import EASTERN
from simulator.market_routes import MarketRoutes
from simulator.market_socket import serve_client
from simulator.sports_socket import serve_results
from simulator.state_routes import StateRoutes
from simulator.venue import Venue

SHUTDOWN_S = 1


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


def application(venue: Venue) -> ASGIApp:
    """Return the ASGI application of a venue; it plays while it is served."""

    async def market(client: WebSocket) -> None:
        await serve_client(client, venue)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(task) for task in (venue.play(), misbehave(venue))]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    routes = Starlette(
        routes=[
            *EspnRoutes(venue).routes(),
            *MarketRoutes(venue).routes(),
            *StateRoutes(venue).routes(),
            WebSocketRoute("/ws/market", market),
            WebSocketRoute("/ws/sports", partial(serve_results, venue=venue)),
        ],
        lifespan=lifespan,
    )
    return HttpFaults(routes, venue)


def server_of(venue: Venue) -> uvicorn.Server:
    """Return the server of a venue, ready to serve on a listening socket."""
    config = uvicorn.Config(
        application(venue),
        http=HttpProtocol,
        ws=SocketProtocol,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    return uvicorn.Server(config)


def serve(
    *,
    seed: int = 7,
    speed: float = 240.0,
    host: str = "127.0.0.1",
    port: int = 0,
    date: str | None = None,
    extra_games: int = 0,
    script: Script | None = None,
    linger_s: float | None = None,
    start_now: bool = False,
    watch_stdin: bool = False,
    ready: Callable[[Address], None] = lambda _: None,
) -> None:
    """Play an evening until SIGTERM or SIGINT, or `linger_s` seconds after its end.

    `ready` is called once, when the port is bound and connections wait in its queue; `date` is
    a US Eastern day and defaults to today's; `script` says what goes wrong. With `watch_stdin`
    the end of standard input ends the server too, so that a child never outlives its parent.
    """
    day = date or f"{datetime.now(EASTERN):%Y-%m-%d}"
    venue = Venue(plan_evening(seed, day, extra_games), speed, script)
    server = server_of(venue)
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
