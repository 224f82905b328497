from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest
from factories import (
    AWAY,
    GAME,
    HOME,
    LINK,
    MARKET,
    book,
    listing,
    pregame,
    scored,
    shares,
    stamp,
    state,
    traded,
)
from hypothesis import given
from hypothesis import strategies as st

from fusion.events import (
    Event,
    FramesLost,
    FrameSpoilt,
    LinkDoubted,
    LinkLost,
    Listed,
    Polled,
    Scored,
    ScoreTold,
    Stamp,
    Ticked,
    Traded,
    Witnessed,
)
from fusion.freshness import FreshnessLimits
from fusion.healing import Heal
from fusion.join import GameJoin, JoinRules
from fusion.levels import LevelBatch
from fusion.market import (
    BestBidAsk,
    LevelChange,
    MarketMessage,
    MarketResolved,
    PriceChange,
    TickSizeChange,
)
from fusion.quotes import PregameMids, Quote
from fusion.rows import GameRow
from fusion.score_witness import SPORTS_LINK, ToldScore, WitnessRules

HOME_BOOK = book(HOME, bids=((5_900, shares(50)),), asks=((6_100, shares(70)),))
AWAY_BOOK = book(AWAY, bids=((3_900, shares(70)),), asks=((4_100, shares(50)),))


def joined(*events: Event, rules: JoinRules | None = None) -> tuple[GameJoin, list[Any]]:
    """Fold the events and return the join and the rows of the last one but those of levels."""
    join = GameJoin(rules or JoinRules())
    rows: list[Any] = []
    for event in events:
        rows = [row for row in join.on(event) if not isinstance(row, LevelBatch)]
    return join, rows


def told(rows: list[Any]) -> list[tuple[Any, ...]]:
    """Return what matters of quotes in most tests."""
    return [
        (row.outcome.selection, row.cause, row.bid, row.ask, row.link, row.gate)
        for row in rows
        if isinstance(row, Quote)
    ]


LISTED = Listed(stamp(1), listing())
SCORED = scored(stamp(2, at_s=1), state())
BOTH = (traded(stamp(3, at_s=2), HOME_BOOK), traded(stamp(4, at_s=2), AWAY_BOOK))


def test_a_listed_game_waits_for_its_books() -> None:
    """A listing gives a row an outcome, which waits for its first snapshot."""
    _, rows = joined(LISTED)

    assert told(rows) == [
        ("home", "slate", None, None, "waiting", "no_state"),
        ("away", "slate", None, None, "waiting", "no_state"),
    ]


def test_a_score_without_a_market_gives_its_game_row() -> None:
    """A game that no market belongs to still gives the rows of its score."""
    _, rows = joined(scored(stamp(5, at_s=3), state()))

    assert rows == [
        GameRow(
            seq=5,
            recv_ns=stamp(5, at_s=3).recv_ns,
            date="2026-11-18",
            league="nba",
            game_id=GAME,
            start_ns=state().start_ns,
            home="Boston Celtics",
            away="New York Knicks",
            state="in",
            status="in_progress",
            completed=False,
            home_score=60,
            away_score=55,
            period=3,
            clock_s=400.0,
            detail="",
            winner=None,
            espn_home_win=None,
        )
    ]


def test_a_book_of_one_token_prices_both_outcomes() -> None:
    """The complement's book is the mirror, so one snapshot gives both outcomes their prices."""
    _, rows = joined(LISTED, SCORED, BOTH[0])

    assert told(rows) == [
        ("home", "book", 5_900, 6_100, "live", ""),
        ("away", "book", 3_900, 4_100, "live", ""),
    ]
    assert [row.ladder for row in rows] == [((6_100, shares(70)),), ((4_100, shares(50)),)]
    assert [row.leg for row in rows] == ["buy", "sell"]


def test_a_score_change_quotes_every_outcome() -> None:
    """A change of the score gives the game's row and one row an outcome."""
    _, rows = joined(LISTED, SCORED, *BOTH, scored(stamp(6, at_s=3), state(home_score=62)))

    assert [type(row) for row in rows] == [GameRow, Quote, Quote]
    assert told(rows) == [
        ("home", "score", 5_900, 6_100, "live", ""),
        ("away", "score", 3_900, 4_100, "live", ""),
    ]


