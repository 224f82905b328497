from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.book_side import LADDER_LEVELS, BookSide, mirror_ladder
from fusion.market import PRICE_ONE, Level, Side

PUTS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), max_size=40)
"""Few prices and sizes, so that levels are replaced and removed again and again."""


def side(which: Side, *levels: Level) -> BookSide:
    """Return a side with these levels."""
    made = BookSide(which)
    made.replace(levels)
    return made


def test_an_empty_side_has_no_best() -> None:
    """Nothing is there, and nothing is on offer."""
    made = side("bid")

    assert (made.best, made.best_size, len(made)) == (None, None, 0)
    assert (made.ladder(), made.offers(), made.size_at(5_000)) == ((), (), None)


def test_asks_ascend_and_bids_descend() -> None:
    """The best level is the first of the ladder, whichever side it is."""
    asks = side("ask", (5_300, 7), (5_100, 30), (5_200, 8))
    bids = side("bid", (4_700, 7), (4_900, 10), (4_800, 8))

    assert (asks.best, asks.best_size) == (5_100, 30)
    assert (bids.best, bids.best_size) == (4_900, 10)
    assert asks.ladder(2) == ((5_100, 30), (5_200, 8))
    assert bids.ladder() == ((4_900, 10), (4_800, 8), (4_700, 7))
    assert (asks.size_at(5_200), bids.size_at(4_700), bids.size_at(4_600)) == (8, 7, None)


def test_bids_are_offers_of_the_complement() -> None:
    """Selling the complement at 49 cents is buying the outcome at 51."""
    assert side("ask", (5_100, 30)).offers() == ((5_100, 30),)
    assert side("bid", (4_900, 10), (4_800, 20)).offers() == ((5_100, 10), (5_200, 20))


@pytest.mark.parametrize("which", ["bid", "ask"])
def test_offers_end_where_nobody_of_our_size_walks(which: Side) -> None:
    """The ladder has all levels, the offers the first of them."""
    made = side(which, *((100 * step, step) for step in range(1, 31)))

    assert len(made.ladder()) == 30
    assert len(made.offers()) == LADDER_LEVELS
    assert made.offers()[0][1] == made.best_size


def test_levels_of_no_size_are_none_and_the_last_of_a_price_counts() -> None:
    """A snapshot may name a level twice, or one that is gone."""
    made = side("ask", (5_100, 30), (5_000, 0), (5_100, 40))

    assert made.ladder() == ((5_100, 40),)


@given(st.sampled_from(["bid", "ask"]), PUTS, PUTS)
def test_a_side_is_a_dictionary_in_order(
    which: Side, first: list[Level], then: list[Level]
) -> None:
    """Whatever is replaced, put and removed, a side shows what a dictionary of it would."""
    made, plain = side(which, *first), {price: size for price, size in dict(first).items() if size}
    for price, size in then:
        made.put(price, size)
        plain[price] = size
        if not size:
            del plain[price]
    ordered = tuple(sorted(plain.items(), reverse=which == "bid"))

    assert made.ladder() == ordered
    assert (made.best, made.best_size) == (ordered[0] if ordered else (None, None))
    assert made.offers() == (mirror_ladder(ordered) if which == "bid" else ordered)
    assert [made.size_at(price) for price in range(10)] == [plain.get(p) for p in range(10)]
    assert len(made) == len(plain)


@given(st.sampled_from(["bid", "ask"]), PUTS, PUTS)
def test_a_pickled_side_goes_on_where_it_was(
    which: Side, first: list[Level], then: list[Level]
) -> None:
    """A side that is restored takes the next changes as the one that was kept."""
    kept = side(which, *first)
    restored: BookSide = pickle.loads(pickle.dumps(kept))  # noqa: S301  (made in this line)
    for made in (kept, restored):
        for price, size in then:
            made.put(price, size)

    assert (restored.best, restored.ladder()) == (kept.best, kept.ladder())


def test_mirrored_twice_is_what_it_was() -> None:
    """The complement of the complement is the token."""
    ladder = ((4_900, 10), (4_800, 20))

    assert mirror_ladder(ladder) == ((PRICE_ONE - 4_900, 10), (PRICE_ONE - 4_800, 20))
    assert mirror_ladder(mirror_ladder(ladder)) == ladder
