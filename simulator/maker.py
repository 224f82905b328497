"""Market makers, takers and slow money: the order flow of one market, planned ahead.

Two makers quote around a late, noisy and slightly biased copy of the truth; slow money rests at
every fifth cent away from the middle; takers come now and then. All prices are those of the
market's first token. After a score the makers are behind by their lag, so that whoever reads
the scoreboard sooner finds an edge for a while.
"""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from fusion.market import PRICE_ONE, SIZE_ONE, Level, Side
from simulator.order_flow import MAKERS, REST, SLOW, OrderFlow
from simulator.plan import BookStep

SECOND_MS = 1000
PREGAME_GAP_MS = 40 * SECOND_MS
PLAY_GAP_MS = 28 * SECOND_MS
AFTER_GAP_MS = 45 * SECOND_MS
TAKER_SHARE = 0.07
SLOW_SHARE = 0.06
REFRESH_SHARE = 0.06
GRID = 500
LEVELS = 3
FINE_TICK = 10
NARROW = 400
"""Beyond 0.96 and 0.04 the venue makes a market's tick finer."""


class Curve(msgspec.Struct, frozen=True):
    """The truth of the first token as a step function of virtual time."""

    at_ms: npt.NDArray[np.int64]
    value: npt.NDArray[np.float64]

    def __call__(self, at_ms: int) -> float:
        """Return the truth at a time, the first value before the first step."""
        index = int(np.searchsorted(self.at_ms, at_ms, side="right")) - 1
        return float(self.value[max(index, 0)])


class Window(msgspec.Struct, frozen=True):
    """When a market lives, in virtual milliseconds."""

    start_ms: int
    final_ms: int
    resolve_ms: int


