"""The books of one game's markets, and why those that cannot be used cannot."""

from __future__ import annotations

from collections.abc import Iterable

from fusion.book import Book
from fusion.freshness import LinkState
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


class GameBooks:
    """One book a token, the link that brought its snapshot, and the reason it is unusable."""

    def __init__(self) -> None:
        self.resolved: set[str] = set()
        self._books: dict[str, Book] = {}
        self._markets: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._lost: dict[str, LinkState] = {}

    def list_game(self, listing: SlateGame) -> Tokens:
        """Hold exactly the books of this listing; a token that stays keeps its book."""
        self._markets = {
            token: market.market_id for market in listing.markets for token in market.token_ids
        }
        for token in self._markets.keys() - self._books.keys():
            self._books[token] = Book(token)
            self._lost[token] = "waiting"
        for token in self._books.keys() - self._markets.keys():
            del self._books[token], self._lost[token]
            self._links.pop(token, None)
        return set(self._markets)

    def apply(self, message: MarketMessage, link: str) -> Tokens:
        """Apply a message to the books it names and return their tokens."""
        match message:
            case PriceChange():
                return self._apply_changes(message)
            case MarketResolved():
                return self._resolve(message.market_id)
            case NewMarket() | LastTrade():
                return set()
            case BookSnapshot() | BestBidAsk() | TickSizeChange():
                return self._apply_to_one(message, link)

    def view(self, outcome: SlateOutcome) -> OutcomeView:
        """Return the cheapest usable view of an outcome."""
        own, complement = self._books[outcome.token_id], self._books[outcome.complement_id]
        return outcome_view(own, complement, self._lost[outcome.token_id])

    def lose_link(self, link: str) -> Tokens:
        """Give up the books whose snapshots came over this link."""
        return self._lose([token for token, name in self._links.items() if name == link], "down")

    def lose_frames(self) -> Tokens:
        """Give up every book that had a snapshot: some of its frames may be lost."""
        return self._lose(list(self._links), "gap")

    def _lose(self, tokens: Iterable[str], why: LinkState) -> Tokens:
        lost = set(tokens)
        for token in lost:
            self._books[token].invalidate(f"link {why}")
            self._lost[token] = why
        return lost

    def _apply_changes(self, message: PriceChange) -> Tokens:
        changes = [change for change in message.changes if change.token_id in self._books]
        for change in changes:
            self._books[change.token_id].apply_change(change, message.venue_ms)
        return {change.token_id for change in changes}

    def _apply_to_one(
        self, message: BookSnapshot | BestBidAsk | TickSizeChange, link: str
    ) -> Tokens:
        book = self._books.get(message.token_id)
        if book is None:
            return set()
        match message:
            case BookSnapshot():
                book.apply_snapshot(message)
                self._links[message.token_id] = link
                self._lost[message.token_id] = "invalid"
            case BestBidAsk():
                book.apply_best(message)
            case TickSizeChange():
                book.change_tick(message.new_tick_size)
        return {message.token_id}

    def _resolve(self, market_id: str) -> Tokens:
        tokens = {token for token, market in self._markets.items() if market == market_id}
        self.resolved.add(market_id)
        for token in tokens:
            self._books[token].invalidate("resolved")
            self._lost[token] = "invalid"
        return tokens
