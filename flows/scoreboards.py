"""The scoreboards of one stream of frames: what each said last, and which games it covered."""

from __future__ import annotations

from hashlib import sha1

import msgspec

from connectors.espn.parse import parse_scoreboard
from fusion.errors import Refusal, excerpt
from fusion.frames import Frame
from fusion.game import GameState
from fusion.leagues import League, find_league

BOARDS_KEPT = 8
"""Bodies of one scoreboard that an `unchanged` frame may refer to: some days, polled in turn."""


class Reading(msgspec.Struct, frozen=True):
    """What one body said: the games to believe, and what could not be read."""

    league: League
    games: tuple[GameState, ...]
    refusals: tuple[Refusal, ...]


class Scoreboards:
    """Reads scoreboard frames in their order. `over` are the games whose last word was the end."""

    def __init__(self) -> None:
        self.over: set[str] = set()
        self._covered: dict[str, dict[str, tuple[str, ...]]] = {}

    def read(self, frame: Frame) -> Reading | Refusal:
        """Return what a frame of `espn:<league>` says; refused where no league has that name."""
        name = frame.source.removeprefix("espn:")
        league = find_league(name)
        if league is None:
            detail = f"no league is called {name!r}"
            return Refusal("unknown_league", detail, excerpt(frame.payload))
        board = parse_scoreboard(frame.payload, league)
        digest = sha1(frame.payload, usedforsecurity=False).hexdigest()
        covered = self._covered.setdefault(frame.source, {})
        covered.pop(digest, None)
        covered[digest] = tuple(game.game_id for game in board.games)
        if len(covered) > BOARDS_KEPT:
            del covered[next(iter(covered))]
        for game in board.games:
            (self.over.add if game.phase == "post" else self.over.discard)(game.game_id)
        return Reading(league, board.games, board.refusals)

    def covered(self, source: str, digest: str) -> tuple[str, ...]:
        """Return the games of an earlier body, none where it is not remembered."""
        return self._covered.get(source, {}).get(digest, ())

    def forget_bodies(self) -> None:
        """Forget the bodies of the session before: `unchanged` refers to one's own."""
        self._covered = {}
