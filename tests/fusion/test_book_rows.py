from __future__ import annotations

from factories import GAME, HOME, MARKET, rules, stamp, state

from fusion.book import Book
from fusion.book_proof import BookProof
from fusion.book_rows import book_rows
from fusion.rows import BookRow


def test_each_token_has_a_row_with_what_its_book_was_compared_with() -> None:
    """Of each witness, how often it was asked and how often it disagreed."""
    book, proof = Book(HOME), BookProof(rules())
    book.declared_checked, book.declared_mismatches = 9, 1
    at = stamp(7)

    assert book_rows(at, state(), [(HOME, MARKET, book, proof)]) == [
        BookRow(
            seq=7,
            recv_ns=at.recv_ns,
            date="2026-11-18",
            league="nba",
            game_id=GAME,
            market_id=MARKET,
            token_id=HOME,
            declared_checked=9,
            declared_mismatches=1,
            hash_checked=0,
            hash_matched=0,
            rest_checked=0,
            rest_differed=0,
        )
    ]