def test_the_same_score_again_gives_no_row() -> None:
    """A poll that brought nothing new gives no row, and the score is fresh again."""
    join, rows = joined(LISTED, SCORED, *BOTH, scored(stamp(6, at_s=20), state()))

    assert rows == []
    assert join.polled_ns == stamp(6, at_s=20).recv_ns


def test_a_change_deep_in_the_book_gives_no_row() -> None:
    """A level behind the twenty that are quoted changes nothing that anyone acts on."""
    asks = tuple((6_100 + 100 * step, shares(10)) for step in range(22))
    deep = LevelChange(HOME, "ask", 8_200, shares(99))
    change = traded(stamp(6, at_s=3), PriceChange(MARKET, 5, (deep,)))
    full = traded(stamp(3, at_s=2), book(HOME, ((5_900, shares(50)),), asks))

    assert joined(LISTED, SCORED, full, change)[1] == []


def test_a_price_change_moves_the_outcomes_it_names() -> None:
    """A better bid on one token shows as its outcome's bid; the other follows with its frame."""
    bid = LevelChange(HOME, "bid", 6_000, shares(20), "", True, 6_000, 6_100)
    ask = LevelChange(AWAY, "ask", 4_000, shares(20), "", True, 3_900, 4_000)
    change = traded(stamp(6, at_s=3), PriceChange(MARKET, 9, (bid, ask)))
    _, rows = joined(LISTED, SCORED, *BOTH, change)

    assert told(rows) == [
        ("home", "book", 6_000, 6_100, "live", ""),
        ("away", "book", 3_900, 4_000, "live", ""),
    ]
    assert {row.venue_ms for row in rows} == {9}


def test_a_lost_link_closes_the_books_it_carried() -> None:
    """After a disconnect the outcomes have no price and say why."""
    _, rows = joined(LISTED, SCORED, *BOTH, LinkLost(stamp(7, at_s=3), LINK))

    assert told(rows) == [
        ("home", "link", None, None, "down", "link_down"),
        ("away", "link", None, None, "down", "link_down"),
    ]


def test_another_link_lost_changes_nothing() -> None:
    """A link that carries none of the game's books may come and go."""
    assert joined(LISTED, SCORED, *BOTH, LinkLost(stamp(7), "polymarket:market:9"))[1] == []


def test_lost_frames_close_every_book_until_its_snapshot() -> None:
    """A gap makes each book wait for its next snapshot, and a snapshot mends it."""
    join, rows = joined(LISTED, SCORED, *BOTH, FramesLost(stamp(7, at_s=3)))
    assert told(rows) == [
        ("home", "link", None, None, "gap", "link_gap"),
        ("away", "link", None, None, "gap", "link_gap"),
    ]

    mended = join.on(traded(stamp(8, at_s=4), HOME_BOOK))

    assert told(mended) == [
        ("home", "book", 5_900, 6_100, "live", ""),
        ("away", "book", 3_900, 4_100, "live", ""),
    ]


def test_a_tick_size_change_closes_the_book() -> None:
    """A market whose tick size changed has no usable book before its snapshot."""
    changes = [
        traded(stamp(6, at_s=3), TickSizeChange(MARKET, token, 5, 100, 10))
        for token in (HOME, AWAY)
    ]
    _, rows = joined(LISTED, SCORED, *BOTH, *changes)

    assert told(rows) == [
        ("home", "book", None, None, "invalid", "book_invalid"),
        ("away", "book", None, None, "invalid", "book_invalid"),
    ]


def test_a_resolved_market_is_not_traded() -> None:
    """A market that was resolved carries no signal."""
    resolved = traded(stamp(8, at_s=3), MarketResolved(MARKET, 7, HOME, "Celtics"))
    _, rows = joined(LISTED, SCORED, *BOTH, resolved)

    assert told(rows) == [
        ("home", "book", None, None, "invalid", "not_trading"),
        ("away", "book", None, None, "invalid", "not_trading"),
    ]


