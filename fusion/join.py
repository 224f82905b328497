"""The join: one game's score and the books of its markets, folded event by event into quotes.

The result depends on the order of events alone, never on how they were cut into batches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from fusion.book_rows import book_rows
from fusion.days import slate_day
from fusion.events import (
    Event,
    FramesLost,
    FrameSpoilt,
    LinkDoubted,
    LinkLost,
    Listed,
    Polled,
    Scored,
    ScoreDoubted,
    ScoreTold,
    Stamp,
    Ticked,
    Traded,
    Witnessed,
)
from fusion.freshness import FreshnessLimits, Gate, age_s, freshness_gate
from fusion.game import GameState, Odds, Selection
from fusion.game_books import GameBooks
from fusion.healing import Heal, HealRules
from fusion.outcome_view import closed_view
from fusion.quotes import PregameMids, Quote
from fusion.rows import BookRow, Cause, GameRow, game_row
from fusion.score_witness import SPORTS_LINK, ScoreWitness, WitnessRules
from fusion.side import Side
from fusion.slate import SlateGame

JoinRow = GameRow | BookRow | Quote | Heal

_Said = tuple[int | None, int | None, bool]
"""The told score of home and away, and whether it is disputed, as the last row had it."""


class JoinRules(msgspec.Struct, frozen=True):
    """What the join must know of the rules: when an age or a lead makes a row worth emitting."""

    limits: FreshnessLimits = FreshnessLimits()
    by_league: dict[str, FreshnessLimits] = {}
    lead_move: float = 0.03
    heal: HealRules = HealRules()
    witness: WitnessRules = WitnessRules()

    def limits_of(self, league: str) -> FreshnessLimits:
        """Return the limits of a league."""
        return self.by_league.get(league, self.limits)


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
        self.now_ns = 0
        self.books = GameBooks(rules.heal)
        self.sides: dict[Selection, Side] = {}
        self.witness = ScoreWitness(rules.witness)
        self.said: _Said = (None, None, False)
        self.doubted = False

    def on(self, event: Event) -> list[JoinRow]:
        """Fold one event and return the rows it causes, in a fixed order."""
        self.now_ns = event.stamp.recv_ns
        return [*self._fold(event), *self._said_anew(event), *self._heals(event)]

    def restore(self, rules: JoinRules) -> None:
        """Go on after a restart: frames may have been lost, so every book waits."""
        self.rules = rules
        self.books.rules = rules.heal
        self.witness.rules = rules.witness
        self.witness.withdraw()
        self._look(self.books.lose_frames(self.now_ns))

    def _fold(self, event: Event) -> list[GameRow | BookRow | Quote]:
        stamp = event.stamp
        match event:
            case Traded():
                touched = self.books.apply(event.message, event.link, self.now_ns)
                return [*self._on_books(stamp, touched, event.message.venue_ms)]
            case Scored():
                return self._on_score(stamp, event.state)
            case ScoreDoubted():
                self.doubted = True
                return [*self._changed_gates(stamp, "score")]
            case Polled():
                return [*self._on_poll(stamp)]
            case Ticked():
                return [*self._on_clock(stamp)]
            case Listed():
                return [*self._on_listing(stamp, event.listing)]
            case ScoreTold():
                self.witness.see(event.told, self.now_ns)
                return [*self._changed_gates(stamp, "score")]
            case Witnessed() | LinkDoubted() | LinkLost() | FramesLost() | FrameSpoilt():
                return [*self._quotes(stamp, "link", self._look(self._on_link(event)))]

    def _on_link(
        self, event: Witnessed | LinkDoubted | LinkLost | FramesLost | FrameSpoilt
    ) -> set[str]:
        """Apply what is known of the links to the books and return the tokens it touched."""
        match event:
            case Witnessed():
                return self.books.witness(event.rest, self.now_ns)
            case LinkDoubted():
                return self.books.doubt_link(event.link, self.now_ns)
            case LinkLost():
                if event.link == SPORTS_LINK:
                    self.witness.withdraw()
                return self.books.lose_link(event.link, self.now_ns)
            case FramesLost():
                self.witness.withdraw()
                return self.books.lose_frames(self.now_ns)
            case FrameSpoilt():
                return set()

    def _heals(self, event: Event) -> list[Heal]:
        """Return what is to be done about books that cannot be trusted."""
        if self.listing is None or self.delisted or self._is_over():
            return []
        wanted = self.books.healing.due(self.now_ns, self.rules.heal)
        wanted += [("check", reason, tokens) for reason, tokens in self._checks(event) if tokens]
        return [
            Heal(event.stamp.seq, self.now_ns, self.listing.game_id, remedy, tokens, reason)
            for remedy, reason, tokens in wanted
        ]

    def _checks(self, event: Event) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the tokens that must be compared over REST, and why."""
        books = self.books
        match event:
            case LinkDoubted():
                yield f"{event.link} brings nothing", tuple(sorted(books.doubted_tokens()))
            case FrameSpoilt():
                yield "a frame could not be read", tuple(sorted(books.tokens_on(event.link)))
            case Witnessed() if books.is_unsure(event.rest.token_id):
                yield "REST differed once", (event.rest.token_id,)
            case Ticked() if self.state is not None and self.state.phase == "in":
                yield "the token is quiet", books.quiet_tokens(self.now_ns)

    def _on_listing(self, stamp: Stamp, listing: SlateGame | None) -> list[Quote]:
        self.delisted = listing is None
        if listing is None:
            return self._quotes(stamp, "slate", self.sides.values())
        self.listing = listing
        tokens = self.books.list_game(listing, self.now_ns)
        rules = {market.market_id: market for market in listing.markets}
        for outcome in listing.outcomes:
            market = rules[outcome.market_id]
            side = self.sides.setdefault(
                outcome.selection, Side(outcome, market, closed_view("none"))
            )
            side.outcome, side.rules = outcome, market
        return self._quotes(stamp, "slate", self._look(tokens))

    def _on_score(self, stamp: Stamp, state: GameState) -> list[GameRow | BookRow | Quote]:
        changed = state != self.state
        ended = state.phase == "post" and not self._is_over()
        self.state, self.doubted = state, False
        self.witness.show(state, self.now_ns)
        self.odds = state.odds or self.odds
        if not changed:
            return [*self._on_poll(stamp)]
        self._poll(stamp)
        self._remember_pregame()
        proofs = book_rows(stamp, state, self.books.proofs()) if ended else []
        quotes = self._quotes(stamp, "score", self.sides.values())
        return [self._game_row(stamp, state), *proofs, *quotes]

    def _game_row(self, stamp: Stamp, state: GameState) -> GameRow:
        self.said = home, away, disputed = self._says()
        return game_row(stamp.seq, stamp.recv_ns, state, (home, away), disputed=disputed)

    def _says(self) -> _Said:
        disputed = self.doubted or self.witness.disputed(self.now_ns)
        return *self.witness.told(self.now_ns), disputed

    def _said_anew(self, event: Event) -> list[GameRow]:
        """Return a row of the game where what is told of its score, or the dispute, is new."""
        if self.state is None or isinstance(event, Traded) or self._says() == self.said:
            return []
        return [self._game_row(event.stamp, self.state)]

    def _on_poll(self, stamp: Stamp) -> list[Quote]:
        limit = self.rules.lead_move
        self.doubted = False
        led = [side for side in self.sides.values() if abs(side.lead_move() or 0.0) >= limit]
        self._poll(stamp)
        return self._quotes(stamp, "score", led) or self._changed_gates(stamp, "score")

    def _poll(self, stamp: Stamp) -> None:
        self.polled_ns = stamp.recv_ns
        for side in self.sides.values():
            side.mid_at_poll = side.mid()

    def _on_books(self, stamp: Stamp, touched: set[str], venue_ms: int) -> list[Quote]:
        changed = self._look(touched)
        for side in changed:
            side.venue_ms = venue_ms
        if changed:
            self._remember_pregame()
        return self._quotes(stamp, "book", changed)

    def _on_clock(self, stamp: Stamp) -> list[Quote]:
        changed = self._look(self.books.pass_time(self.now_ns))
        return self._quotes(stamp, "link", changed) + self._changed_gates(stamp, "clock")

    def _look(self, tokens: set[str]) -> list[Side]:
        """Look again at the outcomes of these tokens; return those whose view changed."""
        changed = []
        for side in self.sides.values():
            if tokens.isdisjoint(side.tokens()):
                continue
            view = self.books.view(side.outcome)
            if view != side.view:
                side.view = view
                side.why = self.books.why(side.outcome, view.link)
                changed.append(side)
        return changed

    def _remember_pregame(self) -> None:
        """Before the start, keep the mids of settled books: they become the prior.

        The price of a game that was suspended and waits to go on knows its score.
        """
        state = self.state
        if state is None or state.phase != "pre" or state.status == "suspended":
            return
        mids = {selection: side.prior_mid() for selection, side in self.sides.items()}
        self.pregame = PregameMids(
            home=mids.get("home") or self.pregame.home,
            draw=mids.get("draw") or self.pregame.draw,
            away=mids.get("away") or self.pregame.away,
        )

    def _is_over(self) -> bool:
        return self.state is not None and self.state.phase == "post"

    def _gate(self, side: Side, stamp: Stamp) -> Gate:
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
            disputed=self.doubted or self.witness.disputed(stamp.recv_ns),
        )

    def _changed_gates(self, stamp: Stamp, cause: Cause) -> list[Quote]:
        changed = [side for side in self.sides.values() if self._gate(side, stamp) != side.gate]
        return self._quotes(stamp, cause, changed)

    def _quotes(self, stamp: Stamp, cause: Cause, sides: Iterable[Side]) -> list[Quote]:
        return [self._quote(stamp, cause, side, self.listing) for side in sides if self.listing]

    def _quote(self, stamp: Stamp, cause: Cause, side: Side, listing: SlateGame) -> Quote:
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
            link_reason=side.why,
            gate=side.gate,
            score_age_s=age_s(stamp.recv_ns, self.polled_ns),
            book_age_s=age_s(stamp.recv_ns, stamp.link_ns),
            lead_move=side.lead_move(),
        )
