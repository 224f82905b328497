"""What is no frame of the market channel, and never gets further than a refusal."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_wire import (
    BEST,
    BOOK,
    LISTED,
    MARKET,
    MESSAGES,
    NO,
    NOW,
    PRICE_CHANGE,
    RESOLVED,
    TICK,
    TRADE,
    YES,
    encode,
    reasons,
)

from connectors.polymarket.parse import MAX_FRAME_BYTES, parse_market
from fusion.market import LevelChange, PriceChange

HOSTILE: list[tuple[bytes, list[str]]] = [
    (b"", ["empty_body"]),
    (b" \n", ["empty_body"]),
    (b"INVALID OPERATION", ["text_frame"]),
    (b"NO NEW ASSETS", ["text_frame"]),
    (b"null", ["text_frame"]),
    (b"NaN", ["text_frame"]),
    (b"12", ["text_frame"]),
    (b'"PONG"', ["text_frame"]),
    (b"<!DOCTYPE html><html>502 Bad Gateway</html>", ["html"]),
    (gzip.compress(b"[]", mtime=0), ["gzip"]),
    (b"\x00\x01\x02", ["text_frame"]),
    (b"{", ["not_json"]),
    (b'{"event_type":"book"', ["not_json"]),
    (b"[1,", ["not_json"]),
    (b'{"event_type":"zz","x":NaN}', ["not_json"]),
    (b"[" * 200_000, ["too_deep"]),
    (b'{"a":' * 200_000, ["too_deep"]),
    (b'{"event_type":"book","market":"\xff\xfe"}', ["bad_utf8"]),
    (b"{}", ["no_event_type"]),
    (b'{"event_type":null}', ["no_event_type"]),
    (b'{"event_type":["book"]}', ["no_event_type"]),
    (b'{"event_type":"level3"}', ["unknown_event_type"]),
    (b'{"event_type":"book"}', ["bad_schema"]),
    (b'[1,"x",null,[]]', ["not_an_object"] * 4),
]


@pytest.mark.parametrize(("payload", "expected"), HOSTILE, ids=lambda value: repr(value)[:40])
def test_garbage_is_refused_by_name(payload: bytes, expected: list[str]) -> None:
    """Bytes that are no frame give a refusal with a reason, and nothing else."""
    frame = parse_market(payload)
    assert (frame.messages, frame.heartbeat, reasons(frame)) == ((), False, expected)


@pytest.mark.parametrize(
    ("base", "changed", "reason"),
    [
        (BOOK, {"timestamp": "2026-09-11T19:53:33Z"}, "bad_timestamp"),
        (BOOK, {"timestamp": 1789156413830}, "bad_schema"),
        (BOOK, {"bids": None}, "bad_schema"),
        (BOOK, {"bids": [{"price": "0.5"}]}, "bad_schema"),
        (BOOK, {"bids": [{"price": 0.5, "size": "1"}]}, "bad_schema"),
        (BOOK, {"asks": [{"price": "0", "size": "1"}]}, "bad_price"),
        (BOOK, {"asks": [{"price": "1", "size": "1"}]}, "bad_price"),
        (BOOK, {"asks": [{"price": "0.12345", "size": "1"}]}, "bad_price"),
        (BOOK, {"asks": [{"price": "0.5", "size": "-1"}]}, "bad_size"),
        (BOOK, {"asks": [{"price": "0.5", "size": "1e9"}]}, "bad_size"),
        (BOOK, {"asks": [{"price": "0.5", "size": "9" * 4096}]}, "bad_schema"),
        (BOOK, {"tick_size": "fine"}, "bad_price"),
        (BEST, {"best_bid": "NaN"}, "bad_price"),
        (BEST, {"best_ask": None}, "bad_schema"),
        (TRADE, {"price": "0"}, "bad_price"),
        (TRADE, {"side": "HOLD"}, "bad_schema"),
        (TRADE, {"timestamp": ""}, "bad_timestamp"),
        (TICK, {"new_tick_size": "0"}, "bad_price"),
        (LISTED, {"assets_ids": "x"}, "bad_schema"),
        (LISTED, {"timestamp": "soon"}, "bad_timestamp"),
        (RESOLVED, {"winning_asset_id": None}, "bad_schema"),
        (PRICE_CHANGE, {"timestamp": "1789156413"}, "bad_timestamp"),
        (PRICE_CHANGE, {"price_changes": {}}, "bad_schema"),
    ],
)
def test_a_bad_field_refuses_its_message(
    base: dict[str, Any], changed: dict[str, Any], reason: str
) -> None:
    """A bad field refuses the message that has it and leaves the others of the array alone."""
    bad = {**base, **changed}
    assert reasons(parse_market(encode(bad))) == [reason]
    frame = parse_market(encode([TRADE, bad, BEST]))
    assert (frame.messages, reasons(frame)) == ((MESSAGES[3][1], MESSAGES[2][1]), [reason])


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("price", "1.5", "bad_price"),
        ("price", "inf", "bad_price"),
        ("size", "NaN", "bad_size"),
        ("best_bid", "0.55555", "bad_price"),
    ],
)
def test_a_bad_change_leaves_the_others(field: str, value: str, reason: str) -> None:
    """One change that cannot be read is refused, with its token, and the other is kept."""
    first, second = PRICE_CHANGE["price_changes"]
    frame = parse_market(
        encode({**PRICE_CHANGE, "price_changes": [{**first, field: value}, second]})
    )
    kept = LevelChange(NO, "bid", 3560, 12_500_000, "940e80", True, None, None)
    assert frame.messages == (PriceChange(MARKET, NOW, (kept,)),)
    assert reasons(frame) == [reason]
    assert YES in frame.refusals[0].detail


def test_a_frame_beyond_the_limit_is_refused_unread() -> None:
    """A frame above the limit is refused by its size alone."""
    assert reasons(parse_market(b" " * (MAX_FRAME_BYTES + 1))) == ["too_large"]


def test_a_large_frame_of_garbage_is_refused() -> None:
    """Ten megabytes of broken JSON give one refusal with a short excerpt."""
    frame = parse_market(b'[{"event_type":"book","x":"' + b"a" * 10_000_000)
    assert reasons(frame) == ["not_json"]
    assert len(frame.refusals[0].excerpt) == 200


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_mutated_message_is_read_or_refused(data: st.DataObject) -> None:
    """A message with any field replaced or removed gives at least one message or refusal."""
    wire = dict(data.draw(st.sampled_from([wire for wire, _ in MESSAGES])))
    key = data.draw(st.sampled_from(sorted(wire)))
    if data.draw(st.booleans()):
        wire[key] = data.draw(JSON_VALUES)
    else:
        del wire[key]
    for payload in (encode(wire), encode([wire, TRADE])):
        frame = parse_market(payload)
        assert frame.messages or frame.refusals


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_cut_or_flipped_frame_is_read_or_refused(data: st.DataObject) -> None:
    """A frame with bytes cut off or replaced never raises and is never dropped."""
    payload = bytearray(encode([wire for wire, _ in MESSAGES]))
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    frame = parse_market(bytes(payload[: data.draw(st.integers(0, len(payload)))]))
    assert frame.messages or frame.refusals


@given(payload=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    """No bytes raise, and none but an empty array say nothing."""
    frame = parse_market(payload)
    assert frame.messages or frame.refusals or frame.heartbeat or payload.strip() == b"[]"
