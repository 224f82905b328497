from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.polymarket.clob_rules import Asked, ask_again, due, parse_clob_market
from fusion.errors import Refusal
from fusion.market_rules import ClobRules
from fusion.slate import FeeSchedule

S = 1_000_000_000
START = 1_000_000 * S
BEFORE = 600 * S
CAPTURED = {
    "0xdde06286a7b9464d344f410ab0b3d2ebc6469904e72c27fd982f65fdbf78768d",
    "0xa7cb4135c6d9c36da0e343874dd5b455de739c6d1b9f9f5583dd9320aacf5db2",
    "0x4e4a7df876b0c04f0b8b29b9073eddfbaf5c787192da825ae7ca1031bc8cfd15",
    "0xde04b189b3f19eaccda02529a3ea67abfc46bff5c0c8fc42d8a2d0ed7b8f0d41",
    "0xb01e70a56199a6d5467f47a2b94e75e7c7218c128c8d0b8beb6dafed2f0d15c2",
}


def body(**fields: Any) -> bytes:
    """Return the answer for market `0xa` with these fields."""
    return json.dumps({"c": "0xa"} | fields).encode()


def reason(payload: bytes) -> str:
    """Return why a body is refused."""
    refusal = parse_clob_market(payload)
    assert isinstance(refusal, Refusal)
    return refusal.reason


def test_captured_markets(shared: Path) -> None:
    """Real answers, read by hand: tick 0.001, least order 5, a fee of 5 % and not of 1000 bps."""
    file = shared / "captures" / "polymarket" / "rest" / "clob-markets.json"
    rows = msgspec.json.decode(file.read_bytes(), type=list[msgspec.Raw])

    assert {parse_clob_market(bytes(row)) for row in rows} == {
        ClobRules(
            market_id=market_id,
            tick_size=10,
            min_order_size=5.0,
            fee=FeeSchedule(rate=0.05, exponent=1.0, taker_only=True),
            neg_risk=True,
            accepting_orders=True,
            clear_book_on_start=True,
        )
        for market_id in CAPTURED
    }


def test_a_sports_market_has_a_start_and_a_delay() -> None:
    """`gst` is a time with an offset, `sd` the delay of a taker in seconds."""
    answer = body(gst="2026-09-05T00:00:00Z", sd=3, itode=True, nr=False, ao=False, cbos=False)

    assert parse_clob_market(answer) == ClobRules(
        "0xa",
        neg_risk=False,
        accepting_orders=False,
        clear_book_on_start=False,
        game_start_ns=1_788_566_400 * S,
        seconds_delay=3,
    )


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"mbf": 1000, "tbf": 1000},
        {"fd": None, "gst": None, "nr": None, "ao": None, "cbos": None, "sd": None},
        {"fd": {"r": None, "e": None, "to": None}},
        {"mts": 0, "gst": "0001-01-01T00:00:00Z"},
    ],
)
def test_what_is_not_said_is_none(fields: dict[str, Any]) -> None:
    """Absent, null and the venue's zero values say nothing; the signing caps are no fees."""
    assert parse_clob_market(body(**fields)) == ClobRules("0xa")


@pytest.mark.parametrize(
    ("mts", "tick_size"),
    [(0.1, 1000), (0.01, 100), (0.001, 10), (0.0025, 25), (0.0001, 1), ("0.01", 100)],
)
def test_ticks_of_the_venue(mts: object, tick_size: int) -> None:
    """Every tick size there is, in 1e-4 dollars, as a number or a string."""
    assert parse_clob_market(body(mts=mts)) == ClobRules("0xa", tick_size=tick_size)


