from __future__ import annotations

import msgspec
import pytest
from factories import HOME, MARKET, book, rules, shares

from fusion.book import Book
from fusion.book_hash import HashTerms, book_hash
from fusion.book_proof import BookProof
from fusion.market import BookSnapshot, LastTrade, LevelChange

BIDS, ASKS = ((5_900, shares(50)),), ((6_100, shares(70)),)
SECOND = 1_000_000_000


def hashed(ms: int = 100, *, tick: str = "0.01", trade: str = "0.600") -> BookSnapshot:
    """Return a snapshot with the venue's own hash."""
    plain = msgspec.structs.replace(book(HOME, BIDS, ASKS, ms=ms), last_trade_price=trade)
    own = Book(HOME)
    own.apply_snapshot(plain)
    terms = HashTerms(min_order_size="5", tick_size=tick, neg_risk=False)
    return msgspec.structs.replace(plain, hash=book_hash(MARKET, own, terms, trade))


def proven(snapshot: BookSnapshot) -> tuple[Book, BookProof]:
    """Return a book and its proof after a snapshot that was checked."""
    own, proof = Book(HOME), BookProof(rules())
    own.apply_snapshot(snapshot)
    proof.snapshot(snapshot)
    proof.complete(own)
    return own, proof


def counts(proof: BookProof) -> tuple[int, int, int, int]:
    """Return what was counted: hashes checked and matched, REST books checked and different."""
    return proof.hash_checked, proof.hash_matched, proof.rest_checked, proof.rest_differed


def test_hash_of_a_snapshot_is_checked_once() -> None:
    """The terms come from the listing, the last price from the snapshot."""
    own, proof = proven(hashed())
    proof.complete(own)

    assert counts(proof) == (1, 1, 0, 0)


def test_wrong_hash_is_counted_and_nothing_else() -> None:
    """A hash that does not match leaves the book as it is."""
    own, proof = proven(msgspec.structs.replace(hashed(), hash="ff" * 20))

    assert counts(proof) == (1, 0, 0, 0)
    assert own.state == "live"


def test_trade_that_comes_late_explains_a_hash() -> None:
    """A hash that already holds a newer price matches when that price is told."""
    snapshot = hashed(trade="0.610")
    unaware = msgspec.structs.replace(snapshot, last_trade_price="0.600")
    _, proof = proven(unaware)
    assert counts(proof) == (1, 0, 0, 0)

    proof.trade(LastTrade(MARKET, HOME, 101, 6_100, shares(1), "bid", "0.61"))

    assert counts(proof) == (1, 1, 0, 0)


def test_new_tick_size_is_part_of_the_hash() -> None:
    """After a tick size change hashes are computed with the new one."""
    own, proof = proven(hashed())
    proof.change_tick(10)
    finer = hashed(200, tick="0.001")
    own.apply_snapshot(finer)
    proof.snapshot(finer)
    proof.complete(own)

    assert counts(proof) == (2, 2, 0, 0)


def test_book_in_the_middle_of_a_batch_is_not_hashed() -> None:
    """The hash is that of the whole batch, so it waits for it."""
    own, proof = proven(hashed())
    own.apply_change(LevelChange(HOME, "bid", 5_800, 5, "aa" * 20, True, 6_000, 6_100), 150)
    proof.complete(own)

    assert counts(proof) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("shown_ms", "asks", "result"),
    [
        (100, ASKS, (True, "")),
        (100, (), (False, "")),
        (99, (), (False, "")),
        (500, (), (False, "")),
    ],
)
def test_one_rest_book_never_condemns(
    shown_ms: int, asks: tuple[tuple[int, int], ...], result: tuple[bool, str]
) -> None:
    """The first difference is counted and forgiven."""
    own, proof = proven(hashed())

    assert proof.rest(own, book(HOME, BIDS, asks, ms=shown_ms), 0) == result


def test_second_difference_in_a_row_condemns() -> None:
    """Two REST books of the same moment that differ make the book wrong."""
    own, proof = proven(hashed())
    other = book(HOME, BIDS, (), ms=100)
    proof.rest(own, other, 0)

    assert proof.rest(own, other, SECOND) == (False, "REST shows another book")
    assert counts(proof) == (1, 1, 2, 2)


def test_newer_book_has_its_patience() -> None:
    """A later change that stays away for three seconds is overdue, once."""
    own, proof = proven(hashed())
    proof.rest(own, book(HOME, BIDS, (), ms=500), 0)

    assert [proof.overdue(own, second * SECOND, 3.0) for second in (1, 2, 3, 4)] == [
        False,
        False,
        True,
        False,
    ]


def test_newer_book_that_comes_is_not_overdue() -> None:
    """A change that the socket brings in time proves it."""
    own, proof = proven(hashed())
    proof.rest(own, book(HOME, BIDS, (), ms=500), 0)
    own.apply_snapshot(book(HOME, BIDS, (), ms=500))

    assert not proof.overdue(own, 9 * SECOND, 3.0)
