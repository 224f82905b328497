"""A local HTTP server whose answers a test decides, and what was synced to the disk."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the server answers: `pause_s` before it, `drip_s` between the bytes of its body.

    `length` overrides the Content-Length, so that a body can end early.
    """

    status: int = 200
    body: bytes = b'{"events":[]}'
    headers: dict[str, str] = {}
    pause_s: float = 0.0
    drip_s: float = 0.0
    length: int | None = None


class Request(msgspec.Struct, frozen=True):
    """What the server was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at_s: float


class LocalServer:
    """An HTTP server on loopback; `reply` answers each request, `requests` keeps them."""

    def __init__(self) -> None:
        self.reply: Callable[[Request], Reply] = lambda request: Reply()
        self.requests: list[Request] = []
        local = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                local.answer(self)

            def do_POST(self) -> None:
                local.answer(self)

            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Keep the test output quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Record a request and answer it."""
        length = int(handler.headers.get("Content-Length", 0))
        request = Request(
            handler.command,
            handler.path,
            {name.lower(): value for name, value in handler.headers.items()},
            handler.rfile.read(length),
            time.monotonic(),
        )
        self.requests.append(request)
        reply = self.reply(request)
        time.sleep(reply.pause_s)
        try:
            handler.send_response(reply.status)
            promised = len(reply.body) if reply.length is None else reply.length
            handler.send_header("Content-Length", str(promised))
            for name, value in reply.headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            step = 1 if reply.drip_s else max(1, len(reply.body))
            for start in range(0, len(reply.body), step):
                handler.wfile.write(reply.body[start : start + step])
                handler.wfile.flush()
                time.sleep(reply.drip_s)
        except OSError:
            handler.close_connection = True
        if promised != len(reply.body):
            handler.close_connection = True


@pytest.fixture
def http_server() -> Iterator[LocalServer]:
    """Run a local server for the length of a test."""
    local = LocalServer()
    thread = threading.Thread(target=local.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield local
    local.server.shutdown()
    local.server.server_close()
    thread.join()


@pytest.fixture
def make_reply() -> type[Reply]:
    """Return the class of the server's answers."""
    return Reply


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Return a set that fills with the files and folders that are synced to the disk."""
    paths: set[Path] = set()
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        fsync(descriptor)
        paths.add(Path(f"/proc/self/fd/{descriptor}").readlink())

    monkeypatch.setattr(os, "fsync", noted)
    return paths
