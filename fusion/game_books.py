"""The books of one game's markets: which can be trusted, why the others cannot, and their healing.

What proves a book: its snapshot came over a link that is up since, its declared best agrees, its
link is not in doubt, and what REST shows of it now and then is the same.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from fusion.book import Book
from fusion.book_proof import BookProof
from fusion.frames import NS_PER_S
from fusion.freshness import LinkState
from fusion.healing import Healing, HealRules
from fusion.market import (
    BestBidAsk,
    BookSnapshot,
    LastTrade,
    MarketMessage,
    MarketResolved,
    NewMarket,
    PriceChange,
    TickSizeChange,
)
from fusion.outcome_view import OutcomeView, outcome_view
from fusion.slate import SlateGame, SlateOutcome

Tokens = set[str]

SILENT = "the link is silent"

SETTLED_NS = NS_PER_S
"""A batch is complete when its token has been quiet for a second; batches take milliseconds."""


class _Entry(msgspec.Struct):
    """One token's book and what speaks for or against it."""

    book: Book
    proof: BookProof
    market_id: str
    lost: LinkState = "waiting"
    link: str = ""
    doubted: bool = False
    seen_ns: int = 0


class GameBooks:
    """One book a token; every method that changes books returns the tokens it may have changed."""

    def __init__(self, rules: HealRules) -> None:
        self.rules = rules
        self.resolved: set[str] = set()
        self.healing = Healing()
        self._entries: dict[str, _Entry] = {}

    def list_game(self, listing: SlateGame, now_ns: int) -> Tokens:
        """Hold exactly the books of this listing; a token that stays keeps its book."""
        markets = {token: market for market in listing.markets for token in market.token_ids}
        for token in sorted(markets.keys() - self._entries.keys()):
            market = markets[token]
            self._entries[token] = _Entry(Book(token), BookProof(market), market.market_id)
            self._await_snapshot(token, "no first snapshot", now_ns, had_book=False)
        for token in self._entries.keys() - markets.keys():
            del self._entries[token]
            self.healing.close(token)
        return set(markets)

    def view(self, outcome: SlateOutcome) -> OutcomeView:
        """Return the cheapest usable view of an outcome."""
        own = self._entries[outcome.token_id]
        complement = self._entries[outcome.complement_id]
        view = outcome_view(own.book, complement.book, own.lost)
        if not (own.doubted or complement.doubted):
            return view
        doubted = own.doubted if view.leg == "buy" else complement.doubted
        if doubted and view.link in {"live", "settling"}:
            return msgspec.structs.replace(view, link="doubt")
        return view

    def why(self, outcome: SlateOutcome, link: LinkState) -> str:
        """Return why an outcome's view is in this state, empty where it says all itself."""
        if link in {"live", "settling"}:
            return ""
        if link == "doubt":
            return SILENT
        entry = self._entries[outcome.token_id]
        return entry.book.reason or ("no snapshot yet" if entry.lost == "waiting" else "")

    def apply(self, message: MarketMessage, link: str, now_ns: int) -> Tokens:
        """Apply a message to the books it names."""
        match message:
            case PriceChange():
                touched = self._apply_changes(message)
            case BookSnapshot() | BestBidAsk() | TickSizeChange():
                touched = self._apply_to_one(message, link)
            case MarketResolved():
                return self._resolve(message.market_id)
            case LastTrade():
                self._note_trade(message)
                return set()
            case NewMarket():
                return set()
        for token in touched:
            entry = self._entries[token]
            entry.seen_ns = now_ns
            entry.doubted = False
            # A usable book is only let go of by the healing, which mostly has none.
            if self.healing or not entry.book.usable:
                self._follow(token, now_ns)
        return touched

    def witness(self, rest: BookSnapshot, now_ns: int) -> Tokens:
        """Hold a book against what REST shows of it."""
        entry = self._entries.get(rest.token_id)
        if entry is None or not entry.book.depth_usable:
            return set()
        agrees, wrong = entry.proof.rest(entry.book, rest, now_ns)
        if agrees:
            entry.doubted = False
            self.healing.close(rest.token_id)
        elif wrong:
            self._invalidate(rest.token_id, wrong, now_ns)
        return {rest.token_id}

    def pass_time(self, now_ns: int) -> Tokens:
        """Complete the batches of quiet books, and return the tokens whose book proved wrong."""
        changed: Tokens = set()
        for token, entry in self._entries.items():
            book = entry.book
            if not book.usable:
                continue
            if now_ns - entry.seen_ns >= SETTLED_NS:
                book.settle()
                entry.proof.complete(book)
                if book.state == "settling":
                    book.invalidate("declared best disagrees")
            if entry.proof.overdue(book, now_ns, self.rules.witness_s):
                book.invalidate("REST has a newer book")
            if not book.usable:
                self._follow(token, now_ns)
                changed.add(token)
        return changed

    def proofs(self) -> list[tuple[str, str, Book, BookProof]]:
        """Return token, market, book and proof of every token."""
        return [(t, e.market_id, e.book, e.proof) for t, e in sorted(self._entries.items())]

    def quiet_tokens(self, now_ns: int) -> tuple[str, ...]:
        """Return the tokens without a message for too long, each once in so long."""
        quiet_ns = round(self.rules.token_quiet_s * NS_PER_S)
        quiet = []
        for token, entry in self._entries.items():
            if entry.book.usable and now_ns - entry.seen_ns >= quiet_ns:
                entry.seen_ns = now_ns
                quiet.append(token)
        return tuple(quiet)

    def doubt_link(self, link: str, now_ns: int) -> Tokens:
        """Doubt the usable books of a link that answers and brings nothing.

        They are asked for again if neither data nor REST ends the doubt soon.
        """
        tokens = {t for t, e in self._entries.items() if e.link == link and e.book.usable}
        due_ns = now_ns + round(self.rules.retry_s * NS_PER_S)
        for token in sorted(tokens):
            self._entries[token].doubted = True
            self.healing.open(token, SILENT, due_ns, had_book=True)
        return tokens

    def doubted_tokens(self) -> Tokens:
        """Return the tokens whose link is in doubt."""
        return {token for token, entry in self._entries.items() if entry.doubted}

    def tokens_on(self, link: str) -> Tokens:
        """Return the tokens whose snapshots came over this link."""
        return {token for token, entry in self._entries.items() if entry.link == link}

    def is_unsure(self, token: str) -> bool:
        """Tell whether REST differed once, so that it must be asked again."""
        return token in self._entries and self._entries[token].proof.unsure

    def lose_link(self, link: str, now_ns: int) -> Tokens:
        """Give up the books whose snapshots came over this link."""
        return self._lose(self.tokens_on(link), "down", now_ns)

    def lose_frames(self, now_ns: int) -> Tokens:
        """Give up every book that had a snapshot: some of its frames may be lost."""
        return self._lose([t for t, e in self._entries.items() if e.link], "gap", now_ns)

    def _lose(self, tokens: Iterable[str], why: LinkState, now_ns: int) -> Tokens:
        lost = set(tokens)
        for token in sorted(lost):
            entry = self._entries[token]
            entry.book.invalidate(f"link {why}")
            entry.lost, entry.link, entry.doubted = why, "", False
            self._await_snapshot(token, f"no snapshot after link {why}", now_ns, had_book=True)
        return lost

    def _await_snapshot(self, token: str, reason: str, now_ns: int, *, had_book: bool) -> None:
        if self._entries[token].market_id not in self.resolved:
            due_ns = now_ns + round(self.rules.first_book_s * NS_PER_S)
            self.healing.open(token, reason, due_ns, had_book=had_book)

    def _follow(self, token: str, now_ns: int) -> None:
        """Heal a book that has just become invalid; let go of one that is well again."""
        book = self._entries[token].book
        if book.usable:
            if not self._entries[token].doubted:
                self.healing.close(token)
        elif book.state == "invalid" and self._entries[token].lost == "invalid":
            self.healing.open(token, book.reason, now_ns, had_book=True)

    def _invalidate(self, token: str, reason: str, now_ns: int) -> None:
        self._entries[token].book.invalidate(reason)
        self._follow(token, now_ns)

    def _apply_changes(self, message: PriceChange) -> Tokens:
        entries, venue_ms = self._entries, message.venue_ms
        touched: Tokens = set()
        for change in message.changes:
            token = change.token_id
            if token in entries:
                entries[token].book.apply_change(change, venue_ms)
                touched.add(token)
        return touched

    def _apply_to_one(
        self, message: BookSnapshot | BestBidAsk | TickSizeChange, link: str
    ) -> Tokens:
        entry = self._entries.get(message.token_id)
        if entry is None:
            return set()
        match message:
            case BookSnapshot():
                entry.book.apply_snapshot(message)
                entry.proof.snapshot(message)
                entry.proof.complete(entry.book)
                entry.link, entry.lost = link, "invalid"
            case BestBidAsk():
                entry.book.apply_best(message)
            case TickSizeChange():
                entry.book.change_tick(message.new_tick_size)
                entry.proof.change_tick(message.new_tick_size)
        return {message.token_id}

    def _note_trade(self, trade: LastTrade) -> None:
        for entry in self._entries.values():
            if entry.market_id == trade.market_id:
                entry.proof.trade(trade)

    def _resolve(self, market_id: str) -> Tokens:
        tokens = {t for t, entry in self._entries.items() if entry.market_id == market_id}
        self.resolved.add(market_id)
        for token in tokens:
            self._entries[token].book.invalidate("resolved")
            self._entries[token].lost = "invalid"
            self.healing.close(token)
        return tokens
