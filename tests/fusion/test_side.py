from __future__ import annotations

import pytest
from factories import AWAY, HOME, listing, rules

from fusion.freshness import LinkState
from fusion.outcome_view import OutcomeView
from fusion.side import Side


def side(bid: int | None, ask: int | None, link: LinkState = "live") -> Side:
    """Return the home side with these best prices."""
    view = OutcomeView(bid, ask, None, None, (), "buy", link)
    return Side(outcome=listing().outcomes[0], rules=rules(), view=view)


def test_tokens_are_the_outcome_and_its_complement() -> None:
    """A side is touched by messages about either token."""
    assert side(1, 2).tokens() == (HOME, AWAY)


@pytest.mark.parametrize(
    ("bid", "ask", "mid"), [(5_900, 6_100, 0.6), (None, 6_100, None), (5_900, None, None)]
)
def test_mid_needs_both_prices(bid: int | None, ask: int | None, mid: float | None) -> None:
    """The mid is the middle of bid and ask, and unknown without one of them."""
    assert side(bid, ask).mid() == mid


@pytest.mark.parametrize(
    ("bid", "ask", "link", "mid"),
    [
        (5_500, 6_500, "live", 0.6),
        (5_499, 6_500, "live", None),
        (5_900, 6_100, "settling", None),
        (5_900, 6_100, "doubt", None),
        (None, 6_100, "live", None),
    ],
)
def test_prior_needs_a_settled_narrow_book(
    bid: int | None, ask: int, link: LinkState, mid: float | None
) -> None:
    """A spread above ten cents, or a book that is not settled, is no prior."""
    assert side(bid, ask, link).prior_mid() == mid


def test_lead_is_the_move_since_the_poll() -> None:
    """The lead is unknown before the first poll with a price."""
    watched = side(5_900, 6_100)
    assert watched.lead_move() is None

    watched.mid_at_poll = 0.55

    assert watched.lead_move() == pytest.approx(0.05)
