from __future__ import annotations

import json
import socket
import threading
from queue import Queue

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from simulator import market_socket
from simulator.evening import plan_evening
from simulator.server import Address, serve


def tokens() -> list[str]:
    """Return the tokens of all quoted markets of the evening of seed 3."""
    evening = plan_evening(3, "2026-11-20")
    return [
        token
        for game in evening.games
        for listing in game.listings
        for market in listing.markets
        if market.pays
        for token in market.token_ids
    ]


def read_all(client: ClientConnection) -> tuple[int, int | None]:
    """Return how many frames come until the end, and the code it ended with."""
    frames = 0
    try:
        while True:
            client.recv(timeout=15)
            frames += 1
    except ConnectionClosed as end:
        return frames, end.rcvd.code if end.rcvd else None


def test_a_slow_client_is_let_go_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """One client reads, another does not: the first gets everything, the second is closed."""
    monkeypatch.setattr(market_socket, "QUEUE_FRAMES", 1_500)
    where: Queue[Address] = Queue()
    server = threading.Thread(
        target=serve,
        kwargs={
            "seed": 3,
            "speed": 3_000.0,
            "date": "2026-11-20",
            "linger_s": 1.0,
            "ready": where.put,
        },
    )
    server.start()
    address = where.get(timeout=20)
    say = json.dumps({"assets_ids": tokens(), "type": "market"})
    # A small receive buffer, so that little hides in the kernel.
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    narrow.connect(("127.0.0.1", int(address.url.rsplit(":", 1)[1])))
    with (
        connect(address.market_ws, max_size=None, max_queue=1, sock=narrow) as slow,
        connect(address.market_ws, max_size=None) as quick,
    ):
        for client in (slow, quick):
            client.send(say)
        frames, code = read_all(quick)
        behind, _ = read_all(slow)
    server.join(timeout=10)
    assert not server.is_alive()
    assert frames > 15_000
    assert code == 1012
    assert behind < frames - 1_500