@pytest.mark.parametrize(
    ("fee", "schedule"),
    [
        ({"r": 0.25, "e": 2, "to": False}, FeeSchedule(0.25, 2.0, taker_only=False)),
        ({"r": 0.05}, FeeSchedule(0.05, 1.0, taker_only=True)),
        ({"r": 0, "e": 0, "to": True}, FeeSchedule(0.0, 0.0, taker_only=True)),
    ],
)
def test_fee_schedules(fee: dict[str, Any], schedule: FeeSchedule) -> None:
    """A rate of 0 is a schedule; the exponent is 1 and the taker pays where that is not said."""
    assert parse_clob_market(body(fd=fee)) == ClobRules("0xa", fee=schedule)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", "empty_body"),
        (b"<html>", "html"),
        (b"market not found", "text_frame"),
        (b"\x1f\x8b\x08", "gzip"),
        (b'{"c":"0xa"', "not_json"),
        (b'{"c":"\xff"}', "bad_utf8"),
        (b"[]", "bad_clob_market"),
        (b'{"error":"market not found"}', "bad_clob_market"),
        (body(c=""), "bad_clob_market"),
        (body(mos="many"), "bad_clob_market"),
        (body(mos=-1), "bad_clob_market"),
        (body(mts="nan"), "bad_clob_market"),
        (body(fd={"r": 1000}), "bad_clob_market"),
        (body(mts=0.00005), "bad_tick_size"),
        (body(gst="tomorrow"), "bad_time"),
        (body(gst="2026-09-05T00:00:00"), "bad_time"),
    ],
)
def test_what_is_no_market_is_refused(payload: bytes, code: str) -> None:
    """Each with its reason."""
    assert reason(payload) == code


@given(st.binary() | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.dictionaries(st.sampled_from(["c", "mts", "fd", "gst", "sd", "r"]), inner),
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_no_bytes_raise(payload: bytes) -> None:
    """Whatever comes is a value or a refusal."""
    assert isinstance(parse_clob_market(payload), ClobRules | Refusal)


def test_a_market_is_asked_for_when_it_is_new() -> None:
    """However far its start is, before and after."""
    assert [due(START, None, now, BEFORE) for now in (0, START - BEFORE, START, 2 * START)] == [
        True
    ] * 4


@pytest.mark.parametrize(
    ("asked_s", "moments"),
    [(-10_000, [-600, 0]), (-600, [0]), (-300, [0]), (-1, [0]), (0, []), (50, [])],
)
def test_a_market_is_asked_for_near_its_start_and_at_it(asked_s: int, moments: list[int]) -> None:
    """Looked at every second and asked when due, it is asked once a moment still to come."""
    asked, seen = Asked(START + asked_s * S), []
    for second in range(asked_s, 1000):
        if due(START, asked, START + second * S, BEFORE):
            asked = Asked(START + second * S)
            seen.append(second)

    assert seen == moments


def test_moments_that_were_slept_through_are_one() -> None:
    """After a long sleep over both moments one answer is enough."""
    asleep = Asked(START - 2 * BEFORE)
    assert due(START, asleep, START + 50 * S, BEFORE)
    assert not due(START, Asked(START + 50 * S), START + 60 * S, BEFORE)


def test_a_start_that_moves_is_followed() -> None:
    """A postponed game is asked for near its new start."""
    asked = Asked(START + 1)
    later = START + 10_000 * S
    assert not due(later, asked, later - BEFORE - 1, BEFORE)
    assert due(later, asked, later - BEFORE, BEFORE)


def test_another_try_comes_later_each_time() -> None:
    """Pauses double up to the longest, and only the pause makes a market due."""
    asked, pauses = None, []
    for _ in range(6):
        asked = ask_again(asked, START, retry_s=30.0, longest_s=600.0)
        assert asked.again_ns is not None
        assert not due(0, asked, asked.again_ns - 1, BEFORE)
        assert due(0, asked, asked.again_ns, BEFORE)
        pauses.append((asked.again_ns - START) / S)

    assert pauses == [30.0, 60.0, 120.0, 240.0, 480.0, 600.0]
    assert ask_again(Asked(0, 0, 10_000), 0, retry_s=1.0, longest_s=9.0).again_ns == 9 * S
