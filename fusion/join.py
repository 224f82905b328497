"""The join: one game's score and the books of its markets, folded event by event into quotes.

The result depends on the order of events alone, never on how they were cut into batches.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from fusion.book_checks import book_checks
from fusion.book_rows import book_rows
from fusion.days import slate_day
from fusion.events import (
    Ended,
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
from fusion.freshness import FreshnessLimits, Gate, age_s
from fusion.game import GameState, Odds, Selection
from fusion.game_books import GameBooks
from fusion.healing import Heal, HealRules
from fusion.levels import LevelBatch, LevelMessage, level_batch
from fusion.outcome_view import closed_view
from fusion.quotes import PregameMids, Quote
from fusion.quoting import Known, gate_of, quote_of
from fusion.rows import BookRow, Cause, GameRow, game_row
from fusion.score_witness import SPORTS_LINK, ScoreWitness, WitnessRules
from fusion.side import Side
from fusion.slate import SlateGame

Passing = GameRow | BookRow | LevelBatch | Heal | Ended
"""What the steps behind the join let pass as it is."""

JoinRow = Passing | Quote

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
        self.date = ""
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
        rows = self._fold(event)
        is_trade = isinstance(event, Traded)  # Almost all are; they say nothing of the score.
        if not is_trade:
            rows += self._said_anew(event)
        if self.books.healing or not is_trade:
            rows += self._heals(event)
        return rows

    def use(self, rules: JoinRules) -> None:
        """Go on by these rules, which may have changed while the process was down."""
        self.rules = rules
        self.books.rules = rules.heal
        self.witness.rules = rules.witness

    def _fold(self, event: Event) -> list[JoinRow]:
        stamp = event.stamp
        match event:
            case Traded():
                return self._on_trade(event)
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
            case Ended():
                return [event]

    def _on_trade(self, event: Traded) -> list[JoinRow]:
        stamp, message, listing = event.stamp, event.message, self.listing
        changed = self._look(self.books.apply(message, event.link, self.now_ns))
        rows: list[JoinRow] = []
        if listing is not None and isinstance(message, LevelMessage):
            rows.append(level_batch(message, stamp, self.date, listing.game_id))
        if changed:
            for side in changed:
                side.venue_ms = message.venue_ms
            self._remember_pregame()
            rows += self._quotes(stamp, "book", changed)
        return rows

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
        in_play = self.state is not None and self.state.phase == "in"
        checks = book_checks(event, self.books, in_play=in_play)
        wanted += [("check", reason, tokens) for reason, tokens in checks if tokens]
        return [
            Heal(event.stamp.seq, self.now_ns, self.listing.game_id, remedy, tokens, reason)
            for remedy, reason, tokens in wanted
        ]

    def _on_listing(self, stamp: Stamp, listing: SlateGame | None) -> list[Quote]:
        self.delisted = listing is None
        if listing is None:
            return self._quotes(stamp, "slate", self.sides.values())
        self.listing = listing
        if self.state is None:
            self.date = slate_day(listing.start_ns)
        tokens = self.books.list_game(listing, self.now_ns)
        rules = {market.market_id: market for market in listing.markets}
        for outcome in listing.outcomes:
            market = rules[outcome.market_id]
            side = self.sides.setdefault(
                outcome.selection, Side(outcome, market, closed_view("none"))
            )
            side.outcome, side.rules = outcome, market
        return self._quotes(stamp, "slate", self._look(tokens))

    def _on_score(self, stamp: Stamp, state: GameState) -> list[JoinRow]:
        changed = state != self.state
        ended = state.phase == "post" and not self._is_over()
        self.doubted = False
        self.witness.show(state, self.now_ns)
        if not changed:
            return [*self._on_poll(stamp)]
        self.state, self.date = state, slate_day(state.start_ns)
        self.odds = state.odds or self.odds
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
        if self.state is None or self._says() == self.said:
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

    def _on_clock(self, stamp: Stamp) -> list[Quote]:
        changed = self._look(self.books.pass_time(self.now_ns))
        return self._quotes(stamp, "link", changed) + self._changed_gates(stamp, "clock")

    def _look(self, tokens: set[str]) -> list[Side]:
        """Look again at the outcomes of these tokens; return those whose view changed."""
        changed = []
        for side in self.sides.values():
            outcome = side.outcome
            if outcome.token_id in tokens or outcome.complement_id in tokens:
                view = self.books.view(outcome)
                if view != side.view:
                    side.view = view
                    side.why = self.books.why(outcome, view.link)
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
        pregame = PregameMids(
            home=mids.get("home") or self.pregame.home,
            draw=mids.get("draw") or self.pregame.draw,
            away=mids.get("away") or self.pregame.away,
        )
        if pregame != self.pregame:
            self.pregame = pregame

    def _is_over(self) -> bool:
        return self.state is not None and self.state.phase == "post"

    def _gate(self, side: Side, known: Known) -> Gate:
        if self.delisted or side.rules.market_id in self.books.resolved:
            return "not_trading"
        return gate_of(side, known)

    def _known(self, stamp: Stamp, listing: SlateGame) -> Known:
        """Return what is the same for every side of the game after this frame."""
        return Known(
            self.date,
            listing,
            self.state,
            self.pregame,
            self.odds,
            age_s(stamp.recv_ns, self.polled_ns),
            age_s(stamp.recv_ns, stamp.link_ns),
            self.rules.limits_of(listing.league),
            self.doubted or self.witness.disputed(stamp.recv_ns),
        )

    def _changed_gates(self, stamp: Stamp, cause: Cause) -> list[Quote]:
        if self.listing is None:
            return []
        known = self._known(stamp, self.listing)
        changed = [side for side in self.sides.values() if self._gate(side, known) != side.gate]
        return self._quotes(stamp, cause, changed)

    def _quotes(self, stamp: Stamp, cause: Cause, sides: Collection[Side]) -> list[Quote]:
        if self.listing is None or not sides:
            return []
        known = self._known(stamp, self.listing)
        for side in sides:
            side.gate = self._gate(side, known)
        return [quote_of(side, stamp, cause, known) for side in sides]
