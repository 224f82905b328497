from __future__ import annotations

import msgspec
from factories import MARKET, START_NS, listing, rules

from fusion.market_rules import ClobRules, with_clob_rules
from fusion.slate import FeeSchedule, Slate, Unmatched

UNMATCHED = (Unmatched("nba", "nba:9", "", "no_event"),)


def test_what_the_order_book_says_wins() -> None:
    """Every rule it states replaces the listed one; names, tokens and the rest stay."""
    said = ClobRules(
        MARKET,
        tick_size=10,
        min_order_size=15.0,
        fee=FeeSchedule(rate=0.03, exponent=2.0, taker_only=False),
        neg_risk=True,
        accepting_orders=False,
        clear_book_on_start=True,
        game_start_ns=START_NS,
        seconds_delay=3,
    )
    merged = with_clob_rules(Slate((listing(),), UNMATCHED), {MARKET: said, "0xother": said})

    assert merged == Slate(
        (
            listing(
                tick_size=10,
                min_order_size=15.0,
                fee=FeeSchedule(rate=0.03, exponent=2.0, taker_only=False),
                neg_risk=True,
                accepting_orders=False,
                clear_book_on_start=True,
                game_start_ns=START_NS,
                seconds_delay=3,
            ),
        ),
        UNMATCHED,
    )


def test_what_it_does_not_say_stays_as_listed() -> None:
    """A market without a stated fee keeps its listing's schedule, or pays none without either."""
    old = {"fee": FeeSchedule(rate=0.03), "neg_risk": True, "clear_book_on_start": True}
    paying = Slate((listing(**old),))
    free = Slate((listing(fee=FeeSchedule()),))
    silent = {MARKET: ClobRules(MARKET)}

    assert with_clob_rules(paying, silent) == paying
    assert with_clob_rules(free, silent) == free
    assert with_clob_rules(paying, {}) == paying


def test_a_stated_fee_of_nothing_is_nothing() -> None:
    """A rate of 0 is a statement: the listed schedule does not stand."""
    said = {MARKET: ClobRules(MARKET, fee=FeeSchedule(rate=0.0))}

    assert with_clob_rules(Slate((listing(),)), said) == Slate((listing(fee=FeeSchedule()),))


def test_orders_are_taken_where_both_say_so() -> None:
    """The listing may be newer than what the order book said at the start."""
    refusing = Slate((listing(accepting_orders=False),))
    taking = {MARKET: ClobRules(MARKET, accepting_orders=True)}

    assert with_clob_rules(refusing, taking) == refusing
    assert with_clob_rules(Slate((listing(),)), taking) == Slate((listing(),))


def test_each_market_of_a_game_has_its_own() -> None:
    """Of several markets only the one that is spoken of changes."""
    markets = (rules(market_id="0xa"), rules(market_id="0xb"), rules(market_id="0xc"))
    game = msgspec.structs.replace(listing(), markets=markets)
    merged = with_clob_rules(Slate((game,)), {"0xb": ClobRules("0xb", tick_size=25)})

    assert merged.games[0].markets == (markets[0], rules(market_id="0xb", tick_size=25), markets[2])
