"""What the script does to HTTP answers: a layer around the application that spoils some of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from http import HTTPStatus

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.connection import connection_of
from simulator.faults import (
    Empty,
    ErrorJson,
    GzipGarbage,
    Html,
    HttpFault,
    Slow,
    Stale,
    Status,
    Truncate,
)
from simulator.venue import Venue

OWN_PATH = "/simulator"
"""What tells of the simulator itself is left alone."""

NO_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xffthis is no deflated data"
WAITS = frozenset({429, 503})
ERROR = {"code": 400, "message": "Failed to get events endpoint."}
_encode = msgspec.json.Encoder().encode


class _Answer(msgspec.Struct):
    """A whole response of the application, kept back from the client."""

    start: Message = {}
    body: bytes = b""

    async def take(self, message: Message) -> None:
        """Take a message in place of the client."""
        if message["type"] == "http.response.start":
            self.start = message
        else:
            self.body += message.get("body", b"")

    async def pass_on(self, send: Send) -> None:
        """Send it after all."""
        await send(self.start)
        await send({"type": "http.response.body", "body": self.body})


class HttpFaults:
    """The application with the HTTP faults of the venue's script."""

    def __init__(self, app: ASGIApp, venue: Venue) -> None:
        self._app = app
        self._venue = venue
        self._faults = venue.script.of(HttpFault)
        self._turns: Counter[HttpFault] = Counter()
        self._bodies: dict[tuple[str, bytes], tuple[_Answer, _Answer]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, rightly unless it is a fault's turn."""
        path = scope.get("path", "")
        if scope["type"] != "http" or path.startswith(OWN_PATH):
            await self._app(scope, receive, send)
            return
        fault = self._due(path)
        if fault is not None:
            self._venue.start()
            self._venue.note(fault, f"{scope['method']} {path}")
        if any(isinstance(f, Stale) and path.startswith(f.path) for f in self._faults):
            await self._remember(scope, receive, send, fault)
        else:
            await self._answer(scope, receive, send, fault)

    def _due(self, path: str) -> HttpFault | None:
        """Return the first fault whose turn this request is."""
        now_s = self._venue.elapsed_s
        for fault in self._faults:
            if fault.holds(now_s) and path.startswith(fault.path):
                self._turns[fault] += 1
                if self._turns[fault] % fault.every == 0:
                    return fault
        return None

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, fault: HttpFault | None
    ) -> None:
        match fault:
            case Truncate():
                await self._truncate(scope, receive, send)
            case Slow():
                await asyncio.sleep(fault.delay_s)
                await self._app(scope, receive, send)
            case Status() | Html() | Empty() | ErrorJson() | GzipGarbage():
                await _wrong(fault)(scope, receive, send)
            case _:
                await self._app(scope, receive, send)

    async def _truncate(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise the whole body, send half of it, and close the connection."""
        answer = _Answer()
        await self._app(scope, receive, answer.take)
        await send(answer.start)
        half = answer.body[: len(answer.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        connection = connection_of(scope)
        connection.transport.close()
        await connection.lost.wait()

    async def _remember(
        self, scope: Scope, receive: Receive, send: Send, fault: HttpFault | None
    ) -> None:
        """Answer, and keep the last two different bodies of each request."""
        asked = await Request(scope, receive).body()
        key = (f"{scope['path']}?{scope['query_string'].decode()}", asked)

        async def again() -> Message:
            return {"type": "http.request", "body": asked, "more_body": False}

        newest = _Answer()
        await self._app(scope, again, newest.take)
        older, newer = self._bodies.get(key, (newest, newest))
        if newest.body != newer.body:
            older, newer = newer, newest
        self._bodies[key] = (older, newer)
        if isinstance(fault, Stale):
            await older.pass_on(send)
        elif fault is None:
            await newest.pass_on(send)
        else:
            await self._answer(scope, again, send, fault)


def _wrong(fault: Status | Html | Empty | ErrorJson | GzipGarbage) -> Response:
    """Return a response that is not what was asked for."""
    match fault:
        case Status():
            return _status(fault)
        case Html():
            return Response(_page("Just a moment..."), media_type="text/html")
        case Empty():
            return Response(b"", media_type="application/json")
        case ErrorJson():
            return Response(_encode(ERROR), fault.code, media_type="application/json")
        case GzipGarbage():
            return Response(
                NO_GZIP, headers={"content-encoding": "gzip"}, media_type="application/json"
            )


def _status(fault: Status) -> Response:
    phrase = HTTPStatus(fault.code).phrase
    headers = {"retry-after": str(fault.retry_after_s)} if fault.code in WAITS else {}
    if fault.body == "html":
        page = _page(f"{fault.code} {phrase}")
        return Response(page, fault.code, headers, "text/html")
    body = _encode({"code": fault.code, "message": phrase})
    return Response(body, fault.code, headers, "application/json")


def _page(title: str) -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
