from __future__ import annotations

import msgspec
import pytest
from factories import HOME, book, shares

from fusion.book import Book
from fusion.market import BookSnapshot, LevelChange
from fusion.witness import Verdict, compare

BIDS = ((5_900, shares(50)), (5_800, shares(9)))
ASKS = ((6_100, shares(70)),)
OWN = msgspec.structs.replace(book(HOME, BIDS, ASKS, ms=100), hash="aa")


def rest(ms: int, hash_: str = "", asks: tuple[tuple[int, int], ...] = ASKS) -> BookSnapshot:
    """Return a REST book as of `ms`."""
    return msgspec.structs.replace(book(HOME, BIDS, asks, ms=ms), hash=hash_)


@pytest.mark.parametrize(
    ("shown", "verdict"),
    [
        (rest(100, "aa"), "agrees"),
        (rest(100), "agrees"),
        (rest(250), "agrees"),
        (rest(99, "aa", ()), "agrees"),
        (rest(100, "bb", ((6_200, shares(70)),)), "differs"),
        (rest(101, "bb", ((6_200, shares(70)),)), "newer"),
        (rest(99, "bb", ((6_200, shares(70)),)), "older"),
        (rest(100, "", (*ASKS, (9_900, 0))), "agrees"),
    ],
)
def test_verdicts(shown: BookSnapshot, verdict: Verdict) -> None:
    """Hash or levels make an agreement, else the time of the last change decides what it says."""
    own = Book(HOME)
    own.apply_snapshot(OWN)

    assert compare(own, shown) == verdict


def test_a_change_moves_the_time_that_is_compared() -> None:
    """A book that got a change knows the time of that change, not of its snapshot."""
    own = Book(HOME)
    own.apply_snapshot(OWN)
    own.apply_change(LevelChange(HOME, "bid", 5_700, shares(3), "cc"), 180)

    assert compare(own, rest(150, "bb")) == "older"
