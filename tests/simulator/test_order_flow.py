from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fusion.market import PRICE_ONE, SIZE_ONE
from simulator.order_flow import MAKERS, REST, SLOW, OrderFlow
from simulator.plan import Fill, LevelSet

PRICES = st.integers(1, 99).map(lambda cents: cents * 100)
LADDER = st.tuples(PRICES, st.integers(1, 5))
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from((*MAKERS, SLOW)), LADDER),
        st.tuples(st.sampled_from(("buy", "sell")), st.tuples(st.integers(1, 300), st.booleans())),
    ),
    max_size=25,
)


def ladder(middle: int, depth: int) -> dict[tuple[str, int], int]:
    """Return bids below and asks above a price, ten shares each."""
    bids = {("bid", middle - 100 * rank): 10 * SIZE_ONE for rank in range(1, depth + 1)}
    asks = {("ask", middle + 100 * rank): 10 * SIZE_ONE for rank in range(1, depth + 1)}
    return {key: size for key, size in (bids | asks).items() if 0 < key[1] < PRICE_ONE}


@given(ACTIONS)
def test_the_book_is_never_crossed_and_changes_rebuild_it(
    actions: list[tuple[str, tuple[int, int]]],
) -> None:
    """Whatever is quoted and taken, bids stay below asks, and told changes give the same book."""
    flow = OrderFlow(100)
    rebuilt: dict[tuple[str, int], int] = {}
    for name, (number, extra) in actions:
        if name in ("buy", "sell"):
            flow.take(
                "bid" if name == "buy" else "ask", number * SIZE_ONE, index=0, rests=bool(extra)
            )
        else:
            flow.quote(name, ladder(number, extra))  # type: ignore[arg-type]  # sides are plain text here
        for change in flow.take_changes():
            if change.size:
                rebuilt[change.side, change.price] = change.size
            else:
                del rebuilt[change.side, change.price]
        book = flow.total()
        assert rebuilt == book
        assert min(book.values(), default=1) > 0
        top = max((price for side, price in book if side == "bid"), default=0)
        low = min((price for side, price in book if side == "ask"), default=PRICE_ONE)
        assert top < low


def test_a_taker_eats_the_best_level_and_rests_the_remainder() -> None:
    """Buying 25 shares of 10 at 0.51 fills 10 and leaves 15 bid there."""
    flow = OrderFlow(100)
    flow.quote("first", {("bid", 4900): 10 * SIZE_ONE, ("ask", 5100): 10 * SIZE_ONE})
    flow.take_changes()
    fills = flow.take("bid", 25 * SIZE_ONE, index=0, rests=True)
    assert fills == (Fill(0, "bid", 5100, 10 * SIZE_ONE),)
    assert flow.take_changes(adds_first=True) == (
        LevelSet("bid", 5100, 15 * SIZE_ONE),
        LevelSet("ask", 5100, 0),
    )
    assert flow.orders[REST] == {("bid", 5100): 15 * SIZE_ONE}


def test_a_buy_of_one_token_is_a_sale_of_the_other() -> None:
    """Told on the second token, buying the first at 0.51 is selling the second at 0.49."""
    flow = OrderFlow(100)
    flow.quote("first", {("ask", 5100): 10 * SIZE_ONE})
    fills = flow.take("bid", 4 * SIZE_ONE, index=1, rests=False)
    assert fills == (Fill(1, "ask", 4900, 4 * SIZE_ONE),)
    assert flow.levels() == ((), ((5100, 6 * SIZE_ONE),))


def test_makers_stop_short_of_each_other_and_push_slow_orders_aside() -> None:
    """A bid into the other maker's ask is not placed; a resting slow ask is cancelled."""
    flow = OrderFlow(100)
    flow.quote(SLOW, {("ask", 5300): SIZE_ONE, ("ask", 6000): SIZE_ONE})
    flow.quote("first", {("ask", 5500): SIZE_ONE})
    flow.quote("second", {("bid", 5500): SIZE_ONE, ("bid", 5400): SIZE_ONE})
    assert flow.levels() == (((5400, SIZE_ONE),), ((5500, SIZE_ONE), (6000, SIZE_ONE)))
