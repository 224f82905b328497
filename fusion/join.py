"""The join: one game's score and the books of its markets, folded event by event into quotes.

The result depends on the order of events alone, never on how they were cut into batches.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from fusion.days import slate_day
from fusion.events import (
    Event,
    FramesLost,
    LinkLost,
    Listed,
    Polled,
    Scored,
    Stamp,
    Ticked,
    Traded,
)
from fusion.freshness import FreshnessLimits, Gate, age_s, freshness_gate
from fusion.game import GameState, Odds, Selection
from fusion.game_books import GameBooks
from fusion.market import PRICE_ONE
from fusion.outcome_view import OutcomeView, closed_view
from fusion.quotes import PregameMids, Quote
from fusion.rows import Cause, GameRow
from fusion.slate import MarketRules, SlateGame, SlateOutcome

MAX_PRIOR_SPREAD = 1_000
"""Ten cents: a wider pregame book says too little to be a prior."""


class JoinRules(msgspec.Struct, frozen=True):
    """What the join must know of the rules: when an age or a lead makes a row worth emitting."""

    limits: FreshnessLimits = FreshnessLimits()
    by_league: dict[str, FreshnessLimits] = {}
    lead_move: float = 0.03

    def limits_of(self, league: str) -> FreshnessLimits:
        """Return the limits of a league."""
        return self.by_league.get(league, self.limits)


class _Side(msgspec.Struct):
    """One outcome and what is remembered of it between events."""

    outcome: SlateOutcome
    rules: MarketRules
    view: OutcomeView
    venue_ms: int | None = None
    mid_at_poll: float | None = None
    gate: Gate = "link_waiting"


class GameJoin:
    """The state of one game; `on` folds one event and returns the rows it causes."""

    def __init__(self, rules: JoinRules) -> None:
        self.rules = rules
        self.listing: SlateGame | None = None
        self.delisted = False
        self.state: GameState | None = None
        self.odds: Odds | None = None
        self.pregame = PregameMids()
        self.polled_ns = 0
        self.books = GameBooks()
        self.sides: dict[Selection, _Side] = {}

    def on(self, event: Event) -> list[GameRow | Quote]:
        """Fold one event and return the rows it causes, in a fixed order."""
        stamp = event.stamp
        match event:
            case Traded():
                touched = self.books.apply(event.message, event.link)
                return [*self._on_books(stamp, touched, event.message.venue_ms)]
            case Scored():
                return self._on_score(stamp, event.state)
            case Polled():
                return [*self._on_poll(stamp)]
            case Ticked():
                return [*self._changed_gates(stamp, "clock")]
            case LinkLost():
                lost = self.books.lose_link(event.link)
                return [*self._quotes(stamp, "link", self._look(lost))]
            case FramesLost():
                lost = self.books.lose_frames()
                return [*self._quotes(stamp, "link", self._look(lost))]
            case Listed():
                return [*self._on_listing(stamp, event.listing)]

    def _on_listing(self, stamp: Stamp, listing: SlateGame | None) -> list[Quote]:
        self.delisted = listing is None
        if listing is None:
            return self._quotes(stamp, "slate", self.sides.values())
        self.listing = listing
        tokens = self.books.list_game(listing)
        rules = {market.market_id: market for market in listing.markets}
        for outcome in listing.outcomes:
            known = self.sides.get(outcome.selection)
            self.sides[outcome.selection] = _Side(
                outcome=outcome,
                rules=rules[outcome.market_id],
                view=known.view if known else closed_view("none"),
                venue_ms=known.venue_ms if known else None,
                mid_at_poll=known.mid_at_poll if known else None,
            )
        return self._quotes(stamp, "slate", self._look(tokens))

    def _on_score(self, stamp: Stamp, state: GameState) -> list[GameRow | Quote]:
        changed = state != self.state
        self.state = state
        self.odds = state.odds or self.odds
        if not changed:
            return [*self._on_poll(stamp)]
        self._poll(stamp)
        self._remember_pregame()
        row = _game_row(stamp, state)
        return [row, *self._quotes(stamp, "score", self.sides.values())]

    def _on_poll(self, stamp: Stamp) -> list[Quote]:
        limit = self.rules.lead_move
        led = [side for side in self.sides.values() if abs(_lead_move(side) or 0.0) >= limit]
        self._poll(stamp)
        return self._quotes(stamp, "score", led) or self._changed_gates(stamp, "score")

    def _poll(self, stamp: Stamp) -> None:
        self.polled_ns = stamp.recv_ns
        for side in self.sides.values():
            side.mid_at_poll = _mid(side.view)

    def _on_books(self, stamp: Stamp, touched: set[str], venue_ms: int) -> list[Quote]:
        changed = self._look(touched)
        for side in changed:
            side.venue_ms = venue_ms
        if changed:
            self._remember_pregame()
        return self._quotes(stamp, "book", changed)

    def _look(self, tokens: set[str]) -> list[_Side]:
        """Look again at the outcomes of these tokens; return those whose view changed."""
        changed = []
        for side in self.sides.values():
            if side.outcome.token_id in tokens or side.outcome.complement_id in tokens:
                view = self.books.view(side.outcome)
                if view != side.view:
                    side.view = view
                    changed.append(side)
        return changed

    def _remember_pregame(self) -> None:
        """Before the start, keep the mids of settled books: they become the prior."""
        if self.state is None or self.state.phase != "pre":
            return
        mids = {
            selection: _mid(side.view)
            for selection, side in self.sides.items()
            if side.view.link == "live" and _spread(side.view) <= MAX_PRIOR_SPREAD
        }
        self.pregame = PregameMids(
            home=mids.get("home") or self.pregame.home,
            draw=mids.get("draw") or self.pregame.draw,
            away=mids.get("away") or self.pregame.away,
        )

    def _gate(self, side: _Side, stamp: Stamp) -> Gate:
        rules = side.rules
        # A listing that says `closed` was read after the night: it must not leak into a replay.
        refuses_orders = not rules.accepting_orders and not rules.closed
        if self.delisted or refuses_orders or rules.market_id in self.books.resolved:
            return "not_trading"
        if self.state is None:
            return "no_state"
        if self.state.phase != "in":
            return "not_started" if self.state.phase == "pre" else "over"
        return freshness_gate(
            side.view.link,
            age_s(stamp.recv_ns, self.polled_ns),
            age_s(stamp.recv_ns, stamp.link_ns),
            self.rules.limits_of(self.state.league),
        )

    def _changed_gates(self, stamp: Stamp, cause: Cause) -> list[Quote]:
        changed = [side for side in self.sides.values() if self._gate(side, stamp) != side.gate]
        return self._quotes(stamp, cause, changed)

    def _quotes(self, stamp: Stamp, cause: Cause, sides: Iterable[_Side]) -> list[Quote]:
        return [self._quote(stamp, cause, side, self.listing) for side in sides if self.listing]

    def _quote(self, stamp: Stamp, cause: Cause, side: _Side, listing: SlateGame) -> Quote:
        side.gate = self._gate(side, stamp)
        view = side.view
        return Quote(
            seq=stamp.seq,
            recv_ns=stamp.recv_ns,
            venue_ms=side.venue_ms,
            date=slate_day(self.state.start_ns if self.state else listing.start_ns),
            league=listing.league,
            game_id=listing.game_id,
            cause=cause,
            outcome=side.outcome,
            rules=side.rules,
            state=self.state,
            pregame=self.pregame,
            odds=self.odds,
            bid=view.bid,
            ask=view.ask,
            bid_size=view.bid_size,
            ask_size=view.ask_size,
            ladder=view.ladder,
            leg=view.leg,
            link=view.link,
            gate=side.gate,
            score_age_s=age_s(stamp.recv_ns, self.polled_ns),
            book_age_s=age_s(stamp.recv_ns, stamp.link_ns),
            lead_move=_lead_move(side),
        )


def _mid(view: OutcomeView) -> float | None:
    if view.bid is None or view.ask is None:
        return None
    return (view.bid + view.ask) / (2 * PRICE_ONE)


def _spread(view: OutcomeView) -> int:
    return PRICE_ONE if view.bid is None or view.ask is None else view.ask - view.bid


def _lead_move(side: _Side) -> float | None:
    mid = _mid(side.view)
    return None if mid is None or side.mid_at_poll is None else mid - side.mid_at_poll


def _game_row(stamp: Stamp, state: GameState) -> GameRow:
    return GameRow(
        seq=stamp.seq,
        recv_ns=stamp.recv_ns,
        date=slate_day(state.start_ns),
        league=state.league,
        game_id=state.game_id,
        start_ns=state.start_ns,
        home=state.home.name,
        away=state.away.name,
        state=state.phase,
        status=state.status,
        completed=state.completed,
        home_score=state.home_score,
        away_score=state.away_score,
        period=state.period,
        clock_s=state.clock_s,
        detail=state.detail,
        winner=state.winner,
        espn_home_win=state.espn_home_win,
    )
