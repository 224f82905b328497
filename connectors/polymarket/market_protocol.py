"""The protocol of the market channel: what is said first and later, and what errors mean. Pure.

The first frame of a connection subscribes with a `type` and asks for snapshots; later ones bear
an `operation` and no `type` (venue's AsyncAPI file, May 2026). The first shape sent twice is
answered with the text `INVALID OPERATION`.
"""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import Literal

import msgspec
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidMessage,
    InvalidStatus,
    InvalidURI,
)

Verdict = Literal["transient", "configuration", "fatal"]

_TRANSIENT_STATUS = frozenset({408, 425, 429})
_encode = msgspec.json.Encoder().encode


class SocketSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a socket behaves. Times in seconds.

    `ping_s` is well below the 10 s that the venue asks for, because the answers prove that a
    quiet link lives. After `silence_s` without any frame a link is taken as dead. `max_bytes` is
    fit for the snapshots of hundreds of tokens. Reconnects wait at first a random part of
    `reconnect_initial_s`, then from `reconnect_min_s`, growing, to `reconnect_max_s`.
    """

    url: str = "wss://ws-subscriptions-clob.polymarket.com/ws/market"
    user_agent: str = "fairline"
    ping_s: float = 4.0
    silence_s: float = 15.0
    open_timeout_s: float = 10.0
    max_bytes: int = 64 << 20
    tokens_per_socket: int = 200
    reconnect_initial_s: float = 1.0
    reconnect_min_s: float = 1.0
    reconnect_max_s: float = 30.0


class SilentError(Exception):
    """No frame came for too long."""


class RenewedError(Exception):
    """The connection was closed by us, to be made anew."""


def classify(error: Exception) -> Verdict:
    """Return what an error of the connection calls for.

    ```
    transient      closed, refused, reset, no answer, no such host now,
                   broken handshake, silent, closed by us,
                   HTTP 408, 425 (engine restart), 429, 5xx                     reconnect
    configuration  bad address, certificate not trusted, other HTTP statuses,
                   something that does not speak WebSocket                      mend a setting
    fatal          all else: an error of ours                                   raise
    ```
    """
    match error:
        case InvalidStatus():
            status = error.response.status_code
            transient = status in _TRANSIENT_STATUS or status >= 500
            return "transient" if transient else "configuration"
        case InvalidMessage():
            return "transient"
        case InvalidURI() | InvalidHandshake() | ssl.SSLCertVerificationError():
            return "configuration"
        case ConnectionClosed() | OSError() | TimeoutError() | EOFError():
            return "transient"
        case SilentError() | RenewedError():
            return "transient"
        case _:
            return "fatal"


def first_subscription(tokens: Sequence[str]) -> str:
    """Return the first frame of a connection."""
    frame = {
        "assets_ids": tokens,
        "type": "market",
        "initial_dump": True,
        "custom_feature_enabled": True,
    }
    return _encode(frame).decode()


def later_subscription(
    operation: Literal["subscribe", "unsubscribe"], tokens: Sequence[str]
) -> str:
    """Return any later frame; the first shape would be answered with `INVALID OPERATION`."""
    frame = {"operation": operation, "assets_ids": tokens, "custom_feature_enabled": True}
    return _encode(frame).decode()