def test_a_listing_read_again_keeps_what_is_known() -> None:
    """New rules of a market change its gate and neither its book nor why that is shut."""
    change = traded(stamp(6, at_s=3), TickSizeChange(MARKET, HOME, 5, 100, 10))
    again = Listed(stamp(9, at_s=4), listing(seconds_delay=1))
    only_home = (LISTED, SCORED, BOTH[0], change)
    _, rows = joined(*only_home, again, scored(stamp(10, at_s=5), state(period=4)))

    home = next(row for row in rows if isinstance(row, Quote))
    assert (home.link_reason, home.rules.seconds_delay) == ("tick size changed", 1)


def test_a_game_that_leaves_the_slate_is_not_traded() -> None:
    """A game that the slate lists no longer says so once and keeps its last prices."""
    _, rows = joined(LISTED, SCORED, *BOTH, Listed(stamp(9, at_s=3), None))

    assert [row.gate for row in rows] == ["not_trading", "not_trading"]


def test_a_market_that_takes_no_orders_is_not_traded() -> None:
    """A listing that stops to accept orders shuts the gate."""
    closed = Listed(stamp(9, at_s=3), listing(accepting_orders=False))
    _, rows = joined(LISTED, SCORED, *BOTH, closed, scored(stamp(10, at_s=4), state(period=4)))

    assert [row.gate for row in rows if isinstance(row, Quote)] == ["not_trading", "not_trading"]


def test_the_clock_tells_once_that_the_score_is_stale() -> None:
    """The second that takes the score's age past its limit gives one row an outcome."""
    join, early = joined(LISTED, SCORED, *BOTH, Ticked(stamp(10, at_s=31)))
    late = join.on(Ticked(stamp(11, at_s=32, heard_s=31)))
    later = join.on(Ticked(stamp(12, at_s=33, heard_s=32)))

    assert (early, later) == ([], [])
    assert [row.gate for row in late if isinstance(row, Quote)] == ["stale_score", "stale_score"]
    assert [row.score_age_s for row in late if isinstance(row, Quote)] == [31.0, 31.0]


def test_the_clock_tells_that_the_link_is_silent() -> None:
    """A link that was not heard for longer than the limit makes the book stale."""
    _, rows = joined(LISTED, SCORED, *BOTH, Ticked(stamp(10, at_s=8, heard_s=2)))

    assert [row.gate for row in rows] == ["stale_book", "stale_book"]


def test_limits_of_one_league_override_those_of_all() -> None:
    """A league's own limits hold for its games."""
    own = JoinRules(by_league={"nba": FreshnessLimits(score_s=3, book_s=60)})
    _, rows = joined(LISTED, SCORED, *BOTH, Ticked(stamp(10, at_s=5, heard_s=2)), rules=own)

    assert [row.gate for row in rows] == ["stale_score", "stale_score"]


def test_an_unchanged_board_makes_a_stale_score_fresh() -> None:
    """A poll that found the board unchanged opens the gate again, and says so."""
    stale = Ticked(stamp(10, at_s=40))
    _, rows = joined(LISTED, SCORED, *BOTH, stale, Polled(stamp(11, at_s=41)))

    assert told(rows) == [
        ("home", "score", 5_900, 6_100, "live", ""),
        ("away", "score", 3_900, 4_100, "live", ""),
    ]


def test_the_move_since_the_last_poll_is_told_until_the_next() -> None:
    """A book that jumps shows how far it leads the scoreboard; the next poll starts anew."""
    jump = traded(stamp(6, at_s=3), book(HOME, ((6_900, shares(1)),), ((7_100, shares(1)),)))
    wait = traded(stamp(5, at_s=2), book(AWAY, (), ()))
    polled = scored(stamp(5, at_s=2), state(clock_s=399.0))
    join, rows = joined(LISTED, SCORED, *BOTH, polled, wait, jump)
    assert rows[0].lead_move == pytest.approx(0.10)

    confirmed = join.on(Polled(stamp(7, at_s=4)))

    assert [
        row.lead_move
        for row in confirmed
        if isinstance(row, Quote) and row.outcome.selection == "home"
    ] == [0.0]


