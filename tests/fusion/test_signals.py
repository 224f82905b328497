from __future__ import annotations

from typing import Any

import factories
import msgspec
import pytest
from factories import AWAY, GAME, HOME, MARKET, rules, shares, stamp
from hypothesis import given
from hypothesis import strategies as st

from fusion.quotes import Priced, Quote
from fusion.rows import SignalRow, Tick
from fusion.signals import SignalDesk, SignalRules

FREE = rules(fee=msgspec.structs.replace(rules().fee, rate=0.0))
RULES = SignalRules(min_edge=0.05, exit_edge=0.02, update_edge=0.01, size_shares=100)


def quote(seq: int, ask: int = 4_000, size: float = 500, **changes: Any) -> Quote:
    """Return a live quote of the home side, on offer at `ask` without a fee, with `changes`."""
    offer = {
        "bid": ask - 100,
        "ask": ask,
        "ask_size": shares(size),
        "ladder": ((ask, shares(size)),),
        "rules": FREE,
    }
    return factories.quote(seq, **{**offer, **changes})


def priced(made: Quote, fair: float | None = 0.5, *, low: float | None = None) -> Priced:
    """Return the quote with a fair price that is as sure as it is, or at least `low`."""
    return Priced(made, fair, fair if low is None else low, "market", "brownian-1")


def transitions(*batch: Priced, rules: SignalRules = RULES) -> list[tuple[int, str, str]]:
    """Fold the quotes and return each transition with its frame and its reason."""
    desk = SignalDesk(rules)
    return [
        (row.seq, row.transition, row.reason)
        for value in batch
        for row in desk.on(value)
        if isinstance(row, SignalRow)
    ]


def test_signal_row_of_an_edge() -> None:
    """An edge of ten cents opens a signal that names the bet, its price and its size."""
    tick, signal = SignalDesk(RULES).on(priced(quote(3)))

    assert isinstance(tick, Tick)
    assert signal == SignalRow(
        signal_id=signal.signal_id if isinstance(signal, SignalRow) else "",
        transition="open",
        reason="book",
        seq=3,
        recv_ns=stamp(3, at_s=3).recv_ns,
        venue_ms=7,
        date="2026-11-18",
        league="nba",
        game_id=GAME,
        market_id=MARKET,
        token_id=HOME,
        outcome="home",
        leg=f"buy {HOME}",
        delay_s=0,
        fair=0.5,
        fair_error=None,
        cost=0.4,
        fee=0.0,
        edge=0.1,
        size=500.0,
        kelly=0.05,
        bid=0.39,
        ask=0.4,
        home_score=60,
        away_score=55,
        period=3,
        clock_s=400.0,
        score_age_s=1.0,
        book_age_s=0.5,
        link="live",
        prior="market",
        model="brownian-1",
    )


@pytest.mark.parametrize(
    ("changes", "gate"),
    [
        ({"model": "fallback:basketball:ncaamb-1"}, "model_fallback"),
        ({"model": "basketball:nba-1"}, ""),
    ],
)
def test_a_model_of_another_league_gives_no_signal(changes: dict[str, Any], gate: str) -> None:
    """Its price stands in the tick, and the gate says why nothing comes of it."""
    tick, *signals = SignalDesk(RULES).on(msgspec.structs.replace(priced(quote(3)), **changes))

    assert isinstance(tick, Tick)
    assert (tick.fair, tick.gate, len(signals)) == (0.5, gate, int(not gate))


def test_a_model_of_another_league_may_signal_where_it_is_allowed() -> None:
    """The user knows what it is."""
    rules = msgspec.structs.replace(RULES, allow_fallback=True)
    fallback = msgspec.structs.replace(priced(quote(3)), model="fallback:basketball:ncaamb-1")

    assert [type(row) for row in SignalDesk(rules).on(fallback)] == [Tick, SignalRow]


def test_a_league_that_is_stopped_closes_what_is_open() -> None:
    """After a restart with the league stopped, the open signal closes with the reason."""
    desk = SignalDesk(RULES)
    desk.on(priced(quote(3)))
    desk.rules = msgspec.structs.replace(RULES, stopped=frozenset({"nba"}))
    tick, signal = desk.on(priced(quote(4)))

    assert isinstance(tick, Tick)
    assert isinstance(signal, SignalRow)
    assert (tick.gate, signal.transition, signal.reason) == (
        "model_stopped",
        "close",
        "model_stopped",
    )


def test_tick_row_of_a_quote() -> None:
    """A quote without an edge gives its tick alone."""
    rows = SignalDesk(RULES).on(priced(quote(3, ask=5_000)))

    assert rows == [
        Tick(
            seq=3,
            recv_ns=stamp(3, at_s=3).recv_ns,
            venue_ms=7,
            date="2026-11-18",
            league="nba",
            game_id=GAME,
            market_id=MARKET,
            token_id=HOME,
            outcome="home",
            cause="book",
            bid=0.49,
            ask=0.5,
            bid_size=10.0,
            ask_size=500.0,
            home_score=60,
            away_score=55,
            period=3,
            clock_s=400.0,
            state="in",
            status="in_progress",
            fair=0.5,
            fair_error=None,
            cost=0.5,
            fee=0.0,
            edge=0.0,
            lead_move=0.0,
            held=False,
            gate="",
            score_age_s=1.0,
            book_age_s=0.5,
            link="live",
            link_reason="",
            prior="market",
            model="brownian-1",
        )
    ]


