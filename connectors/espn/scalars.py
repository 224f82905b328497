"""Scalars as ESPN writes them: a number may be an int, a float or a string, or nonsense.

Each function takes any decoded JSON value and never raises; what is not the kind of value asked
for is None (or the empty string).
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

MAX_TEXT = 200
"""No name or text of a board is half as long; states and refusals stay small whatever comes."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NS_PER_US = 1000


def number(value: Any) -> float | None:
    """Return a finite number, also of a string such as `"30.9"`; None for anything else."""
    if isinstance(value, str):
        value = value.strip()
        return float(value) if _NUMBER.fullmatch(value) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def whole(value: Any, low: int, high: int) -> int | None:
    """Return a whole number in [`low`, `high`], None for anything else."""
    found = number(value)
    if found is None or not low <= found <= high or not found.is_integer():
        return None
    return int(found)


def text(value: Any) -> str:
    """Return a string, stripped and cut to `MAX_TEXT`; an integer (an id) as its digits."""
    if isinstance(value, str):
        return value.strip()[:MAX_TEXT]
    if isinstance(value, int) and not isinstance(value, bool):
        found = number(value)
        return "" if found is None or abs(found) > 1e18 else str(value)
    return ""


def flag(value: Any) -> bool | None:
    """Return a boolean, also of `"true"` and `"false"`, None for anything else."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(text(value).lower())


FIRST_YEAR, END_YEAR = 1990, 2100


def time_ns(value: Any) -> int | None:
    """Return UTC nanoseconds of an ISO 8601 time with its zone (`2026-06-11T19:00Z`).

    None for what is no time, and for years that only a placeholder has.
    """
    try:
        moment = datetime.fromisoformat(text(value))
    except ValueError:
        return None
    if moment.tzinfo is None or not FIRST_YEAR <= moment.year < END_YEAR:
        return None
    return (moment - _EPOCH) // timedelta(microseconds=1) * _NS_PER_US
