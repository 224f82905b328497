"""Games that are over: since when, and which have been let go of."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from fusion.frames import NS_PER_S
from fusion.game import GameState

ENDED_S = 600.0
"""So long after its last word a game is kept, for resolutions and corrections."""

LET_GO_KEPT = 8192
"""Games whose last word is remembered, so that a board that still shows them is no news."""


class Endings:
    """The games whose last word was the end, and digests of these words; plain values."""

    def __init__(self, ended_s: float = ENDED_S) -> None:
        self.let_go: dict[str, bytes] = {}
        self._over: dict[str, tuple[int, bytes]] = {}
        self.use(ended_s)

    def use(self, ended_s: float) -> None:
        """Keep games for so long: a run that goes on with these values has settings of its own."""
        self._ended_ns = round(ended_s * NS_PER_S)

    def see(self, game: GameState, recv_ns: int) -> None:
        """Take a state that is believed; a game that was let go and is not as it was comes back."""
        word = _digest(game) if game.phase == "post" else b""
        if self.let_go.get(game.game_id) == word:
            return
        self.let_go.pop(game.game_id, None)
        if word:
            since_ns, _ = self._over.get(game.game_id, (recv_ns, b""))
            self._over[game.game_id] = since_ns, word
        else:
            self._over.pop(game.game_id, None)

    def is_over(self, game_id: str) -> bool:
        """Tell whether the last word on a game was its end."""
        return game_id in self._over or game_id in self.let_go

    def due(self, now_ns: int) -> list[str]:
        """Return the games that have been over for long enough, and let go of them."""
        ended = []
        for game_id, (since_ns, _) in self._over.items():
            if now_ns - since_ns < self._ended_ns:
                break  # They stand in the order in which they ended.
            ended.append(game_id)
        for game_id in ended:
            _, self.let_go[game_id] = self._over.pop(game_id)
            if len(self.let_go) > LET_GO_KEPT:
                del self.let_go[next(iter(self.let_go))]
        return ended


def _digest(game: GameState) -> bytes:
    return blake2b(msgspec.msgpack.encode(game), digest_size=8).digest()