def test_hysteresis() -> None:
    """A signal opens at the entry edge, lives between the two, and closes below the exit edge."""
    walk = [4_600, 4_500, 4_700, 4_790, 4_810, 4_700, 4_500]

    assert transitions(*(priced(quote(seq, ask)) for seq, ask in enumerate(walk))) == [
        (1, "open", "book"),
        (2, "update", "book"),
        (4, "close", "edge"),
        (6, "open", "book"),
    ]


def test_ids_are_one_a_signal_and_depend_on_the_frames_alone() -> None:
    """The transitions of a signal share an id, the next has another, and a rerun has the same."""
    walk = [4_000, 4_900, 4_000]

    def ids() -> list[str]:
        desk = SignalDesk(RULES)
        rows = [row for seq, ask in enumerate(walk) for row in desk.on(priced(quote(seq, ask)))]
        return [row.signal_id for row in rows if isinstance(row, SignalRow)]

    first, closed, second = ids()
    assert (first == closed, first == second) == (True, False)
    assert ids() == [first, closed, second]


def test_fee_counts() -> None:
    """Six cents of edge before a fee of 1.2 cents is no signal."""
    dear = quote(1, ask=4_400, rules=rules())

    assert transitions(priced(dear)) == []


def test_size_counts() -> None:
    """What is on offer for less than the configured size is no signal, however cheap."""
    assert transitions(priced(quote(1, ask=1_000, size=99))) == []


def test_minimum_order_counts() -> None:
    """A market that takes no order below 600 shares needs as many on offer."""
    assert transitions(priced(quote(1, rules=rules(min_order_size=600.0)))) == []


@pytest.mark.parametrize("gate", ["stale_book", "stale_score", "link_down", "over", "not_started"])
def test_shut_gate_opens_nothing(gate: Any) -> None:
    """No edge is acted on while a gate is shut."""
    assert transitions(priced(quote(1, gate=gate))) == []


@pytest.mark.parametrize("gate", ["stale_book", "stale_score", "link_down", "over"])
def test_shut_gate_closes(gate: Any) -> None:
    """A gate that shuts closes the open signal and is its reason."""
    shut = quote(2, ladder=(), gate=gate)

    assert transitions(priced(quote(1)), priced(shut)) == [(1, "open", "book"), (2, "close", gate)]


def test_settling_book_decides_nothing() -> None:
    """In the middle of a batch a signal neither opens nor closes."""
    before, after = (quote(seq, link="settling", ladder=()) for seq in (1, 3))

    assert transitions(priced(before), priced(quote(2)), priced(after)) == [(2, "open", "book")]


def test_thin_book_closes() -> None:
    """A signal whose offer was taken is closed as too thin."""
    assert transitions(priced(quote(1)), priced(quote(2, size=5))) == [
        (1, "open", "book"),
        (2, "close", "too_thin"),
    ]


def test_no_price_closes() -> None:
    """A model that has no price any more closes the signal."""
    assert transitions(priced(quote(1)), priced(quote(2), None)) == [
        (1, "open", "book"),
        (2, "close", "no_price"),
    ]


def test_edge_of_a_leading_market_is_held() -> None:
    """An edge that comes with a sharp move waits for the poll; the poll that confirms opens it."""
    desk = SignalDesk(RULES)
    (led,) = desk.on(priced(quote(1, lead_move=-0.08)))
    confirmed = desk.on(priced(quote(2, lead_move=0.0)))

    assert isinstance(led, Tick)
    assert led.held
    assert [row.transition for row in confirmed if isinstance(row, SignalRow)] == ["open"]


def test_unsure_price_opens_nothing() -> None:
    """Where the pregame price is unknown, an edge counts only if it holds at the worst of them."""
    assert transitions(priced(quote(1), 0.5, low=0.44)) == []
    assert transitions(priced(quote(1), 0.5, low=0.45)) == [(1, "open", "book")]


def test_leg_of_the_complement_is_a_sale() -> None:
    """Where the complement's book is cheaper, the bet is to sell the complement."""
    rows = SignalDesk(RULES).on(priced(quote(1, leg="sell")))

    assert [row.leg for row in rows if isinstance(row, SignalRow)] == [f"sell {AWAY}"]


@given(
    st.lists(
        st.tuples(
            st.integers(100, 9_900),
            st.sampled_from([0.1, 0.5, 0.9, None]),
            st.sampled_from(["", "", "", "stale_book", "over"]),
            st.sampled_from([0.0, 0.05]),
        ),
        max_size=40,
    )
)
def test_signals_open_before_they_close(walk: list[tuple[int, float | None, Any, float]]) -> None:
    """Whatever comes, the transitions of an outcome are open, updates, close, and again."""
    quotes = [
        priced(quote(seq, ask, gate=gate, lead_move=move), fair)
        for seq, (ask, fair, gate, move) in enumerate(walk)
    ]
    is_open = False
    for _, transition, _ in transitions(*quotes):
        assert (transition == "open") != is_open
        is_open = transition != "close"
