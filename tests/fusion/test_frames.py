from __future__ import annotations

import pytest
from factories import listing

from fusion.errors import Refusal
from fusion.frames import (
    BudgetChanged,
    Connected,
    Control,
    Disconnected,
    Gap,
    HttpStatus,
    Reconnecting,
    Resubscribed,
    SessionStarted,
    SlateMatched,
    Suspicious,
    Unchanged,
    decode_control,
    encode_control,
)
from fusion.slate import Slate, Unmatched


@pytest.mark.parametrize(
    "control",
    [
        SessionStarted("0.1.0", "live"),
        Connected("polymarket:market:0"),
        Disconnected("polymarket:market:0", "closed"),
        Gap("queue full", 12),
        HttpStatus("espn:nba", 403, "user agent refused"),
        Unchanged("espn:nba", "da39a3"),
        Resubscribed("polymarket:market:0", 2, "no frame for 60 s"),
        Reconnecting("polymarket:market:0", "silent after resubscribing"),
        BudgetChanged("espn:scoreboard", "warning", 80, 100),
        Suspicious("espn:nba", "exactly 100 events"),
        SlateMatched(Slate((listing(),), (Unmatched("nba", "nba:1", "", "no_event"),))),
    ],
)
def test_control_round_trip(control: Control) -> None:
    """A control value comes back from its payload as it was."""
    assert decode_control(encode_control(control)) == control


@pytest.mark.parametrize(
    "payload", [b"", b"{}", b'{"kind":"surprise"}', b"[" * 100_000, b'{"kind":"gap"}', b"\xff"]
)
def test_control_that_is_none_is_refused(payload: bytes) -> None:
    """A payload that is no control value is a refusal with its reason, never an error."""
    decoded = decode_control(payload)

    assert isinstance(decoded, Refusal)
    assert decoded.reason == "bad_control"
