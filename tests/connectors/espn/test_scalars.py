from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.espn.scalars import flag, number, text, time_ns, whole

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (30.9, 30.9),
        ("30.9", 30.9),
        (521, 521.0),
        (" +110 ", 110.0),
        ("-140", -140.0),
        (True, None),
        (None, None),
        ("", None),
        ("1e5", None),
        ("٣", None),
        ("155/6", None),
        (math.nan, None),
        (math.inf, None),
        (10**400, None),
        ("9" * 5000, None),
        ([1], None),
        ({"value": 1}, None),
    ],
)
def test_number(value: Any, expected: float | None) -> None:
    """A number is read from ints, floats and plain strings, and from nothing else."""
    assert number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("17", 17), (17.0, 17), ("17.0", 17), (17.5, None), (-1, None), (100, None), ("x", None)],
)
def test_whole(value: Any, expected: int | None) -> None:
    """A whole number is read within its limits only."""
    assert whole(value, 0, 99) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" a ", "a"),
        ("x" * 999, "x" * 200),
        (401, "401"),
        (True, ""),
        (None, ""),
        (1.5, ""),
        ([], ""),
        (10**400, ""),
    ],
)
def test_text(value: Any, expected: str) -> None:
    """Text is a string or the digits of an id."""
    assert text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(True, True), (False, False), ("true", True), ("False", False), (1, None), (None, None)],
)
def test_flag(value: Any, expected: bool | None) -> None:
    """A flag is a boolean or its name."""
    assert flag(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-06-11T19:00Z", 1_781_204_400_000_000_000),
        ("2026-06-11T15:00:00-04:00", 1_781_204_400_000_000_000),
        ("1969-12-31T23:59:59Z", None),
        ("2026-06-11T19:00", None),
        ("2026-13-11T19:00Z", None),
        ("TBD", None),
        ("", None),
        (None, None),
        (1_781_204_400, None),
    ],
)
def test_time(value: Any, expected: int | None) -> None:
    """A time needs its date and its zone."""
    assert time_ns(value) == expected


@given(JSON)
def test_no_value_raises(value: Any) -> None:
    """Whatever the decoder yields, a scalar is of the kind asked for or absent."""
    kinds = (
        type(number(value)),
        type(whole(value, 0, 9)),
        type(text(value)),
        type(flag(value)),
        type(time_ns(value)),
    )
    allowed = ((float, type(None)), (int, type(None)), (str,), (bool, type(None)))
    assert all(kind in may for kind, may in zip(kinds, (*allowed, (int, type(None))), strict=True))
