from __future__ import annotations

import hashlib
import json
from pathlib import Path

from msgspec import structs

from fusion.market import PRICE_ONE, SIZE_ONE, Level
from simulator.book_engine import Book, price_text, size_text
from simulator.plan import BookStep, Evening, Fill, LevelSet, MarketPlan


def small(evening: Evening) -> MarketPlan:
    """Return a market with two bids and one ask."""
    market = evening.games[0].listings[0].markets[1]
    bids: tuple[Level, ...] = ((4800, 20 * SIZE_ONE), (4900, 3_581_817))
    return structs.replace(
        market,
        condition_id="0xabc",
        token_ids=("111", "222"),
        tick=100,
        neg_risk=False,
        opening=(bids, ((5000, 55 * SIZE_ONE),)),
    )


def test_numbers_are_printed_as_the_venue_prints_them() -> None:
    """No trailing zeros, no exponent, up to four decimals of price and six of size."""
    prices = [price_text(price) for price in (5000, 4900, 6380, 25, PRICE_ONE)]
    assert prices == ["0.5", "0.49", "0.638", "0.0025", "1"]
    sizes = [size_text(size) for size in (55_000_000, 3_581_817, 209_440_000, 1)]
    assert sizes == ["55", "3.581817", "209.44", "0.000001"]


def test_both_tokens_are_told_from_one_book(evening: Evening) -> None:
    """The second token's bids are the first one's asks at one less the price, best last."""
    book = Book(small(evening), 1_766_481_546_487)
    assert book.best(0) == (4900, 5000)
    assert book.best(1) == (5000, 5100)
    assert book.levels_text(1) == (
        '{"price":"0.5","size":"55"}',
        '{"price":"0.52","size":"20"},{"price":"0.51","size":"3.581817"}',
    )


def test_the_summary_has_the_ten_fields_in_order_and_their_hash(evening: Evening) -> None:
    """The hash is SHA-1 of the same text with an empty hash."""
    book = Book(small(evening), 1_766_481_546_487)
    text = (
        '{"market":"0xabc","asset_id":"111","timestamp":"1766481546487","hash":"","bids":['
        '{"price":"0.48","size":"20"},{"price":"0.49","size":"3.581817"}],"asks":['
        '{"price":"0.5","size":"55"}],"min_order_size":"5","tick_size":"0.01",'
        '"neg_risk":false,"last_trade_price":""}'
    )
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    assert book.summary(0) == text.replace('"hash":""', f'"hash":"{digest}"')


def test_steps_set_levels_and_trades_are_remembered(evening: Evening) -> None:
    """Sizes replace, zero removes, and the last trade price has three decimals."""
    book = Book(small(evening), 1)
    levels = (LevelSet("bid", 4900, 0), LevelSet("ask", 5000, 7 * SIZE_ONE))
    book.apply(BookStep(0, levels, (Fill(0, "bid", 5000, SIZE_ONE),)), 2)
    assert book.sides == {"bid": {4800: 20 * SIZE_ONE}, "ask": {5000: 7 * SIZE_ONE}}
    assert (book.last_trade, book.stamp_ms) == ("0.500", 2)


def test_empty_sides_have_no_best(evening: Evening) -> None:
    """None stands for a side without orders, on both tokens."""
    book = Book(small(evening), 1)
    book.apply(BookStep(0, (LevelSet("ask", 5000, 0),)), 2)
    assert book.best(0) == (4900, None)
    assert book.best(1) == (None, 5100)


def test_real_books_have_the_hash_we_compute(shared: Path, evening: Evening) -> None:
    """Six captured REST books, rebuilt here from their levels, give their own hashes."""
    path = shared / "captures/polymarket/rest/books_cfb_fordham_ndsu_20260830.json"
    checked = 0
    for row in json.loads(path.read_text()):
        sides = [
            tuple(
                (round(float(level["price"]) * PRICE_ONE), round(float(level["size"]) * SIZE_ONE))
                for level in row[side]
            )
            for side in ("bids", "asks")
        ]
        market = structs.replace(
            small(evening),
            condition_id=row["market"],
            token_ids=(row["asset_id"], "0"),
            tick=round(float(row["tick_size"]) * PRICE_ONE),
            neg_risk=row["neg_risk"],
            opening=(sides[0], sides[1]),
        )
        book = Book(market, int(row["timestamp"]))
        book.last_trade = row["last_trade_price"]
        book.settle(int(row["timestamp"]))
        assert json.loads(book.summary(0)) == row
        checked += 1
    assert checked > 0
