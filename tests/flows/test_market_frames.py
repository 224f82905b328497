from __future__ import annotations

import json

import pytest
from factories import HOME
from payloads import book_body, frame, market_frame

from connectors.polymarket.parse import MarketFrame
from flows.market_frames import REST_FALLBACK, decode_market, is_spoilt
from fusion.errors import Refusal
from fusion.market import BookSnapshot


def test_books_are_read_from_sockets_and_from_what_was_polled() -> None:
    """One book says the same in both shapes."""
    book = book_body(HOME)
    terms = {"min_order_size": "5", "tick_size": "0.01", "neg_risk": False, "last_trade_price": ""}
    polled = frame(1, REST_FALLBACK, json.dumps([{**book, **terms}]))

    for decoded in (decode_market(market_frame(1, book)), decode_market(polled)):
        (message,) = decoded.messages
        assert isinstance(message, BookSnapshot)
        assert (message.token_id, len(message.bids), len(message.asks)) == (HOME, 1, 1)
        assert decoded.refusals == ()


@pytest.mark.parametrize(
    ("reasons", "spoilt"),
    [
        ((), False),
        (("text_frame", "unknown_event_type"), False),
        (("text_frame", "not_json"), True),
        (("bad_field",), True),
    ],
)
def test_what_may_have_held_a_change_spoils_a_frame(reasons: tuple[str, ...], spoilt: bool) -> None:
    """A word of the server's, or an event of a kind that is new, takes no change with it."""
    refusals = tuple(Refusal(reason, "") for reason in reasons)

    assert is_spoilt(MarketFrame(messages=(), refusals=refusals)) is spoilt
