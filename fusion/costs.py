"""What a bet costs: walking a ladder of offers, and the venue's taker fee.

Fee (docs.polymarket.com, changelog of 2026-03-30): `shares x rate x (p x (1 - p)) ^ exponent`
dollars, paid by the taker, with five decimals. The rounding mode is not documented; Fairline
rounds up, so that a cost is never understated.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from fusion.market import PRICE_ONE, SIZE_ONE, Level
from fusion.slate import FeeSchedule

FEE_UNIT = 1e-5
DECIMALS = 6
"""Of a price in dollars: a hundredth of the finest tick, and no noise of binary fractions."""


class Cost(msgspec.Struct, frozen=True):
    """What buying `size` shares costs per share, in dollars; `price` already holds `fee`."""

    size: float
    price: float
    fee: float


def fee_dollars(shares: float, price: float, schedule: FeeSchedule) -> float:
    """Return the taker fee of one fill, rounded up to the venue's five decimals."""
    fee = shares * _fee_rate(price, schedule)
    return math.ceil(round(fee / FEE_UNIT, 6)) * FEE_UNIT


def _fee_rate(price: float, schedule: FeeSchedule) -> float:
    return schedule.rate * math.pow(price * (1.0 - price), schedule.exponent)


def cost_to_buy(ladder: Sequence[Level], shares: float, schedule: FeeSchedule) -> Cost | None:
    """Return the cost of buying `shares` from `ladder` (best first), or None if it is too thin."""
    left = round(shares * SIZE_ONE)
    wanted, paid, fees = left, 0.0, 0.0
    if wanted <= 0:
        return None
    for price, size in ladder:
        taken = min(left, size)
        dollars = price / PRICE_ONE
        paid += taken / SIZE_ONE * dollars
        fees += fee_dollars(taken / SIZE_ONE, dollars, schedule)
        left -= taken
        if left == 0:
            bought = wanted / SIZE_ONE
            average = round((paid + fees) / bought, DECIMALS)
            return Cost(size=bought, price=average, fee=round(fees / bought, DECIMALS))
    return None


def size_within(ladder: Sequence[Level], limit: float, schedule: FeeSchedule) -> float:
    """Return how many shares are on offer at or below `limit` dollars each, fee included."""
    total = 0
    for price, size in ladder:
        dollars = price / PRICE_ONE
        if dollars + _fee_rate(dollars, schedule) > limit:
            break
        total += size
    return total / SIZE_ONE


def kelly_fraction(fair: float, cost: float, cap: float) -> float:
    """Return the Kelly fraction of a bet that costs `cost` and pays 1 with probability `fair`.

    Kelly (1956): `(fair - cost) / (1 - cost)`; never below 0 nor above `cap`.
    """
    if cost >= 1.0:
        return 0.0
    return min(max((fair - cost) / (1.0 - cost), 0.0), cap)
