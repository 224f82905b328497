"""The numbers of the wire, which are decimal strings, as exact integers.

Prices come as `"0.48"`, `".48"` or `"0.480"`, sizes with up to six decimals (`"3.581817"`), times
as Unix milliseconds. Exponents, signs, `NaN`, `inf`, separators and whitespace are not numbers of
this wire. The same few prices and sizes come again and again, so those are remembered.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from fusion.market import PRICE_ONE

SIZE_PLACES: Final = 6
MAX_SIZE_DIGITS: Final = 12
MILLISECOND_DIGITS: Final = 13

_PRICE = re.compile(r"([01]?)(?:\.([0-9]{1,4})0*)?")


class BadNumberError(ValueError):
    """A string is not the number that should stand there; `reason` is the refusal's code."""

    def __init__(self, text: str, reason: str, wanted: str) -> None:
        super().__init__(f"{wanted}, was {text!r}")
        self.reason = reason


@lru_cache(maxsize=1 << 15)
def price_of(text: str) -> int:
    """Return the price of an order in 1e-4 dollars, 1 to 9999.

    Raises:
        BadNumberError: `text` is no price, lies off the 0.0001 grid, or is 0 or 1.
    """
    price = _price(text)
    if price in {0, PRICE_ONE}:
        raise BadNumberError(text, "bad_price", "a price must lie between 0 and 1")
    return price


@lru_cache(maxsize=1 << 15)
def best_of(text: str) -> int | None:
    """Return a declared best price in 1e-4 dollars; None for an empty side: ``""``, 0 or 1.

    Raises:
        BadNumberError: `text` is no price.
    """
    price = _price(text) if text else 0
    return None if price in {0, PRICE_ONE} else price


@lru_cache(maxsize=1 << 16)
def size_of(text: str) -> int:
    """Return a size in 1e-6 shares.

    Raises:
        BadNumberError: `text` is no size, has more than six decimals or is beyond 1e12 shares.
    """
    whole, point, fraction = text.partition(".")
    if len(fraction) > SIZE_PLACES:
        fraction = fraction[:SIZE_PLACES] + fraction[SIZE_PLACES:].rstrip("0")
    digits = whole + fraction.ljust(SIZE_PLACES, "0")
    if (
        (not fraction if point else not whole)
        or len(fraction) > SIZE_PLACES
        or len(whole) > MAX_SIZE_DIGITS
        or not (digits.isascii() and digits.isdigit())
    ):
        raise BadNumberError(text, "bad_size", "a size must be a decimal with up to 6 places")
    return int(digits)


def milliseconds_of(text: str) -> int:
    """Return a venue time in Unix milliseconds.

    Raises:
        BadNumberError: `text` is an ISO time, a count of seconds, or no time at all.
    """
    if len(text) != MILLISECOND_DIGITS or not (text.isascii() and text.isdigit()) or text < "1":
        raise BadNumberError(text, "bad_timestamp", "a time must be Unix milliseconds, 13 digits")
    return int(text)


def _price(text: str) -> int:
    match = _PRICE.fullmatch(text)
    if match is None or not text:
        raise BadNumberError(text, "bad_price", "a price must be a decimal with up to 4 places")
    whole, fraction = match.groups(default="")
    price = int(whole or "0") * PRICE_ONE + int(fraction.ljust(4, "0") or "0")
    if price > PRICE_ONE:
        raise BadNumberError(text, "bad_price", "a price must not be above 1")
    return price
