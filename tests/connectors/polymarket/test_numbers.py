"""The numbers of the wire as integers."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.polymarket.numbers import (
    BadNumberError,
    best_of,
    milliseconds_of,
    price_of,
    size_of,
)

NOT_NUMBERS = (
    "", " ", ".", "0.", "-0.5", "+0.5", "5e-1", "0.5e0", "NaN", "nan", "inf", "-inf", "0,5",
    "0x1", "1_0", " 0.5", "0.5 ", "0.5\n", "½", "\u0660.\u0665", "0.5.5", "null", "true",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("0.48", 4800),
        (".48", 4800),
        ("0.480000", 4800),
        ("0.0025", 25),
        ("0.0001", 1),
        ("0.9999", 9999),
    ],
)
def test_prices_are_exact(text: str, price: int) -> None:
    """A price on the 0.0001 grid is read exactly."""
    assert price_of(text) == price


@pytest.mark.parametrize("text", [*NOT_NUMBERS, "0", "1", "1.0", "0.000", "1.1", "2", "0.00001"])
def test_what_is_no_price_is_refused(text: str) -> None:
    """0 and 1, what lies outside or off the grid, and what is no decimal is no price."""
    with pytest.raises(BadNumberError) as caught:
        price_of(text)
    assert caught.value.reason == "bad_price"


@pytest.mark.parametrize(
    ("text", "price"), [("", None), ("0", None), ("1", None), ("0.63", 6300), (".63", 6300)]
)
def test_an_empty_side_has_no_best(text: str, price: int | None) -> None:
    """Nothing, 0 and 1 stand for an empty side."""
    assert best_of(text) == price


@pytest.mark.parametrize("text", [*NOT_NUMBERS[1:], "1.1", "0.00001"])
def test_what_is_no_best_is_refused(text: str) -> None:
    """A best price that is no decimal on the grid is refused."""
    with pytest.raises(BadNumberError, match="was "):
        best_of(text)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0),
        ("55", 55_000_000),
        ("3.581817", 3_581_817),
        (".5", 500_000),
        ("11000026.47", 11_000_026_470_000),
        ("1.0000000", 1_000_000),
    ],
)
def test_sizes_are_exact(text: str, size: int) -> None:
    """A size with up to six decimals is read exactly."""
    assert size_of(text) == size


@pytest.mark.parametrize("text", [*NOT_NUMBERS, "0.0000001", "1" * 13, "9" * 5000])
def test_what_is_no_size_is_refused(text: str) -> None:
    """Too many decimals, too many digits, and what is no decimal is no size."""
    with pytest.raises(BadNumberError) as caught:
        size_of(text)
    assert caught.value.reason == "bad_size"


def test_times_are_milliseconds() -> None:
    """Thirteen digits are a time."""
    assert milliseconds_of("1789156413830") == 1_789_156_413_830


@pytest.mark.parametrize(
    "text",
    [*NOT_NUMBERS, "1789156413", "2026-09-11T19:53:33Z", "01789156413830", "1789156413830.5"],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    """Seconds, ISO times and what has no thirteen digits are no times."""
    with pytest.raises(BadNumberError) as caught:
        milliseconds_of(text)
    assert caught.value.reason == "bad_timestamp"


@given(price=st.integers(1, 9_999), size=st.integers(0, 10**15))
def test_every_decimal_reads_back(price: int, size: int) -> None:
    """Any price and size written with all its decimals is read as itself."""
    assert price_of(str(Decimal(price).scaleb(-4))) == price
    assert size_of(f"{Decimal(size).scaleb(-6):f}") == size


@given(text=st.text(max_size=40))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    """No text raises anything but the refusal."""
    for read in (price_of, best_of, size_of, milliseconds_of):
        with suppress(BadNumberError):
            value = read(text)
            assert value is None or value >= 0
