"""The venue's hash of a book."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.book import Book
from fusion.book_hash import (
    HashTerms,
    HashWitness,
    book_hash,
    price_text,
    size_text,
    trade_price_text,
)
from fusion.market import BookSnapshot, LastTrade

MARKET, TOKEN = "0xmarket", "71321045"
TERMS = HashTerms("5", "0.001", False)

# The venue's recipe, written out by hand for the book of `book_of` at time 1700000000000.
SIX = (
    '{"market":"0xmarket","asset_id":"71321045","timestamp":"1700000000000","hash":"",'
    '"bids":[{"price":"0.01","size":"3769.8"},{"price":"0.5","size":"60"}],'
    '"asks":[{"price":"0.99","size":"3.581817"},{"price":"0.637","size":"10"}]'
)
NINE = SIX + ',"min_order_size":"5","tick_size":"0.001","neg_risk":false'
TEN = NINE + ',"last_trade_price":"0.500"'


def sha1(text: str) -> str:
    """Return the SHA-1 of a text in hex."""
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def snapshot(declared: str, **fields: str | int | bool) -> BookSnapshot:
    """Return the snapshot that the recipes above are of."""
    return BookSnapshot(
        MARKET,
        TOKEN,
        1_700_000_000_000,
        bids=((100, 3_769_800_000), (5000, 60_000_000)),
        asks=((9900, 3_581_817), (6370, 10_000_000)),
        hash=declared,
        **fields,  # type: ignore[arg-type]  # a few optional fields by name
    )


def book_of(message: BookSnapshot) -> Book:
    """Return the book of a snapshot."""
    book = Book(message.token_id)
    book.apply_snapshot(message)
    return book


def trade(price: int) -> LastTrade:
    """Return a trade at `price`."""
    return LastTrade(MARKET, TOKEN, 1_700_000_000_000, price, 1_000_000, "bid", "")


@pytest.mark.parametrize(
    ("terms", "last_trade_price", "text"),
    [(None, None, SIX), (TERMS, None, NINE), (TERMS, "0.500", TEN)],
)
def test_the_hash_is_that_of_each_recipe(
    terms: HashTerms | None, last_trade_price: str | None, text: str
) -> None:
    """Six, nine and ten fields give the SHA-1 of the text as the venue writes it."""
    book = book_of(snapshot(""))
    assert book_hash(MARKET, book, terms, last_trade_price) == sha1(text + "}")


def test_every_rest_book_of_ten_fields_has_its_hash(shared: Path) -> None:
    """The books that the venue gave over REST in August 2026 have the hash they declare."""
    path = shared / "captures/polymarket/rest/books_cfb_fordham_ndsu_20260830.json"
    for raw in json.loads(path.read_bytes()):
        assert list(raw)[-4:] == ["min_order_size", "tick_size", "neg_risk", "last_trade_price"]
        book = Book(raw["asset_id"])
        levels = {
            side: tuple(
                (round(float(level["price"]) * 10_000), round(float(level["size"]) * 1_000_000))
                for level in raw[side]
            )
            for side in ("bids", "asks")
        }
        book.apply_snapshot(
            BookSnapshot(
                raw["market"],
                raw["asset_id"],
                int(raw["timestamp"]),
                levels["bids"],
                levels["asks"],
                raw["hash"],
            )
        )
        assert book_hash(raw["market"], book, HashTerms("5", "0.01", False), "") == raw["hash"]


@pytest.mark.parametrize(
    ("price", "text"),
    [(1, "0.0001"), (25, "0.0025"), (4800, "0.48"), (5000, "0.5"), (9990, "0.999")],
)
def test_prices_are_written_as_on_the_wire(price: int, text: str) -> None:
    """A price has no trailing zeros."""
    assert price_text(price) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(1, "0.000001"), (3_581_817, "3.581817"), (60_000_000, "60"), (100_700_000, "100.7")],
)
def test_sizes_are_written_as_on_the_wire(size: int, text: str) -> None:
    """A size has up to six decimals and no trailing zeros."""
    assert size_text(size) == text


@pytest.mark.parametrize(
    ("price", "text"), [(5000, "0.500"), (2550, "0.255"), (20, "0.002"), (25, "0.0025")]
)
def test_trade_prices_have_three_decimals(price: int, text: str) -> None:
    """The last trade price stands in the hash with at least three decimals."""
    assert trade_price_text(price) == text


@given(price=st.integers(1, 9_999), size=st.integers(1, 10**15))
def test_written_numbers_read_back(price: int, size: int) -> None:
    """What is written stands for the same number."""
    assert round(float(price_text(price)) * 10_000) == price
    whole, _, fraction = size_text(size).partition(".")
    assert int(whole + fraction.ljust(6, "0")) == size


def test_a_witness_that_knows_the_fields_checks_at_once() -> None:
    """A snapshot of REST says all that the hash needs."""
    witness = HashWitness(MARKET)
    message = snapshot(
        sha1(TEN + "}"),
        tick_size=10,
        min_order_size="5",
        neg_risk=False,
        last_trade_price="0.500",
    )
    witness.learn(message)
    assert witness.check(book_of(message)) is True
    assert (witness.checked, witness.matched) == (1, 1)


def test_a_witness_tries_again_with_the_newer_trade_price() -> None:
    """A match's hash has the new price before the trade is told; the check waits for it."""
    witness = HashWitness(MARKET)
    known = snapshot("", tick_size=10, min_order_size="5", neg_risk=False, last_trade_price="0.480")
    witness.learn(known)
    book = book_of(snapshot(sha1(TEN + "}")))
    assert witness.check(book) is False
    witness.trade(trade(4900))
    assert (witness.checked, witness.matched) == (1, 0)
    witness.trade(trade(5000))
    assert (witness.checked, witness.matched) == (1, 1)
    witness.trade(trade(5000))
    assert (witness.checked, witness.matched) == (1, 1)


