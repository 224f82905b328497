from __future__ import annotations

from typing import Any

import msgspec
import pytest
from factories import GAME, listing, pregame, stamp, state

from fusion.freshness import FreshnessLimits
from fusion.outcome_view import OutcomeView
from fusion.quotes import PregameMids, Quote
from fusion.quoting import Known, gate_of, quote_of
from fusion.side import Side

LADDER = ((4_700, 9_000_000),)
VIEW = OutcomeView(4_500, 4_700, 8_000_000, 9_000_000, LADDER, "buy", "live")
LISTING = listing()
LIMITS = FreshnessLimits(score_s=30.0, book_s=5.0)


def test_a_quote_has_all_that_is_known() -> None:
    """The side gives its prices, the game its state and prior, the frame the ages."""
    outcome, market = LISTING.outcomes[0], LISTING.markets[0]
    side = Side(outcome, market, VIEW, "a reason", 77, 0.41, "no_state")
    at = stamp(5, at_s=10, heard_s=8)
    mids = PregameMids(0.6, None, 0.4)
    known = Known("2026-11-18", LISTING, state(), mids, None, 0.0, 2.0, LIMITS, disputed=False)

    assert quote_of(side, at, "book", known) == Quote(
        seq=5,
        recv_ns=at.recv_ns,
        venue_ms=77,
        date="2026-11-18",
        league="nba",
        game_id=GAME,
        cause="book",
        outcome=outcome,
        rules=market,
        state=state(),
        pregame=mids,
        odds=None,
        bid=4_500,
        ask=4_700,
        bid_size=8_000_000,
        ask_size=9_000_000,
        ladder=LADDER,
        leg="buy",
        link="live",
        link_reason="a reason",
        gate="no_state",
        score_age_s=0.0,
        book_age_s=2.0,
        lead_move=side.lead_move(),
    )


def known(**changes: Any) -> Known:
    """Return what is known of a game in play after a frame that leaves all gates open."""
    plain = Known(
        "2026-11-18", LISTING, state(), PregameMids(), None, 1.0, 1.0, LIMITS, disputed=False
    )
    return msgspec.structs.replace(plain, **changes)


@pytest.mark.parametrize(
    ("changes", "gate"),
    [
        ({}, ""),
        ({"state": None}, "no_state"),
        ({"state": pregame()}, "not_started"),
        ({"state": state(phase="post"), "score_age_s": None}, "over"),
        ({"book_age_s": 5.5, "score_age_s": 99.0}, "stale_book"),
        ({"score_age_s": 30.5, "disputed": True}, "stale_score"),
        ({"disputed": True}, "score_disputed"),
    ],
)
def test_the_first_gate_that_is_shut_is_told(changes: dict[str, Any], gate: str) -> None:
    """The game comes before the link and the ages, and a dispute last."""
    side = Side(LISTING.outcomes[0], LISTING.markets[0], VIEW)

    assert gate_of(side, known(**changes)) == gate


def test_a_market_that_takes_no_orders_is_not_traded() -> None:
    """Nor is one that is closed, whose book nobody follows any more, whatever else it says."""
    refuses = msgspec.structs.replace(LISTING.markets[0], accepting_orders=False)
    closed = msgspec.structs.replace(LISTING.markets[0], closed=True)
    both = msgspec.structs.replace(refuses, closed=True)
    sides = [Side(LISTING.outcomes[0], market, VIEW) for market in (refuses, closed, both)]

    assert [gate_of(side, known()) for side in sides] == ["not_trading"] * 3
