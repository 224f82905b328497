from __future__ import annotations

import numpy as np

from fusion.market import PRICE_ONE
from simulator.maker import Curve, Window, plan_book, plan_quiet_book
from simulator.plan import BookStep

MINUTE_MS = 60_000
WINDOW = Window(10 * MINUTE_MS, 130 * MINUTE_MS, 138 * MINUTE_MS)
STEP_MS = 70 * MINUTE_MS
TRUTH = Curve(
    np.array([0, STEP_MS, WINDOW.final_ms], np.int64),
    np.array([0.40, 0.60, 1.0]),
)


def middles(
    opening: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]],
    steps: tuple[BookStep, ...],
) -> list[tuple[int, float, int]]:
    """Return time, middle and spread in dollars and 1e-4 dollars after every step."""
    book = {("bid", price): size for price, size in opening[0]}
    book |= {("ask", price): size for price, size in opening[1]}
    rows = []
    for step in steps:
        for change in step.levels:
            book[change.side, change.price] = change.size
        bids = [price for (side, price), size in book.items() if side == "bid" and size]
        asks = [price for (side, price), size in book.items() if side == "ask" and size]
        bid, ask = max(bids, default=0), min(asks, default=PRICE_ONE)
        rows.append((step.at_ms, (bid + ask) / 2 / PRICE_ONE, ask - bid))
    return rows


def test_quotes_follow_the_truth_and_come_late() -> None:
    """Around 0.40 before the step, still there seconds after it, around 0.60 minutes later."""
    rows = middles(*plan_book(np.random.default_rng(1), TRUTH, WINDOW, 100, 0.0))

    def median(start_ms: int, end_ms: int) -> float:
        return float(np.median([middle for at, middle, _ in rows if start_ms <= at < end_ms]))

    assert abs(median(WINDOW.start_ms + 2 * MINUTE_MS, STEP_MS) - 0.40) < 0.01
    behind = [middle for at, middle, _ in rows if at < STEP_MS + 20_000]
    assert abs(behind[-1] - 0.40) < 0.03
    assert abs(median(STEP_MS + 5 * MINUTE_MS, WINDOW.final_ms) - 0.60) < 0.01


def test_a_bias_persists() -> None:
    """Makers who are wrong by four cents stay so before and after the step."""
    rows = middles(*plan_book(np.random.default_rng(2), TRUTH, WINDOW, 100, 0.04))
    late = [m for at, m, _ in rows if STEP_MS + 5 * MINUTE_MS < at < WINDOW.final_ms]
    assert abs(float(np.median(late)) - 0.64) < 0.01


def test_spreads_are_a_few_ticks() -> None:
    """In quiet play the median spread is one to three ticks of a cent."""
    rows = middles(*plan_book(np.random.default_rng(3), TRUTH, WINDOW, 100, 0.0))
    quiet = [s for at, _, s in rows if WINDOW.start_ms + 2 * MINUTE_MS < at < STEP_MS]
    assert 100 <= float(np.median(quiet)) <= 300


def test_prices_keep_to_the_tick() -> None:
    """Every level is a multiple of the tick and inside (0, 1)."""
    for tick in (10, 100):
        opening, steps = plan_book(np.random.default_rng(4), TRUTH, WINDOW, tick, 0.0)
        prices = {price for side in opening for price, _ in side}
        prices |= {change.price for step in steps for change in step.levels}
        assert all(price % tick == 0 and 0 < price < PRICE_ONE for price in prices)


def test_the_tick_gets_finer_once_near_the_end_of_the_range() -> None:
    """A coarse market that runs to 1 changes its tick once, a fine one never."""
    _, coarse = plan_book(np.random.default_rng(5), TRUTH, WINDOW, 100, 0.0)
    _, fine = plan_book(np.random.default_rng(5), TRUTH, WINDOW, 10, 0.0)
    assert [step.tick for step in coarse if step.tick] == [10]
    assert [step.tick for step in fine if step.tick] == []


def test_a_quiet_book_opens_and_is_cleared() -> None:
    """Nobody quotes it in play."""
    opening, steps = plan_quiet_book(np.random.default_rng(6), WINDOW, 100)
    assert opening[0]
    assert opening[1]
    assert [step.at_ms for step in steps] == [WINDOW.start_ms]
    assert {change.size for change in steps[0].levels} == {0}
    assert len(steps[0].levels) == len(opening[0]) + len(opening[1])