def test_the_price_before_a_trade_is_still_tried() -> None:
    """A batch may end before the trade that was told first."""
    witness = HashWitness(MARKET)
    witness.learn(
        snapshot("", tick_size=10, min_order_size="5", neg_risk=False, last_trade_price="0.500")
    )
    witness.trade(trade(5100))
    assert witness.check(book_of(snapshot(sha1(TEN + "}")))) is True


def test_a_witness_without_the_fields_cannot_tell() -> None:
    """Without the market's fields and without leave to search nothing matches."""
    witness = HashWitness(MARKET)
    assert witness.check(book_of(snapshot(sha1(TEN + "}")))) is False


@pytest.mark.parametrize(
    ("text", "terms"), [(SIX, None), (NINE, TERMS), (TEN, TERMS)], ids=["six", "nine", "ten"]
)
def test_a_searching_witness_finds_the_fields(text: str, terms: HashTerms | None) -> None:
    """A search finds and remembers what the market's fields must be."""
    witness = HashWitness(MARKET, search=True)
    assert witness.check(book_of(snapshot(sha1(text + "}")))) is True
    assert witness.terms == terms


def test_a_wrong_book_never_matches_and_ends_the_search() -> None:
    """A book with a level too many is found wrong, and the search is given up after a while."""
    witness = HashWitness(MARKET, search=True)
    declared = sha1(TEN.replace('"size":"60"', '"size":"61"') + "}")
    book = book_of(snapshot(declared))
    assert [witness.check(book) for _ in range(10)] == [False] * 10
    assert (witness.checked, witness.matched) == (10, 0)
    assert witness.check(book_of(snapshot(sha1(TEN + "}")))) is False


def test_a_search_takes_the_tick_size_that_the_book_has() -> None:
    """A book that knows its tick size is not tried with another."""
    witness = HashWitness(MARKET, search=True)
    assert witness.check(book_of(snapshot(sha1(TEN + "}"), tick_size=100))) is False
    assert witness.check(book_of(snapshot(sha1(TEN + "}"), tick_size=10))) is True


def test_a_trade_that_explains_a_hash_lets_the_search_go_on() -> None:
    """A witness that had stopped searching begins again when a trade price proves right."""
    witness = HashWitness(MARKET, search=True)
    known = snapshot("", tick_size=10, min_order_size="5", neg_risk=False)
    witness.learn(known)
    text = NINE + ',"last_trade_price":"0.4925"}'
    waiting = book_of(snapshot(sha1(text), tick_size=10))
    assert [witness.check(waiting) for _ in range(5)] == [False] * 5
    assert witness.check(book_of(snapshot(sha1(TEN + "}")))) is False
    witness.trade(trade(4925))
    assert (witness.checked, witness.matched) == (6, 5)
    assert witness.check(book_of(snapshot(sha1(TEN + "}")))) is True


def test_a_new_tick_size_enters_the_hash() -> None:
    """A later snapshot that names only its tick size changes that field alone."""
    witness = HashWitness(MARKET)
    witness.learn(snapshot("", tick_size=100, min_order_size="5", neg_risk=False))
    witness.learn(snapshot("", tick_size=10))
    assert witness.terms == TERMS
    witness.learn(snapshot("", last_trade_price="0.500"))
    assert witness.check(book_of(snapshot(sha1(TEN + "}")))) is True
