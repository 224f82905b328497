"""Route: frames in, `(game_id, event)` out in arrival order, and dead letters for the rest.

What the slate lists, and what it refuses and why, goes on record with the dead letters.

The slate says which token belongs to which game. A live session journals it as control frames;
where the frames carry none (a capture of somebody else's), it is matched here from the ESPN and
Gamma frames as they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from connectors.polymarket.clob import parse_books
from connectors.polymarket.clob_rules import parse_clob_market
from connectors.polymarket.gamma import parse_events
from connectors.polymarket.parse import MarketFrame, parse_market
from flows.scoreboards import Scoreboards
from fusion.days import slate_day
from fusion.errors import Refusal, excerpt
from fusion.events import (
    Event,
    FramesLost,
    FrameSpoilt,
    LinkDoubted,
    LinkLost,
    Listed,
    Polled,
    Scored,
    Stamp,
    Ticked,
    Traded,
    Witnessed,
)
from fusion.frames import (
    Connected,
    Disconnected,
    Frame,
    Gap,
    HttpStatus,
    SessionStarted,
    SlateMatched,
    Unchanged,
    decode_control,
)
from fusion.link_watch import LinkWatch
from fusion.market import (
    BookSnapshot,
    MarketMessage,
    MarketResolved,
    NewMarket,
    PriceChange,
)
from fusion.market_rules import ClobRules, with_clob_rules
from fusion.rows import DeadLetter, SlateRow
from fusion.slate import Slate, SlateGame
from fusion.slate_keeper import SlateKeeper
from fusion.slate_rows import slate_rows
from fusion.unplaced import Unplaced

Record = DeadLetter | SlateRow
"""What goes on record beside the games: it belongs to no state."""

Routed = tuple[str, Event | Record]

REST_FALLBACK = "polymarket:rest"
"""Books polled while no socket is healthy: a link of its own."""

REST_WITNESS = "polymarket:books"
"""Books asked for to be compared with those of the sockets."""

CLOB_RULES = "polymarket:clob-markets"
"""The rules of one market, which a journaled slate already holds."""

HARMLESS = frozenset({"text_frame", "empty_body", "unknown_event_type", "retired_format"})
"""Refusals of the market channel that took no change of a book with them."""

DOUBT_S = 30.0
"""A link that answers and brings no data for so long is in doubt."""

NO_LEAGUE = "none"


class Router:
    """The slate and the links of one stream of frames."""

    def __init__(self, doubt_s: float = DOUBT_S) -> None:
        self.slate_is_journaled = False
        self.keeper = SlateKeeper()
        self.clob_rules: dict[str, ClobRules] = {}
        self.slate = Slate()
        self.games: dict[str, SlateGame] = {}
        self.game_of_token: dict[str, str] = {}
        self.game_of_market: dict[str, str] = {}
        self.links = LinkWatch(doubt_s)
        self.link_of_token: dict[str, str] = {}
        self.links_of_game: dict[str, set[str]] = {}
        self.unplaced = Unplaced()
        self.boards = Scoreboards()

    def __call__(self, frames: Iterable[Frame]) -> list[Routed]:
        """Route a batch; the result is the same however the frames are cut into batches."""
        return [routed for frame in frames for routed in self._route(frame)]

    def _route(self, frame: Frame) -> Iterator[Routed]:
        source = frame.source
        if source.startswith("polymarket:market:") or source == REST_FALLBACK:
            yield from self._market(frame)
        elif source == REST_WITNESS:
            yield from self._witness(frame)
        elif source.startswith("espn:"):
            yield from self._scoreboard(frame)
        elif source == "clock":
            yield from self._clock(frame)
        elif source == "control":
            yield from self._control(frame)
        elif source == "gamma:events":
            yield from self._listing(frame)
        elif source == CLOB_RULES:
            yield from self._rules(frame)
        elif source != "gamma:sports":
            detail = f"no decoder for frames of {source!r}"
            yield dead_letter(frame, Refusal("unknown_source", detail, excerpt(frame.payload)))

    def _stamp(self, frame: Frame, game_id: str) -> Stamp:
        links = self.links_of_game.get(game_id, ())
        heard = min((self.links.heard_ns(link) for link in links), default=0)
        return Stamp(frame.seq, frame.recv_ns, heard)

    def _market(self, frame: Frame) -> Iterator[Routed]:
        link = frame.source
        decoded = _decode_market(frame)
        self.links.hear(link, frame.recv_ns, data=bool(decoded.messages))
        for refusal in decoded.refusals:
            yield dead_letter(frame, refusal)
        if any(refusal.reason not in HARMLESS for refusal in decoded.refusals):
            for hurt in self._games_on(link):
                yield hurt, FrameSpoilt(self._stamp(frame, hurt), link)
        for message in decoded.messages:
            game_id = self._game_of(message)
            if game_id is not None:
                if isinstance(message, BookSnapshot):
                    self._carry(game_id, message.token_id, link)
                yield game_id, Traded(self._stamp(frame, game_id), link, message)
            elif not isinstance(message, NewMarket | MarketResolved):
                if not self.slate_is_journaled:
                    self.unplaced.keep(link, message)
                detail = f"market {message.market_id} belongs to no game of the slate (yet)"
                yield dead_letter(frame, Refusal("unknown_market", detail, excerpt(frame.payload)))

    def _carry(self, game_id: str, token: str, link: str) -> None:
        """Note over which link the book of a token came last: the age of a book is its link's."""
        if self.link_of_token.get(token) != link:
            self.link_of_token[token] = link
            tokens = (t for market in self.games[game_id].markets for t in market.token_ids)
            carried = (self.link_of_token.get(each) for each in tokens)
            self.links_of_game[game_id] = {name for name in carried if name}

    def _witness(self, frame: Frame) -> Iterator[Routed]:
        """Bring each game what REST shows of its books; a book of no game was asked for early."""
        decoded = parse_books(frame.payload)
        for refusal in decoded.refusals:
            yield dead_letter(frame, refusal)
        for book in decoded.books:
            game_id = self.game_of_token.get(book.token_id)
            if game_id is not None:
                yield game_id, Witnessed(self._stamp(frame, game_id), book)

    def _clock(self, frame: Frame) -> Iterator[Routed]:
        doubted = self.links.doubtful(frame.recv_ns)
        for game_id in self.games:
            if game_id in self.boards.over:
                continue
            for link in doubted:
                if link in self.links_of_game.get(game_id, ()):
                    yield game_id, LinkDoubted(self._stamp(frame, game_id), link)
            yield game_id, Ticked(self._stamp(frame, game_id))

    def _game_of(self, message: MarketMessage) -> str | None:
        match message:
            case PriceChange():
                tokens = (change.token_id for change in message.changes)
                found = (self.game_of_token.get(token) for token in tokens)
                return next((game_id for game_id in found if game_id), None)
            case MarketResolved() | NewMarket():
                return self.game_of_market.get(message.market_id)
            case _:
                return self.game_of_token.get(message.token_id)

    def _scoreboard(self, frame: Frame) -> Iterator[Routed]:
        board = self.boards.read(frame)
        if isinstance(board, Refusal):
            yield dead_letter(frame, board)
            return
        for refusal in board.refusals:
            yield dead_letter(frame, refusal, board.league.key)
        if not self.slate_is_journaled:
            self.keeper.see_games(board.league.key, board.games, frame.recv_ns)
            yield from self._match(frame)
        for game in board.games:
            yield game.game_id, Scored(self._stamp(frame, game.game_id), game)

    def _listing(self, frame: Frame) -> Iterator[Routed]:
        if self.slate_is_journaled:
            return
        listing = parse_events(frame.payload)
        for refusal in listing.refusals:
            yield dead_letter(frame, refusal)
        self.keeper.see_events(listing.events)
        yield from self._match(frame)

    def _rules(self, frame: Frame) -> Iterator[Routed]:
        rules = parse_clob_market(frame.payload)
        if isinstance(rules, Refusal):
            yield dead_letter(frame, rules)
        elif not self.slate_is_journaled and self.clob_rules.get(rules.market_id) != rules:
            self.clob_rules[rules.market_id] = rules
            yield from self._match(frame, rules_changed=True)

    def _match(self, frame: Frame, *, rules_changed: bool = False) -> Iterator[Routed]:
        if self.keeper.changed or rules_changed:
            slate = with_clob_rules(self.keeper.slate(), self.clob_rules)
            yield from self._apply_slate(frame, slate)

    def _control(self, frame: Frame) -> Iterator[Routed]:
        control = decode_control(frame.payload)
        match control:
            case Refusal():
                yield dead_letter(frame, control)
            case HttpStatus():
                reason = f"http_{control.status}"
                yield dead_letter(frame, Refusal(reason, f"{control.source}: {control.detail}"))
            case Unchanged():
                for game_id in self.boards.covered(control.source, control.digest):
                    yield game_id, Polled(self._stamp(frame, game_id))
            case SlateMatched():
                self.slate_is_journaled = True
                yield from self._apply_slate(frame, control.slate)
            case SessionStarted():
                self.slate_is_journaled = True
                yield from self._frames_lost(frame)
                self.links.clear()
                self.link_of_token, self.links_of_game = {}, {}
                self.boards.forget_bodies()
            case Gap():
                yield from self._frames_lost(frame)
            case Connected():
                self.links.hear(control.link, frame.recv_ns, data=True)
                # The polling ends with the first socket: its books wait for their snapshots.
                yield from self._link_lost(frame, REST_FALLBACK)
            case Disconnected():
                yield from self._link_lost(frame, control.link)

    def _frames_lost(self, frame: Frame) -> Iterator[Routed]:
        for game_id in self.games:
            yield game_id, FramesLost(self._stamp(frame, game_id))

    def _link_lost(self, frame: Frame, link: str) -> Iterator[Routed]:
        self.links.drop(link)
        for game_id in self._games_on(link):
            self.links_of_game[game_id].remove(link)
            yield game_id, LinkLost(self._stamp(frame, game_id), link)
        for token in [token for token, name in self.link_of_token.items() if name == link]:
            del self.link_of_token[token]

    def _games_on(self, link: str) -> list[str]:
        return [game_id for game_id, links in self.links_of_game.items() if link in links]

    def _apply_slate(self, frame: Frame, slate: Slate) -> Iterator[Routed]:
        for row in slate_rows(self.slate, slate, frame.seq, frame.recv_ns):
            yield NO_LEAGUE, row
        self.slate = slate
        before, self.games = self.games, {game.game_id: game for game in slate.games}
        self.game_of_token, self.game_of_market = {}, {}
        for game in slate.games:
            for market in game.markets:
                self.game_of_market[market.market_id] = game.game_id
                self.game_of_token |= dict.fromkeys(market.token_ids, game.game_id)
        for game_id, game in self.games.items():
            if before.get(game_id) != game:
                yield game_id, Listed(self._stamp(frame, game_id), game)
                for market in game.markets:
                    for token in market.token_ids:
                        yield from self._place(frame, game_id, token)
        for game_id in sorted(before.keys() - self.games.keys()):
            yield game_id, Listed(self._stamp(frame, game_id), None)

    def _place(self, frame: Frame, game_id: str, token: str) -> Iterator[Routed]:
        """Bring a game that has just been listed what came for its token before."""
        for link, message in self.unplaced.take(token):
            self._carry(game_id, token, link)
            yield game_id, Traded(self._stamp(frame, game_id), link, message)


def _decode_market(frame: Frame) -> MarketFrame:
    """Decode a frame of a socket, or the books that were polled in place of one."""
    if frame.source != REST_FALLBACK:
        return parse_market(frame.payload)
    polled = parse_books(frame.payload)
    return MarketFrame(messages=polled.books, refusals=polled.refusals)


def dead_letter(frame: Frame, refusal: Refusal, league: str = NO_LEAGUE) -> Routed:
    """Return the dead letter of a frame, or of what could not be used of it."""
    letter = DeadLetter(
        seq=frame.seq,
        recv_ns=frame.recv_ns,
        date=slate_day(frame.recv_ns),
        league=league,
        source=frame.source,
        reason=refusal.reason,
        detail=refusal.detail,
        excerpt=refusal.excerpt,
    )
    return NO_LEAGUE, letter
