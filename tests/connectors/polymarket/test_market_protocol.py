"""What is said on the market channel, and what errors mean."""

from __future__ import annotations

import json
import ssl

import pytest
from market_venue import first, later
from websockets.datastructures import Headers
from websockets.exceptions import (
    ConnectionClosedError,
    InvalidMessage,
    InvalidStatus,
    InvalidUpgrade,
    InvalidURI,
)
from websockets.http11 import Response

from connectors.polymarket.market_protocol import (
    RenewedError,
    SilentError,
    Verdict,
    classify,
    first_subscription,
    later_subscription,
)


def status(code: int) -> InvalidStatus:
    """Return the error of a handshake that is answered with a status."""
    return InvalidStatus(Response(code, "", Headers()))


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (ConnectionClosedError(None, None), "transient"),
        (ConnectionRefusedError(), "transient"),
        (TimeoutError(), "transient"),
        (SilentError("no frame"), "transient"),
        (RenewedError("silent tokens"), "transient"),
        (EOFError(), "transient"),
        (InvalidMessage("garbled"), "transient"),
        (status(425), "transient"),
        (status(429), "transient"),
        (status(503), "transient"),
        (status(403), "configuration"),
        (status(404), "configuration"),
        (status(200), "configuration"),
        (InvalidURI("market", "no scheme"), "configuration"),
        (InvalidUpgrade("Upgrade", "h2c"), "configuration"),
        (ssl.SSLCertVerificationError("self-signed"), "configuration"),
        (ValueError("a mistake of ours"), "fatal"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value,
)
def test_errors_are_classified(error: Exception, verdict: Verdict) -> None:
    """Each error of a connection is transient, one of configuration, or fatal."""
    assert classify(error) == verdict


def test_the_two_shapes_of_subscriptions() -> None:
    """The first frame has a type and asks for snapshots; later ones have an operation."""
    assert json.loads(first_subscription(["1", "2"])) == first("1", "2")
    assert json.loads(later_subscription("subscribe", ["3"])) == later("subscribe", "3")