def test_a_doubted_link_shuts_the_gate_and_asks_rest() -> None:
    """A link that answers and brings nothing is compared over REST; an agreement opens it."""
    join, rows = joined(LISTED, SCORED, *BOTH, LinkDoubted(stamp(8, at_s=5), LINK))

    assert told(rows) == [
        ("home", "link", 5_900, 6_100, "doubt", "link_doubt"),
        ("away", "link", 3_900, 4_100, "doubt", "link_doubt"),
    ]
    assert [row for row in rows if isinstance(row, Heal)] == [
        Heal(
            seq=8,
            recv_ns=stamp(8, at_s=5).recv_ns,
            game_id=GAME,
            remedy="check",
            token_ids=(HOME, AWAY),
            reason=f"{LINK} brings nothing",
        )
    ]
    assert told(join.on(Witnessed(stamp(9, at_s=6), HOME_BOOK))) == [
        ("home", "link", 5_900, 6_100, "live", "")
    ]


def test_a_spoilt_frame_is_checked_over_rest() -> None:
    """What a frame said that could not be read may be missing, so the books are compared."""
    join, rows = joined(LISTED, SCORED, *BOTH, FrameSpoilt(stamp(8, at_s=5), LINK))

    assert [(row.remedy, row.token_ids, row.reason) for row in rows] == [
        ("check", (HOME, AWAY), "a frame could not be read")
    ]
    assert join.on(FrameSpoilt(stamp(9, at_s=5), "polymarket:market:9")) == []


def test_rest_that_differs_is_asked_again() -> None:
    """One difference may be a tie; the second look comes at once and not in the next round."""
    other = book(HOME, bids=((5_900, shares(50)),), asks=((6_200, shares(70)),))
    _, rows = joined(LISTED, SCORED, *BOTH, Witnessed(stamp(8, at_s=5), other))

    assert [(row.remedy, row.token_ids, row.reason) for row in rows] == [
        ("check", (HOME,), "REST differed once")
    ]


def test_an_invalid_book_is_asked_for_and_says_why() -> None:
    """A row of an invalid book carries the reason, and the token is subscribed to again."""
    change = traded(stamp(6, at_s=3), TickSizeChange(MARKET, HOME, 5, 100, 10))
    away_lost = LinkLost(stamp(5, at_s=2), LINK)
    _, rows = joined(LISTED, SCORED, *BOTH, away_lost, traded(stamp(5, at_s=2), HOME_BOOK), change)

    assert [(row.link, row.link_reason) for row in rows if isinstance(row, Quote)] == [
        ("invalid", "tick size changed"),
        ("down", "link down"),
    ]
    assert [(row.remedy, row.token_ids) for row in rows if isinstance(row, Heal)] == [
        ("resubscribe", (HOME,))
    ]


def test_nothing_is_healed_after_the_end() -> None:
    """A game that is over needs no books."""
    over = state(phase="post", status="final", completed=True, winner="home")
    _, rows = joined(LISTED, scored(stamp(2), over), Ticked(stamp(99, at_s=99)))

    assert [row for row in rows if isinstance(row, Heal)] == []


def test_pregame_mids_freeze_at_the_start() -> None:
    """The last settled mids before the start stay, whatever the book does in play."""
    join, _ = joined(
        LISTED,
        scored(stamp(2, at_s=1), pregame()),
        *BOTH,
        scored(stamp(5, at_s=3), state()),
        traded(stamp(6, at_s=4), book(HOME, ((8_000, shares(9)),), ((8_100, shares(9)),))),
    )

    assert join.pregame == PregameMids(home=0.6, draw=None, away=0.4)


def test_a_wide_pregame_book_is_no_prior() -> None:
    """A book with a spread of more than ten cents says too little."""
    wide = book(HOME, ((4_000, shares(9)),), ((6_000, shares(9)),))
    join, _ = joined(LISTED, scored(stamp(2), pregame()), traded(stamp(3), wide))

    assert join.pregame == PregameMids()


