"""The scoreboards of one stream of frames: what each said last, and what of it to believe.

An edge of ESPN's network may serve an older body after a newer one: `fusion.board_order` holds
back what went back in time until it has lasted.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from hashlib import sha1

import msgspec

from connectors.espn.parse import parse_scoreboard
from fusion.board_order import STEP_BACK, BoardOrder, Verdict
from fusion.errors import Refusal, excerpt
from fusion.frames import Frame
from fusion.game import GameState
from fusion.leagues import League, find_league

BOARDS_KEPT = 8
"""Bodies of one scoreboard that an `unchanged` frame may refer to: some days, polled in turn."""

NOT_OURS = frozenset({"doubles_match", "other_draw", "undecided_match"})
"""Contests that are no game of the league, or not yet: they stand on every body for days."""

DETAILS_KEPT = 256


class Reading(msgspec.Struct, frozen=True):
    """What one body said, or an earlier one that came again.

    `games` are those to believe, `standing` the ids of games that are still as they were believed,
    `doubted` those that went back and are held until it has lasted, `refusals` what could not be
    read and what is held back. An old copy of a board puts no game in doubt.
    """

    league: League
    games: tuple[GameState, ...] = ()
    standing: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class Scoreboards:
    """Reads scoreboard frames in their order."""

    def __init__(self) -> None:
        self._order = BoardOrder()
        self._pieces: dict[str, bytes] = {}
        self._covered: dict[str, dict[str, tuple[str, ...]]] = {}
        self._told: dict[str, dict[str, None]] = {}

    def read(self, frame: Frame) -> Reading | Refusal:
        """Return what a frame of `espn:<league>` says; refused where no league has that name."""
        league = _league(frame.source)
        self._pieces.pop(frame.source, None)
        if isinstance(league, Refusal):
            return msgspec.structs.replace(league, excerpt=excerpt(frame.payload))
        board = parse_scoreboard(frame.payload, league)
        if not board.readable:
            return Reading(league, refusals=board.refusals)
        digest = sha1(frame.payload, usedforsecurity=False).hexdigest()
        covered = self._covered.setdefault(frame.source, {})
        covered.pop(digest, None)
        covered[digest] = tuple(game.game_id for game in board.games)
        if len(covered) > BOARDS_KEPT:
            del covered[next(iter(covered))]
        verdict = self._order.judge(frame.source, digest, board.games, frame.recv_ns)
        return self._reading(league, verdict, self._news(frame.source, board.refusals))

    def read_again(self, source: str, digest: str, recv_ns: int) -> Reading | None:
        """Return what an earlier body says that a poll brought again, None where it is unknown."""
        league = _league(source)
        covered = self._covered.get(source, {}).get(digest)
        if covered is None or isinstance(league, Refusal):
            return None
        self._pieces.pop(source, None)
        verdict = self._order.again(source, digest, recv_ns)
        reading = self._reading(league, verdict, ())
        if verdict.refusal is not None:
            return reading
        told = {game.game_id for game in verdict.accepted}
        standing = tuple(game_id for game_id in covered if game_id not in told)
        return msgspec.structs.replace(reading, standing=standing)

    def forget_bodies(self) -> None:
        """Forget the bodies of the session before: `unchanged` refers to one's own."""
        self._covered = {}
        self._pieces = {}

    def snapshot(self) -> dict[str, bytes]:
        """Return all that is known, one piece a scoreboard; pieces without news are made once."""
        for source in self._order.sources.keys() | self._covered.keys() | self._told.keys():
            if source not in self._pieces:
                known = (
                    self._order.sources.get(source),
                    self._covered.get(source),
                    self._told.get(source),
                )
                self._pieces[source] = pickle.dumps(known)
        return dict(self._pieces)

    def restore(self, pieces: Mapping[str, bytes]) -> None:
        """Take over what `snapshot` returned."""
        for source, piece in pieces.items():
            order, covered, told = pickle.loads(piece)  # noqa: S301  (our own recovery store)
            for place, known in (
                (self._order.sources, order),
                (self._covered, covered),
                (self._told, told),
            ):
                if known is not None:
                    place[source] = known
        self._pieces = dict(pieces)

    def _news(self, source: str, refusals: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
        """Leave out what stands on every body of a board and was told before."""
        told = self._told.setdefault(source, {})
        news = []
        for refusal in refusals:
            if refusal.reason in NOT_OURS:
                known = refusal.detail in told
                told[refusal.detail] = None
                if known:
                    continue
                if len(told) > DETAILS_KEPT:
                    del told[next(iter(told))]
            news.append(refusal)
        return tuple(news)

    def _reading(self, league: League, verdict: Verdict, refusals: tuple[Refusal, ...]) -> Reading:
        doubted: tuple[str, ...] = ()
        if verdict.refusal is not None:
            refusals = (*refusals, verdict.refusal)
            if verdict.refusal.reason == STEP_BACK:
                doubted = tuple(game.game_id for game in verdict.held)
        return Reading(league, verdict.accepted, doubted=doubted, refusals=refusals)


def _league(source: str) -> League | Refusal:
    name = source.removeprefix("espn:")
    return find_league(name) or Refusal("unknown_league", f"no league is called {name!r}")
