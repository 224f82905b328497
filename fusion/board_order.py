"""Which states of a scoreboard to believe, where an older body may follow a newer one.

Edges of a content network keep their own copies, so that a poll may show the board as it was
before the last one. Real boards step back too: a touchdown is taken back, a final goes back to
live. What tells them apart is whether anything on the board went on, and whether it lasts:

- A body that was never seen, with a game that went on, is new: all of it is believed.
- A body that was never seen, where games went back and none went on, is held until another poll,
  `confirm_s` later or more, still shows them so. A real correction is late by one poll.
- A body that was seen before, with another since, is an old copy, whichever way its games go (a
  correction that was believed makes the old copy look newer). It is held until nothing else has
  come for `replay_s`, which is longer than caches live; so even that is never dropped for good.

A game that was never seen is believed at once, and any body that shows what is believed, or is
new, ends a doubt. The result depends on the frames alone; the time is their receive time.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fusion.errors import Refusal
from fusion.frames import NS_PER_S
from fusion.game import GameState
from fusion.game_order import step

STALE_BOARD, STEP_BACK = "stale_board", "step_back"
"""The reasons of what is held: an old copy, and games that went back."""

DIGESTS_KEPT = 256
"""Bodies of one source that are known again: the last 20 minutes of a board polled every 5 s."""

DOUBTS_KEPT = 8
"""Held bodies of one source that an `unchanged` frame may refer to."""

GAMES_KEPT = 4096
"""Games of one source; a month of college basketball is not half of it."""


class Verdict(msgspec.Struct, frozen=True):
    """What to make of a body: the games to believe now, and those held back.

    `refusal` says why some are held (`stale_board`, `step_back`), None where none are. A game
    that is on the board and in neither is as it was believed; that it still is has been shown
    only where there is no refusal.
    """

    accepted: tuple[GameState, ...] = ()
    held: tuple[GameState, ...] = ()
    refusal: Refusal | None = None


class Claim(msgspec.Struct, frozen=True):
    """A state that is not believed yet: since when it was shown, and how long it must last."""

    state: GameState
    since_ns: int
    wait_ns: int


class Source(msgspec.Struct):
    """One scoreboard: what is believed and what is claimed by game; bodies held, bodies seen."""

    believed: dict[str, GameState] = {}
    claims: dict[str, Claim] = {}
    doubts: dict[str, tuple[tuple[GameState, ...], int]] = {}
    digests: dict[str, None] = {}


class BoardOrder:
    """What is believed of every scoreboard; plain values, so that it can be kept and restored."""

    def __init__(self, *, confirm_s: float = 3.0, replay_s: float = 30.0) -> None:
        self.confirm_ns = round(confirm_s * NS_PER_S)
        self.replay_ns = round(replay_s * NS_PER_S)
        self.sources: dict[str, Source] = {}

    def judge(self, source: str, digest: str, games: Sequence[GameState], recv_ns: int) -> Verdict:
        """Return what to make of a body of `source`; `games` are all that it shows."""
        board = self.sources.setdefault(source, Source())
        is_replay = _seen_before(board, digest)
        known = board.believed
        steps = {
            step(known[game.game_id], game)
            for game in games
            if game.game_id in known and known[game.game_id] != game
        }
        if is_replay and steps:
            return self._doubt(board, digest, games, recv_ns, self.replay_ns)
        if digest in board.doubts:
            return self.again(source, digest, recv_ns)
        if -1 in steps and 1 not in steps:
            return self._doubt(board, digest, games, recv_ns, self.confirm_ns)
        board.doubts.pop(digest, None)
        return Verdict(accepted=tuple(_believe(board, game) for game in games))

    def again(self, source: str, digest: str, recv_ns: int) -> Verdict:
        """Return what to make of the last body of a board once more, where a poll brought no other.

        Of a body that was believed the verdict is empty: all its games are still as they were.
        """
        board = self.sources.get(source)
        if board is None or digest not in board.doubts:
            return Verdict()
        games, wait_ns = board.doubts[digest]
        return self._doubt(board, digest, games, recv_ns, wait_ns)

    def _doubt(
        self,
        board: Source,
        digest: str,
        games: Sequence[GameState],
        recv_ns: int,
        wait_ns: int,
    ) -> Verdict:
        """Hold what differs from what is believed, unless it has lasted."""
        accepted, held = [], []
        for game in games:
            known = board.believed.get(game.game_id)
            if known == game:
                board.claims.pop(game.game_id, None)
            elif known is None or _has_lasted(board, game, recv_ns, wait_ns):
                accepted.append(_believe(board, game))
            else:
                held.append(game)
        board.doubts.pop(digest, None)
        if not held:
            return Verdict(accepted=tuple(accepted))
        board.doubts[digest] = (tuple(games), wait_ns)
        if len(board.doubts) > DOUBTS_KEPT:
            del board.doubts[next(iter(board.doubts))]
        refusal = self._refusal(held, board.believed[held[0].game_id], wait_ns)
        return Verdict(tuple(accepted), tuple(held), refusal)

    def _refusal(self, held: Sequence[GameState], believed: GameState, wait_ns: int) -> Refusal:
        is_replay = wait_ns == self.replay_ns
        why = "the body came before, with another since" if is_replay else "no game went on"
        detail = (
            f"{len(held)} of its games are not as believed and {why}; held until that has lasted"
            f" {wait_ns / NS_PER_S:g} s; {believed.game_id} was {_told(believed)}, is shown as"
            f" {_told(held[0])}"
        )
        return Refusal(STALE_BOARD if is_replay else STEP_BACK, detail)


def _seen_before(board: Source, digest: str) -> bool:
    """Tell whether a body was seen with another since, and take note of it."""
    seen = digest in board.digests and digest != next(reversed(board.digests))
    board.digests.pop(digest, None)
    board.digests[digest] = None
    if len(board.digests) > DIGESTS_KEPT:
        del board.digests[next(iter(board.digests))]
    return seen


def _believe(board: Source, game: GameState) -> GameState:
    board.claims.pop(game.game_id, None)
    board.believed.pop(game.game_id, None)
    board.believed[game.game_id] = game
    if len(board.believed) > GAMES_KEPT:
        del board.believed[next(iter(board.believed))]
    return game


def _has_lasted(board: Source, game: GameState, recv_ns: int, wait_ns: int) -> bool:
    """Tell whether a game has been shown so for long enough, and take note that it is.

    A claim of another kind, or one that was further on, is another claim.
    """
    claim = board.claims.get(game.game_id)
    if claim is None or claim.wait_ns != wait_ns or step(claim.state, game) < 0:
        board.claims[game.game_id] = Claim(game, recv_ns, wait_ns)
        return False
    board.claims[game.game_id] = Claim(game, claim.since_ns, wait_ns)
    return recv_ns - claim.since_ns >= wait_ns


def _told(state: GameState) -> str:
    score = f"{state.home_score}-{state.away_score}"
    return f"{state.phase} {score} in period {state.period}, clock {state.clock_s}"