def test_a_game_not_started_carries_no_signal() -> None:
    """Before the start and after the end the gate is shut."""
    over = state(phase="post", status="final", completed=True, winner="home")
    _, before = joined(LISTED, *BOTH, scored(stamp(5), pregame()))
    _, after = joined(LISTED, *BOTH, scored(stamp(5), over))

    assert [row.gate for row in before if isinstance(row, Quote)] == ["not_started"] * 2
    assert [row.gate for row in after if isinstance(row, Quote)] == ["over"] * 2


TOKENS = st.sampled_from([HOME, AWAY])
PRICES = st.integers(1, 99).map(lambda cents: cents * 100)
SIZES = st.integers(0, 50).map(shares)


MESSAGES: st.SearchStrategy[MarketMessage] = st.one_of(
    st.builds(
        lambda token, bid, ask: book(token, (bid,), (ask,)),
        TOKENS,
        st.tuples(PRICES, SIZES),
        st.tuples(PRICES, SIZES),
    ),
    st.builds(
        lambda change, ms: PriceChange(MARKET, ms, (change,)),
        st.builds(LevelChange, TOKENS, st.sampled_from(["bid", "ask"]), PRICES, SIZES),
        st.integers(1, 3),
    ),
    st.builds(BestBidAsk, st.just(MARKET), TOKENS, st.integers(1, 3), PRICES, PRICES),
    st.builds(TickSizeChange, st.just(MARKET), TOKENS, st.just(1), st.just(100), st.just(10)),
)
MAKERS: st.SearchStrategy[Callable[[Stamp], Event]] = st.one_of(
    st.sampled_from([None, listing()]).map(lambda listed: partial(Listed, listing=listed)),
    st.integers(0, 3).map(lambda score: partial(Scored, state=state(home_score=score))),
    st.sampled_from([Polled, Ticked, FramesLost]),
    st.sampled_from([LINK, SPORTS_LINK]).map(lambda link: partial(LinkLost, link=link)),
    st.builds(ToldScore, st.integers(0, 3), st.just(55), ordered=st.booleans()).map(
        lambda told: partial(ScoreTold, told=told)
    ),
    st.just(partial(LinkDoubted, link=LINK)),
    st.just(partial(FrameSpoilt, link=LINK)),
    st.builds(
        lambda token, bid, ask: partial(Witnessed, rest=book(token, (bid,), (ask,), ms=2)),
        TOKENS,
        st.tuples(PRICES, SIZES),
        st.tuples(PRICES, SIZES),
    ),
    MESSAGES.map(lambda message: partial(Traded, link=LINK, message=message)),
    MESSAGES.map(lambda message: partial(Traded, link=LINK, message=message)),
)


def in_order(makers: list[tuple[Callable[[Stamp], Event], int]]) -> list[Event]:
    """Return the events a second apart, each with a link that was heard a while before."""
    return [
        make(stamp(seq, at_s=seq, heard_s=max(0, seq - silent)))
        for seq, (make, silent) in enumerate(makers)
    ]


EVENTS = st.lists(st.tuples(MAKERS, st.integers(0, 9)), max_size=40).map(in_order)


@given(EVENTS)
def test_any_order_of_events_is_folded(made: list[Event]) -> None:
    """No order of events raises, and a price is never told through a shut link."""
    join = GameJoin(JoinRules())
    for event in made:
        for row in join.on(event):
            if isinstance(row, Quote) and row.link not in {"live", "settling", "doubt"}:
                assert (row.bid, row.ask, row.ladder) == (None, None, ())
            if isinstance(row, Quote) and row.link == "settling":
                assert row.ladder == ()


@given(EVENTS, st.integers(0, 40))
def test_a_restored_join_goes_on_the_same(made: list[Event], cut: int) -> None:
    """Pickling the join between two events changes nothing that comes after."""
    rules = JoinRules(witness=WitnessRules(dispute_s=2, stale_s=9))
    whole, parts = GameJoin(rules), GameJoin(rules)
    expected = [row for event in made for row in whole.on(event)]
    rows = [row for event in made[:cut] for row in parts.on(event)]
    parts = pickle.loads(pickle.dumps(parts))  # noqa: S301
    rows += [row for event in made[cut:] for row in parts.on(event)]

    assert msgspec.to_builtins(rows) == msgspec.to_builtins(expected)
