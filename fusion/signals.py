"""Signals: edge net of costs, the gates, and the hysteresis that opens, updates and closes.

`edge = fair - cost`, where `cost` is the average price of buying the configured size with the
taker fee in it. A signal opens at `min_edge` and closes below `exit_edge`, when the game is
over, or when the facts are no longer fresh. A model that was fitted for another league, and one
that the user has stopped, give prices and no signals. While the book is in the middle of a batch
nothing is decided: the next frame settles it. The market may lead the scoreboard: an edge that
appears with a sharp move of the book is held until the next poll confirms or removes it. Where
nobody saw the pregame price, an edge counts only if it holds whatever that price was.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Literal

import msgspec

from fusion.costs import DECIMALS, Cost, cost_to_buy, kelly_fraction, size_within
from fusion.freshness import Gate
from fusion.market import PRICE_ONE, SIZE_ONE
from fusion.quotes import Priced, Quote
from fusion.rows import SignalRow, Tick

FALLBACK = "fallback:"
"""How the name of a model begins that was fitted for another league than it prices."""

Transition = tuple[Literal["open", "update", "close"], str]
"""What happens to a signal, and why."""


class SignalRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an edge is a signal. Edges in dollars a share, `size_shares` what one would buy.

    `update_edge` is how far the edge must move for an update; `lead_move` how far the mid must
    move between two polls for the market to be taken to lead. `allow_fallback` lets a model signal
    that was fitted for another league; `stopped` are the keys of leagues that must not.
    """

    min_edge: float = 0.05
    exit_edge: float = 0.02
    update_edge: float = 0.01
    size_shares: float = 100.0
    kelly_cap: float = 0.05
    lead_move: float = 0.03
    allow_fallback: bool = False
    stopped: frozenset[str] = frozenset()


class _Open(msgspec.Struct):
    """An open signal and the edge last told."""

    signal_id: str
    edge: float


class SignalDesk:
    """The open signals of one game; `on` folds one priced quote into its rows."""

    def __init__(self, rules: SignalRules) -> None:
        self.rules = rules
        self.open: dict[str, _Open] = {}

    def on(self, priced: Priced) -> list[Tick | SignalRow]:
        """Return the tick of this quote and, where it makes a transition, the signal's row."""
        quote, rules = priced.quote, self.rules
        shares = max(rules.size_shares, quote.rules.min_order_size)
        cost = cost_to_buy(quote.ladder, shares, quote.rules.fee)
        edge = _edge(priced.fair, cost)
        leads = abs(quote.lead_move or 0.0) >= rules.lead_move
        gate = quote.gate or self._model_gate(priced)
        held = not gate and leads and edge is not None and edge >= rules.min_edge
        held = held and quote.outcome.token_id not in self.open
        tick = _tick(priced, cost, edge, gate, held=held)
        transition = self._transition(priced, edge, gate, leads=leads)
        if transition is None:
            return [tick]
        return [tick, self._signal(priced, cost, edge, transition)]

    def _model_gate(self, priced: Priced) -> Gate:
        """Return why the model of a price may not signal, empty where it may."""
        if priced.quote.league in self.rules.stopped:
            return "model_stopped"
        if priced.model.startswith(FALLBACK) and not self.rules.allow_fallback:
            return "model_fallback"
        return ""

    def _transition(
        self, priced: Priced, edge: float | None, gate: Gate, *, leads: bool
    ) -> Transition | None:
        quote, rules = priced.quote, self.rules
        signal = self.open.get(quote.outcome.token_id)
        if quote.link == "settling" and not gate:
            return None
        if signal is None:
            if gate or leads or edge is None or _sure(edge, priced) < rules.min_edge:
                return None
            return "open", quote.cause
        if gate:
            return "close", gate
        if edge is None:
            return "close", "no_price" if priced.fair is None else "too_thin"
        if edge < rules.exit_edge:
            return "close", "edge"
        if abs(edge - signal.edge) >= rules.update_edge:
            return "update", quote.cause
        return None

    def _signal(
        self, priced: Priced, cost: Cost | None, edge: float | None, transition: Transition
    ) -> SignalRow:
        quote, rules = priced.quote, self.rules
        token = quote.outcome.token_id
        kind, reason = transition
        if kind == "open":
            self.open[token] = _Open(_signal_id(quote), edge or 0.0)
        signal = self.open[token]
        signal.edge = signal.edge if edge is None else edge
        if kind == "close":
            del self.open[token]
        fair, state = priced.fair, quote.state
        leg_token = token if quote.leg == "buy" else quote.outcome.complement_id
        within = None if fair is None else fair - rules.min_edge
        return SignalRow(
            signal_id=signal.signal_id,
            transition=kind,
            reason=reason,
            seq=quote.seq,
            recv_ns=quote.recv_ns,
            venue_ms=quote.venue_ms,
            date=quote.date,
            league=quote.league,
            game_id=quote.game_id,
            market_id=quote.outcome.market_id,
            token_id=token,
            outcome=quote.outcome.selection,
            leg=f"{quote.leg} {leg_token}",
            delay_s=quote.rules.seconds_delay,
            fair=fair,
            fair_error=priced.error,
            cost=cost.price if cost else None,
            fee=cost.fee if cost else None,
            edge=edge,
            size=None if within is None else size_within(quote.ladder, within, quote.rules.fee),
            kelly=kelly_fraction(fair, cost.price, rules.kelly_cap) if fair and cost else None,
            bid=_dollars(quote.bid),
            ask=_dollars(quote.ask),
            home_score=state.home_score if state else None,
            away_score=state.away_score if state else None,
            period=state.period if state else None,
            clock_s=state.clock_s if state else None,
            score_age_s=quote.score_age_s,
            book_age_s=quote.book_age_s,
            link=quote.link,
            prior=priced.prior,
            model=priced.model,
        )


