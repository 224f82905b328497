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
from connectors.polymarket.sports_parse import parse_sports
from flows.scoreboards import Reading, Scoreboards
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
    ScoreDoubted,
    ScoreTold,
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
from fusion.game_links import GameLinks
from fusion.market import (
    BookSnapshot,
    MarketResolved,
    NewMarket,
)
from fusion.market_rules import ClobRules, with_clob_rules
from fusion.overrides import Overrides
from fusion.rows import DeadLetter, SlateRow, letter
from fusion.score_witness import SPORTS_LINK
from fusion.slate import Slate
from fusion.slate_index import SlateIndex
from fusion.slate_keeper import SlateKeeper
from fusion.slate_rows import slate_rows
from fusion.sports_update import told_score
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

    def __init__(self, doubt_s: float = DOUBT_S, overrides: Overrides | None = None) -> None:
        self.slate_is_journaled = False
        self.keeper = SlateKeeper(overrides=overrides or Overrides())
        self.clob_rules: dict[str, ClobRules] = {}
        self.index = SlateIndex()
        self.links = GameLinks(doubt_s)
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
        elif source == SPORTS_LINK:
            yield from self._results(frame)
        elif source != "gamma:sports":
            detail = f"no decoder for frames of {source!r}"
            yield dead_letter(frame, Refusal("unknown_source", detail, excerpt(frame.payload)))

    def _stamp(self, frame: Frame, game_id: str) -> Stamp:
        return Stamp(frame.seq, frame.recv_ns, self.links.heard_ns(game_id))

    def _market(self, frame: Frame) -> Iterator[Routed]:
        link = frame.source
        decoded = _decode_market(frame)
        self.links.watch.hear(link, frame.recv_ns, data=bool(decoded.messages))
        for refusal in decoded.refusals:
            yield dead_letter(frame, refusal)
        if any(refusal.reason not in HARMLESS for refusal in decoded.refusals):
            for hurt in self.links.games_on(link):
                yield hurt, FrameSpoilt(self._stamp(frame, hurt), link)
        for message in decoded.messages:
            game_id = self.index.game_of(message)
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
        self.links.carry(game_id, self.index.tokens_of(game_id), token, link)

    def _witness(self, frame: Frame) -> Iterator[Routed]:
        """Bring each game what REST shows of its books; a book of no game was asked for early."""
        decoded = parse_books(frame.payload)
        for refusal in decoded.refusals:
            yield dead_letter(frame, refusal)
        for book in decoded.books:
            game_id = self.index.game_of_token(book.token_id)
            if game_id is not None:
                yield game_id, Witnessed(self._stamp(frame, game_id), book)

    def _results(self, frame: Frame) -> Iterator[Routed]:
        """Bring each game what the venue says of its score; most are games of no concern here."""
        decoded = parse_sports(frame.payload)
        for refusal in decoded.refusals:
            yield dead_letter(frame, refusal)
        for update in decoded.updates:
            for game in self.index.games_of_venue(update.venue_game_id):
                told = told_score(update, game)
                yield game.game_id, ScoreTold(self._stamp(frame, game.game_id), told)

    def _clock(self, frame: Frame) -> Iterator[Routed]:
        doubted = self.links.watch.doubtful(frame.recv_ns)
        for game_id in self.index.games:
            if game_id in self.boards.over:
                continue
            for link in doubted:
                if link in self.links.of_game(game_id):
                    yield game_id, LinkDoubted(self._stamp(frame, game_id), link)
            yield game_id, Ticked(self._stamp(frame, game_id))

    def _scoreboard(self, frame: Frame) -> Iterator[Routed]:
        board = self.boards.read(frame)
        if isinstance(board, Refusal):
            yield dead_letter(frame, board)
            return
        yield from self._believe(frame, board)

    def _board_again(self, frame: Frame, poll: Unchanged) -> Iterator[Routed]:
        board = self.boards.read_again(poll.source, poll.digest, frame.recv_ns)
        if board is None:
            return
        yield from self._believe(frame, board)
        for game_id in board.standing:
            yield game_id, Polled(self._stamp(frame, game_id))

    def _believe(self, frame: Frame, board: Reading) -> Iterator[Routed]:
        for refusal in board.refusals:
            yield dead_letter(frame, refusal, board.league.key)
        if not self.slate_is_journaled:
            self.keeper.see_games(board.league.key, board.games, frame.recv_ns)
            yield from self._match(frame)
        for game in board.games:
            yield game.game_id, Scored(self._stamp(frame, game.game_id), game)
        for game_id in board.doubted:
            yield game_id, ScoreDoubted(self._stamp(frame, game_id))

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
                yield from self._board_again(frame, control)
            case SlateMatched():
                self.slate_is_journaled = True
                yield from self._apply_slate(frame, control.slate)
            case SessionStarted():
                self.slate_is_journaled = True
                yield from self._frames_lost(frame)
                self.links.clear()
                self.boards.forget_bodies()
            case Gap():
                yield from self._frames_lost(frame)
            case Connected() | Disconnected():
                yield from self._link(frame, control)

    def _link(self, frame: Frame, control: Connected | Disconnected) -> Iterator[Routed]:
        """Follow a link up or down; that of the results carries no book, and all games."""
        if control.link == SPORTS_LINK:
            lost = self.index.games if isinstance(control, Disconnected) else ()
            for game_id in lost:
                yield game_id, LinkLost(self._stamp(frame, game_id), SPORTS_LINK)
        elif isinstance(control, Disconnected):
            yield from self._link_lost(frame, control.link)
        else:
            self.links.watch.hear(control.link, frame.recv_ns, data=True)
            # The polling ends with the first socket: its books wait for their snapshots.
            yield from self._link_lost(frame, REST_FALLBACK)

    def _frames_lost(self, frame: Frame) -> Iterator[Routed]:
        for game_id in self.index.games:
            yield game_id, FramesLost(self._stamp(frame, game_id))

    def _link_lost(self, frame: Frame, link: str) -> Iterator[Routed]:
        for game_id in self.links.drop(link):
            yield game_id, LinkLost(self._stamp(frame, game_id), link)

    def _apply_slate(self, frame: Frame, slate: Slate) -> Iterator[Routed]:
        for row in slate_rows(self.index.slate, slate, frame.seq, frame.recv_ns):
            yield NO_LEAGUE, row
        changed, gone = self.index.put(slate)
        for game in changed:
            yield game.game_id, Listed(self._stamp(frame, game.game_id), game)
            for token in self.index.tokens_of(game.game_id):
                yield from self._place(frame, game.game_id, token)
        for game_id in gone:
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
    """Return what goes on record of a frame, or a part of it, that could not be used."""
    return NO_LEAGUE, letter(frame, refusal, league)
