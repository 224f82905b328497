from __future__ import annotations

import pytest
from factories import AWAY, HOME, book, shares

from fusion.book import Book
from fusion.book_side import LADDER_LEVELS
from fusion.market import Level, LevelChange
from fusion.outcome_view import OutcomeView, closed_view, outcome_view


def level(cents: int, count: float) -> Level:
    """Return a level as books keep it."""
    return cents * 100, shares(count)


def own(*, bid: int = 59, ask: int = 61) -> Book:
    """Return the book of the outcome's token: 10 shares bid, 20 offered, a second offer behind."""
    made = Book(HOME)
    made.apply_snapshot(book(HOME, (level(bid, 10),), (level(ask, 20), level(ask + 1, 30))))
    return made


def complement(*, bid: int = 38, ask: int = 42) -> Book:
    """Return the book of the complement: 40 shares bid, a second bid behind, 50 offered."""
    made = Book(AWAY)
    made.apply_snapshot(book(AWAY, (level(bid, 40), level(bid - 1, 60)), (level(ask, 50),)))
    return made


def settling(made: Book) -> Book:
    """Bring a book into the middle of a batch: a bid has come, whose best is yet to come."""
    best_bid, best_ask = made.best_bid, made.best_ask
    assert best_bid is not None
    change = LevelChange(made.token_id, "bid", 100, shares(1), "", True, best_bid + 100, best_ask)
    made.apply_change(change, 2)
    assert (made.usable, made.depth_usable) == (True, False)
    return made


OWN = OutcomeView(
    bid=5900,
    ask=6100,
    bid_size=shares(10),
    ask_size=shares(20),
    ladder=(level(61, 20), level(62, 30)),
    leg="buy",
    link="live",
)
"""Buying the outcome's own token."""

MIRRORED = OutcomeView(
    bid=5800,
    ask=6200,
    bid_size=shares(50),
    ask_size=shares(40),
    ladder=(level(62, 40), level(63, 60)),
    leg="sell",
    link="live",
)
"""Selling the complement: its bid of 38 cents is an offer of the outcome at 62."""


def test_the_cheaper_leg_is_taken() -> None:
    """Whichever of the equivalent bets costs less is the view, with its own sizes and levels."""
    assert outcome_view(own(), complement(), "down") == OWN
    assert outcome_view(own(ask=63), complement(), "down") == MIRRORED


def test_of_equal_legs_the_own_token_is_bought() -> None:
    """A tie is decided the same way every time."""
    assert outcome_view(own(), complement(bid=39), "down").leg == "buy"


def test_a_usable_book_stands_in_for_the_other() -> None:
    """One of the two books is enough."""
    assert outcome_view(own(), Book(AWAY), "waiting") == OWN
    assert outcome_view(Book(HOME), complement(), "waiting") == MIRRORED


def test_a_settled_book_goes_before_a_cheaper_one_that_settles() -> None:
    """Depth that can be trusted is worth more than a better price without."""
    view = outcome_view(settling(own(bid=50, ask=55)), complement(), "down")

    assert view == MIRRORED


def test_in_the_middle_of_a_batch_there_are_prices_and_no_depth() -> None:
    """The declared best is final at once; what can be bought at it is not known yet."""
    view = outcome_view(settling(own()), Book(AWAY), "waiting")

    assert (view.bid, view.ask, view.ladder, view.link) == (6000, 6100, (), "settling")


def test_a_side_that_offers_nothing_comes_last() -> None:
    """A book without an offer is dearer than any that has one."""
    empty = Book(HOME)
    empty.apply_snapshot(book(HOME, (level(59, 10),), ()))

    assert outcome_view(empty, complement(bid=1), "down").leg == "sell"
    alone = outcome_view(empty, Book(AWAY), "down")
    assert (alone.bid, alone.ask, alone.ask_size, alone.ladder) == (5900, None, None, ())


def test_ladder_has_so_many_levels() -> None:
    """The ladder ends where nobody of our size walks."""
    deep = Book(HOME)
    deep.apply_snapshot(book(HOME, (), tuple(level(50 + step, 1) for step in range(30))))

    assert outcome_view(deep, Book(AWAY), "down").ladder == tuple(
        level(50 + step, 1) for step in range(LADDER_LEVELS)
    )


@pytest.mark.parametrize("lost", ["waiting", "down", "gap", "invalid"])
def test_without_a_book_the_reason_is_the_view(lost: str) -> None:
    """Nothing is known of the market but why."""
    view = outcome_view(Book(HOME), Book(AWAY), lost)  # type: ignore[arg-type]

    assert view == closed_view(lost)  # type: ignore[arg-type]
    assert view == OutcomeView(None, None, None, None, (), "buy", lost)  # type: ignore[arg-type]
