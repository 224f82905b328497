"""Every book of a recording, rebuilt from its frames alone, and how well it proved right."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from connectors.polymarket.parse import parse_market
from fusion.book import Book
from fusion.book_hash import HashWitness
from fusion.errors import Refusal
from fusion.frames import Connected, Disconnected, Frame, Gap, decode_control
from fusion.market import (
    PRICE_ONE,
    BestBidAsk,
    BookSnapshot,
    LastTrade,
    LevelChange,
    MarketMessage,
    PriceChange,
    TickSizeChange,
)

NO_CHANNEL = frozenset({"polymarket:books", "polymarket:clob-markets"})
"""Answers over REST that stand beside the market channel."""


class BookReport(msgspec.Struct, frozen=True, kw_only=True):
    """The end state of one token's book. Prices are dollars, null for an empty side or no book.

    `frames` counts the frames that spoke of the token, `ignored` the messages that came while
    there was no book to apply them to. Declared bests are checked once a batch has settled.
    """

    token_id: str
    market_id: str
    state: str
    reason: str
    best_bid: float | None
    best_ask: float | None
    bid_levels: int
    ask_levels: int
    frames: int
    ignored: int
    declared_best_checked: int
    declared_best_mismatches: int
    hash_checked: int
    hash_matched: int


class _Token:
    """A book with its witness and the link that its snapshot came over."""

    def __init__(self, token_id: str, market_id: str) -> None:
        self.book = Book(token_id)
        self.witness = HashWitness(market_id, search=True)
        self.link = ""
        self.frames = 0
        self.last_seq: int | None = None
        self.unhashed = False

    def check_hash(self) -> None:
        """Check the hash of the batch that is complete now, once."""
        if self.unhashed and self.book.usable:
            self.witness.check(self.book)
        self.unhashed = False

    def snapshot(self, message: BookSnapshot, link: str) -> None:
        if message.venue_ms != self.book.venue_ms:
            self.check_hash()
        self.book.apply_snapshot(message)
        self.witness.learn(message)
        self.link = link
        self.unhashed = bool(message.hash)
        self.check_hash()

    def change(self, change: LevelChange, venue_ms: int) -> None:
        if venue_ms != self.book.venue_ms:
            self.check_hash()
        self.book.apply_change(change, venue_ms)
        self.unhashed = self.book.usable and bool(change.hash)

    def finish(self) -> None:
        self.check_hash()
        self.book.settle()

    def report(self) -> BookReport:
        book = self.book
        return BookReport(
            token_id=book.token_id,
            market_id=self.witness.market_id,
            state=book.state,
            reason=book.reason,
            best_bid=None if book.best_bid is None else book.best_bid / PRICE_ONE,
            best_ask=None if book.best_ask is None else book.best_ask / PRICE_ONE,
            bid_levels=book.bid_levels,
            ask_levels=book.ask_levels,
            frames=self.frames,
            ignored=book.ignored,
            declared_best_checked=book.declared_checked,
            declared_best_mismatches=book.declared_mismatches,
            hash_checked=self.witness.checked,
            hash_matched=self.witness.matched,
        )


class BookRebuild:
    """Applies frames in order; `refusals` holds what could not be used."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []
        self._tokens: dict[str, _Token] = {}
        self._markets: dict[str, list[_Token]] = {}

    def apply(self, frame: Frame) -> None:
        """Apply one frame of the market channel, or a control frame; others do nothing.

        Books and rules that were asked for over REST are no part of the channel.
        """
        if frame.source == "control":
            self._control(frame)
        elif frame.source.startswith("polymarket:") and frame.source not in NO_CHANNEL:
            parsed = parse_market(frame.payload)
            self.refusals.extend(parsed.refusals)
            for message in parsed.messages:
                self._message(message, frame)

    def reports(self) -> list[BookReport]:
        """Take the input as ended and return one report a token, in the order they came up."""
        for token in self._tokens.values():
            token.finish()
        return [token.report() for token in self._tokens.values()]

    def _token(self, token_id: str, market_id: str, frame: Frame) -> _Token:
        token = self._tokens.get(token_id)
        if token is None:
            token = self._tokens[token_id] = _Token(token_id, market_id)
            self._markets.setdefault(market_id, []).append(token)
        if token.last_seq != frame.seq:
            token.last_seq = frame.seq
            token.frames += 1
        return token

    def _message(self, message: MarketMessage, frame: Frame) -> None:
        market_id = message.market_id
        match message:
            case PriceChange():
                for change in message.changes:
                    token = self._token(change.token_id, market_id, frame)
                    token.change(change, message.venue_ms)
            case BookSnapshot():
                self._token(message.token_id, market_id, frame).snapshot(message, frame.source)
            case BestBidAsk():
                self._token(message.token_id, market_id, frame).book.apply_best(message)
            case TickSizeChange():
                token = self._token(message.token_id, market_id, frame)
                token.book.change_tick(message.new_tick_size)
            case LastTrade():
                self._token(message.token_id, market_id, frame)
                for token in self._markets[market_id]:
                    token.witness.trade(message)

    def _control(self, frame: Frame) -> None:
        match decode_control(frame.payload):
            case Gap(reason=reason):
                self._invalidate(None, f"gap: {reason}")
            case Disconnected(link=link):
                self._invalidate(link, "disconnected")
            case Connected(link=link):
                self._invalidate(link, "waiting for a snapshot")
            case Refusal() as refusal:
                self.refusals.append(refusal)

    def _invalidate(self, link: str | None, reason: str) -> None:
        for token in self._tokens.values():
            if token.book.usable and link in {None, token.link}:
                token.book.invalidate(reason)
                token.unhashed = False


def rebuild_books(frames: Iterable[Frame]) -> list[BookReport]:
    """Return the books that frames build, in the order in which their tokens came up."""
    rebuild = BookRebuild()
    for frame in frames:
        rebuild.apply(frame)
    return rebuild.reports()
