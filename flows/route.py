"""Route: frames in, `(game_id, event)` out in arrival order, and dead letters for the rest.

What the slate lists, and what it refuses and why, goes on record with the dead letters.

The slate says which token belongs to which game. A live session journals it as control frames;
where the frames carry none (a capture of somebody else's), it is matched here from the ESPN and
Gamma frames as they come.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator

from connectors.polymarket.clob import parse_books
from connectors.polymarket.clob_rules import parse_clob_market
from connectors.polymarket.gamma import parse_events
from connectors.polymarket.sports_parse import parse_sports
from flows.link_events import frames_lost, link_changed, links_doubted, stamp
from flows.market_frames import REST_FALLBACK, REST_WITNESS, decode_market, is_spoilt
from flows.own_slate import OwnSlate
from flows.scoreboards import Reading, Scoreboards
from fusion.endings import ENDED_S, Endings
from fusion.errors import Refusal, excerpt
from fusion.events import (
    Ended,
    Event,
    FrameSpoilt,
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
from fusion.game import GameState
from fusion.game_links import GameLinks
from fusion.hindsight import without_hindsight
from fusion.market import BookSnapshot, MarketResolved, NewMarket
from fusion.overrides import Overrides
from fusion.rows import DeadLetter, SlateRow, letter
from fusion.score_witness import SPORTS_LINK
from fusion.share import EVERYTHING, Share
from fusion.slate import Slate
from fusion.slate_index import SlateIndex
from fusion.slate_rows import slate_rows
from fusion.sports_update import told_score
from fusion.unplaced import Unplaced

Record = DeadLetter | SlateRow
"""What goes on record beside the games: it belongs to no state."""

Routed = tuple[str, Event | Record]

CLOB_RULES = "polymarket:clob-markets"
"""The rules of one market, which a journaled slate already holds."""

FOR_EVERY_HUB = ("espn:", "gamma:", SPORTS_LINK)
"""How the sources begin whose frames come to every hub of a process."""

DOUBT_S = 30.0
"""A link that answers and brings no data for so long is in doubt."""

NO_LEAGUE = "none"


class Router:
    """The slate and the links of one stream of frames, that of a hub, which has a share."""

    def __init__(
        self,
        doubt_s: float = DOUBT_S,
        overrides: Overrides | None = None,
        ended_s: float = ENDED_S,
        share: Share = EVERYTHING,
    ) -> None:
        self._share = share
        self._doubt_s, self._ended_s = doubt_s, ended_s
        self._tells = share.tells
        self.slate_is_journaled = False
        self.own_slate = OwnSlate(overrides or Overrides())
        self.endings = Endings(ended_s)
        self.index = SlateIndex()
        self.links = GameLinks(doubt_s)
        self.unplaced = Unplaced()
        self.boards = Scoreboards()

    def __call__(self, frames: Iterable[Frame]) -> list[Routed]:
        """Route a batch; the result is the same however the frames are cut into batches.

        What comes for a game that was let go of, or is another hub's, is left out.
        """
        routed: list[Routed] = []
        for frame in frames:
            routed += filter(self._has, self._route(frame))
        return routed

    def _has(self, routed: Routed) -> bool:
        game_id, value = routed
        if isinstance(value, DeadLetter):
            return True
        if isinstance(value, SlateRow):
            return self._share.has(value.game_id or value.event_slug)
        let_go = game_id in self.endings.let_go and not isinstance(value, Ended)
        return not let_go and self._share.has(game_id)

    def snapshot(self) -> bytes:
        """Return all that the routing of the next frame depends on."""
        own = None if self.slate_is_journaled else self.own_slate
        boards, slate = self.boards.snapshot(), self.index.snapshot()
        known = (self._tells, own, self.links, self.unplaced, self.endings, boards, slate)
        return pickle.dumps(known)

    def restore(self, snapshot: bytes) -> None:
        """Go on as the router that made `snapshot` would have, with the settings of this one."""
        known = pickle.loads(snapshot)  # noqa: S301  (our own recovery store)
        self._tells, own, self.links, self.unplaced, self.endings, boards, slate = known
        self.slate_is_journaled = own is None
        self.own_slate = own or self.own_slate
        self.links.watch.use(self._doubt_s)
        self.endings.use(self._ended_s)
        self.boards.restore(boards)
        self.index.restore(slate)

    def _route(self, frame: Frame) -> Iterable[Routed]:
        source = frame.source
        if source.startswith("polymarket:market:") or source == REST_FALLBACK:
            return self._market(frame)
        if source == REST_WITNESS:
            return self._witness(frame)
        if source.startswith("espn:"):
            return self._told_once(source, self._scoreboard(frame))
        if source == "clock":
            return self._clock(frame)
        if source == "control":
            return self._control(frame)
        if source == "gamma:events":
            return self._told_once(source, self._listing(frame))
        if source == CLOB_RULES:
            return self._rules(frame)
        if source == SPORTS_LINK:
            return self._told_once(source, self._results(frame))
        if source == "gamma:sports":
            return ()
        detail = f"no decoder for frames of {source!r}"
        return (dead_letter(frame, Refusal("unknown_source", detail, excerpt(frame.payload))),)

    def _told_once(self, source: str, routed: Iterator[Routed]) -> Iterator[Routed]:
        """Leave out dead letters of what every hub gets, unless this hub tells them."""
        if self._tells or not source.startswith(FOR_EVERY_HUB):
            return routed
        return (each for each in routed if not isinstance(each[1], DeadLetter))

    def _stamp(self, frame: Frame, game_id: str) -> Stamp:
        return stamp(frame, game_id, self.links)

    def _market(self, frame: Frame) -> list[Routed]:
        link = frame.source
        decoded = decode_market(frame)
        self.links.watch.hear(link, frame.recv_ns, data=bool(decoded.messages))
        routed = [dead_letter(frame, refusal) for refusal in decoded.refusals]
        if is_spoilt(decoded):
            on_link = self.links.games_on(link)
            routed += [(hurt, FrameSpoilt(self._stamp(frame, hurt), link)) for hurt in on_link]
        for message in decoded.messages:
            game_id = self.index.game_of(message)
            if game_id is not None:
                if isinstance(message, BookSnapshot):
                    self._carry(game_id, message.token_id, link)
                routed.append((game_id, Traded(self._stamp(frame, game_id), link, message)))
            elif not isinstance(message, NewMarket | MarketResolved):
                if not self.slate_is_journaled:
                    self.unplaced.keep(link, message)
                detail = f"market {message.market_id} belongs to no game of the slate (yet)"
                refusal = Refusal("unknown_market", detail, excerpt(frame.payload))
                routed.append(dead_letter(frame, refusal))
        return routed

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
        for game_id in self.endings.due(frame.recv_ns):
            yield game_id, Ended(self._stamp(frame, game_id))
        doubted = self.links.watch.doubtful(frame.recv_ns)
        for game_id in self.index.games:
            if self.endings.is_over(game_id):
                continue
            yield from links_doubted(frame, game_id, doubted, self.links)
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
            slate = self.own_slate.see_games(board.league.key, board.games, frame.recv_ns)
            yield from self._apply_slate(frame, slate)
        for game in board.games:
            yield from self._bring_back(frame, game)
            yield game.game_id, Scored(self._stamp(frame, game.game_id), game)
        for game_id in board.doubted:
            yield game_id, ScoreDoubted(self._stamp(frame, game_id))

    def _listing(self, frame: Frame) -> Iterator[Routed]:
        if self.slate_is_journaled:
            return
        listing = parse_events(frame.payload)
        for refusal in listing.refusals:
            yield dead_letter(frame, refusal)
        events = without_hindsight(listing.events, frame.recv_ns)
        yield from self._apply_slate(frame, self.own_slate.see_events(events))

    def _rules(self, frame: Frame) -> Iterator[Routed]:
        rules = parse_clob_market(frame.payload)
        if isinstance(rules, Refusal):
            yield dead_letter(frame, rules)
        elif not self.slate_is_journaled:
            yield from self._apply_slate(frame, self.own_slate.see_rules(rules))

    def _control(self, frame: Frame) -> Iterator[Routed]:
        control = decode_control(frame.payload)
        match control:
            case Refusal():
                yield dead_letter(frame, control)
            case HttpStatus():
                yield from self._told_once(control.source, self._failure(frame, control))
            case Unchanged():
                yield from self._told_once(control.source, self._board_again(frame, control))
            case SlateMatched():
                self.slate_is_journaled = True
                yield from self._apply_slate(frame, control.slate)
            case SessionStarted():
                self.slate_is_journaled, self._tells = True, control.tells
                yield from frames_lost(frame, self.links, self.index.games)
                self.links.clear()
                self.boards.forget_bodies()
            case Gap():
                yield from frames_lost(frame, self.links, self.index.games)
            case Connected() | Disconnected():
                yield from link_changed(frame, control, self.links, self.index.games)

    def _failure(self, frame: Frame, failed: HttpStatus) -> Iterator[Routed]:
        reason, detail = f"http_{failed.status}", f"{failed.source}: {failed.detail}"
        yield dead_letter(frame, Refusal(reason, detail))

    def _bring_back(self, frame: Frame, game: GameState) -> Iterator[Routed]:
        """Note whether a game is over; list one anew that goes on after it was let go of."""
        was_let_go = game.game_id in self.endings.let_go
        self.endings.see(game, frame.recv_ns)
        listing = self.index.games.get(game.game_id)
        if was_let_go and listing is not None and game.game_id not in self.endings.let_go:
            yield game.game_id, Listed(self._stamp(frame, game.game_id), listing)

    def _apply_slate(self, frame: Frame, slate: Slate | None) -> Iterator[Routed]:
        """Take over a slate; None is the one there is."""
        if slate is None:
            return
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


def dead_letter(frame: Frame, refusal: Refusal, league: str = NO_LEAGUE) -> Routed:
    """Return what goes on record of a frame, or a part of it, that could not be used."""
    return NO_LEAGUE, letter(frame, refusal, league)