class Maker:
    """One maker: how late, how wide, how wrong, and what it quoted last."""

    def __init__(self, rng: np.random.Generator, tick: int, bias: float) -> None:
        self.rng = rng
        self.tick = tick
        self.space = tick if tick >= 100 else 2 * tick
        self.lag_ms = int(rng.uniform(20, 60) * SECOND_MS)
        self.half = rng.uniform(0.35, 1.0) * 100 if tick >= 100 else rng.uniform(15, 40)
        self.threshold = 70.0 if tick >= 100 else 60.0
        self.bias = bias + rng.normal(0.0, 0.002)
        self.shares = float(rng.uniform(80, 400))
        self.noise = 0.0
        self.quoted: float | None = None

    def wish(self, truth: Curve, at_ms: int) -> float | None:
        """Return the middle to quote now in 1e-4 dollars, or None to leave the quotes."""
        seen = truth(at_ms - self.lag_ms)
        self.noise = 0.85 * self.noise + self.rng.normal(0.0, 0.0022)
        middle = seen if seen in (0.0, 1.0) else min(max(seen + self.bias + self.noise, 0), 1)
        price = middle * PRICE_ONE
        if self.quoted is not None and abs(price - self.quoted) < self.threshold:
            return None
        return price

    def ladder(self, price: float) -> dict[tuple[Side, int], int]:
        """Return the levels quoted around a middle."""
        bid = int((price - self.half) // self.space) * self.space
        ask = -int(-(price + self.half) // self.space) * self.space
        levels: dict[tuple[Side, int], int] = {}
        for rank in range(LEVELS):
            for side, level in (("bid", bid - rank * self.space), ("ask", ask + rank * self.space)):
                if self.tick <= level <= PRICE_ONE - self.tick:
                    levels["bid" if side == "bid" else "ask", level] = self._size(level)
        return levels

    def _size(self, price: int) -> int:
        """Return a size that depends on the price only, so that moving keeps common levels."""
        return round(self.shares * (1 + (price // self.tick * 37 % 11) / 5)) * SIZE_ONE


def plan_book(
    rng: np.random.Generator, truth: Curve, window: Window, tick: int, bias: float
) -> tuple[tuple[tuple[Level, ...], tuple[Level, ...]], tuple[BookStep, ...]]:
    """Return the opening book (bids and asks ascending) and every later step of it."""
    flow = OrderFlow(tick)
    makers = [Maker(rng, tick, bias) for _ in MAKERS]
    sizes = {
        price: int(rng.integers(400, 4000)) * SIZE_ONE for price in range(GRID, PRICE_ONE, GRID)
    }
    open_books(flow, makers, sizes, truth, 0)
    flow.take_changes()
    opening = flow.levels()
    steps: list[BookStep] = []
    now = 0
    cleared = False
    while True:
        now += 1 + int(rng.exponential(_gap(now, window)))
        if now >= window.start_ms and not cleared:
            cleared = True
            flow.clear()
            steps.append(BookStep(window.start_ms, flow.take_changes()))
            for maker in makers:
                maker.quoted = None
            now = window.start_ms + int(rng.uniform(15, 45) * SECOND_MS)
            open_books(flow, makers, sizes, truth, now)
            steps.append(BookStep(now, flow.take_changes()))
            continue
        if now >= window.resolve_ms - 30 * SECOND_MS:
            return opening, tuple(steps)
        step = one_step(flow, makers, sizes, truth, at_ms=now, rng=rng)
        if step.levels:
            steps.append(step)
        if flow.tick > FINE_TICK and not NARROW <= flow.middle() <= PRICE_ONE - NARROW:
            flow.tick = FINE_TICK
            steps.append(BookStep(now, (), tick=FINE_TICK))


def plan_quiet_book(
    rng: np.random.Generator, window: Window, tick: int
) -> tuple[tuple[tuple[Level, ...], tuple[Level, ...]], tuple[BookStep, ...]]:
    """Return the book of a market that nobody quotes in play: it opens, and is cleared."""
    flow = OrderFlow(tick)
    even = Curve(np.array([0], np.int64), np.array([0.5]))
    open_books(flow, [Maker(rng, tick, 0.0) for _ in MAKERS], {}, even, 0)
    flow.take_changes()
    opening = flow.levels()
    flow.clear()
    return opening, (BookStep(window.start_ms, flow.take_changes()),)


def open_books(
    flow: OrderFlow, makers: list[Maker], sizes: dict[int, int], truth: Curve, at_ms: int
) -> None:
    """Let everyone place their first orders."""
    for name, maker in zip(MAKERS, makers, strict=True):
        price = maker.wish(truth, at_ms)
        if price is not None:
            maker.quoted = price
            flow.quote(name, maker.ladder(price))
    _rest_slowly(flow, sizes)


def one_step(
    flow: OrderFlow,
    makers: list[Maker],
    sizes: dict[int, int],
    truth: Curve,
    *,
    at_ms: int,
    rng: np.random.Generator,
) -> BookStep:
    """Return what one participant, drawn at random, does to the book."""
    kind = rng.random()
    if kind < TAKER_SHARE and 0.0 < truth(at_ms) < 1.0:
        return _take(flow, truth(at_ms), at_ms, rng)
    if kind < TAKER_SHARE + SLOW_SHARE:
        flow.quote(REST, {})
        _rest_slowly(flow, sizes)
        return BookStep(at_ms, flow.take_changes())
    which = int(rng.integers(len(makers)))
    maker = makers[which]
    price = maker.wish(truth, at_ms)
    if price is None and MAKERS[which] in flow.short:
        price = maker.quoted
    if price is not None:
        maker.quoted = price
        flow.quote(MAKERS[which], maker.ladder(price))
    elif rng.random() < REFRESH_SHARE:
        flow.resize(MAKERS[which], rng)
    return BookStep(at_ms, flow.take_changes(adds_first=rng.random() < 0.3))


def _take(flow: OrderFlow, truth: float, at_ms: int, rng: np.random.Generator) -> BookStep:
    middle = flow.middle()
    informed = rng.random() < 0.6
    buys = truth * PRICE_ONE > middle if informed else rng.random() < 0.5
    size = max(5, round(float(rng.lognormal(4.0, 1.2)), 2))
    fills = flow.take(
        "bid" if buys else "ask",
        round(size * 100) * (SIZE_ONE // 100),
        index=int(rng.integers(2)),
        rests=rng.random() < 0.5,
    )
    return BookStep(at_ms, flow.take_changes(adds_first=True), fills)


def _rest_slowly(flow: OrderFlow, sizes: dict[int, int]) -> None:
    middle = flow.middle()
    levels: dict[tuple[Side, int], int] = {}
    for price, size in sizes.items():
        if price < middle - 0.7 * GRID:
            levels["bid", price] = size
        elif price > middle + 0.7 * GRID:
            levels["ask", price] = size
    flow.quote(SLOW, levels)


def _gap(now: int, window: Window) -> int:
    if now < window.start_ms:
        return PREGAME_GAP_MS
    return PLAY_GAP_MS if now < window.final_ms else AFTER_GAP_MS
