"""How well each book of a game proved right, as rows that are told when it is over."""

from __future__ import annotations

from collections.abc import Iterable

from fusion.book import Book
from fusion.book_proof import BookProof
from fusion.days import slate_day
from fusion.events import Stamp
from fusion.game import GameState
from fusion.rows import BookRow


def book_rows(
    stamp: Stamp, state: GameState, proofs: Iterable[tuple[str, str, Book, BookProof]]
) -> list[BookRow]:
    """Return a row for each token, market, book and proof; a game that ends twice has two."""
    return [
        BookRow(
            seq=stamp.seq,
            recv_ns=stamp.recv_ns,
            date=slate_day(state.start_ns),
            league=state.league,
            game_id=state.game_id,
            market_id=market_id,
            token_id=token_id,
            declared_checked=book.declared_checked,
            declared_mismatches=book.declared_mismatches,
            hash_checked=proof.hash_checked,
            hash_matched=proof.hash_matched,
            rest_checked=proof.rest_checked,
            rest_differed=proof.rest_differed,
        )
        for token_id, market_id, book, proof in proofs
    ]