def _edge(fair: float | None, cost: Cost | None) -> float | None:
    return None if fair is None or cost is None else round(fair - cost.price, DECIMALS)


def _sure(edge: float, priced: Priced) -> float:
    """Return the edge at the lowest fair price, where the pregame price is not known."""
    if priced.fair is None or priced.fair_low is None:
        return edge
    return round(edge - (priced.fair - priced.fair_low), DECIMALS)


def _signal_id(quote: Quote) -> str:
    """Return an id that depends on nothing but the frame that opened the signal."""
    origin = f"{quote.game_id}|{quote.outcome.token_id}|{quote.recv_ns}|{quote.seq}"
    return blake2b(origin.encode(), digest_size=8).hexdigest()


def _dollars(price: int | None) -> float | None:
    return None if price is None else price / PRICE_ONE


def _shares(size: int | None) -> float | None:
    return None if size is None else size / SIZE_ONE


def _tick(priced: Priced, cost: Cost | None, edge: float | None, gate: Gate, *, held: bool) -> Tick:
    quote, state = priced.quote, priced.quote.state
    # By position, in the order of the fields: by name takes fifteen times as long.
    return Tick(
        quote.seq,
        quote.recv_ns,
        quote.venue_ms,
        quote.date,
        quote.league,
        quote.game_id,
        quote.outcome.market_id,
        quote.outcome.token_id,
        quote.outcome.selection,
        quote.cause,
        _dollars(quote.bid),
        _dollars(quote.ask),
        _shares(quote.bid_size),
        _shares(quote.ask_size),
        state.home_score if state else None,
        state.away_score if state else None,
        state.period if state else None,
        state.clock_s if state else None,
        state.phase if state else None,
        state.status if state else None,
        priced.fair,
        priced.error,
        cost.price if cost else None,
        cost.fee if cost else None,
        edge,
        quote.lead_move,
        held,
        gate,
        quote.score_age_s,
        quote.book_age_s,
        quote.link,
        quote.link_reason,
        priced.prior,
        priced.model,
    )
