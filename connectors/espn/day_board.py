"""What a poller knows of one day's board: its last body, its games, how to ask for changes only.

Conditional requests: ESPN is not known to answer 304, and an edge that answers it wrongly would
hide a score. So every so many requests want the body whole, and a 304 that was followed by
another body is taken for a lie: the poller then asks whole for good.
"""

from __future__ import annotations

from collections.abc import Collection

from urllib3.util import Retry

from connectors.http_cache import Validators
from fusion.game import GameState

NOTHING_KNOWN = Validators()


class DayBoard:
    """The board of one day; `due_s` is on the clock of the event loop, `since_ns` UTC.

    `games` are those that set the pace, the same since `since_ns`; `answered` tells whether there
    was a body yet, `told` is what was last said of a number of events that looks cut off.
    """

    def __init__(self, failures: Retry) -> None:
        self.failures = failures
        self.due_s = 0.0
        self.digest = ""
        self.games: tuple[GameState, ...] = ()
        self.since_ns = 0
        self.answered = False
        self.told = ""
        self.asked_whole = True
        self._validators = NOTHING_KNOWN
        self._not_modified = False
        self._conditional = 0
        self._is_blank = False

    def versions(self, whole_every: int) -> Validators:
        """Return what the next request may name as known, nothing when it wants all."""
        self.asked_whole = self._conditional + 1 >= whole_every or not self._validators.known
        self._conditional = 0 if self.asked_whole else self._conditional + 1
        return NOTHING_KNOWN if self.asked_whole else self._validators

    def same(self, now_ns: int, *, not_modified: bool) -> None:
        """Take note of the same body again, whole or told by a 304."""
        self._not_modified = not_modified
        if self._is_blank and self.games:
            self._show((), now_ns)

    def see(
        self, games: tuple[GameState, ...], digest: str, validators: Validators, now_ns: int
    ) -> bool:
        """Take over a new body; return whether the 304 before it was a lie.

        A board that is suddenly without games keeps its pace until the next poll: it is more
        often a fault than the truth.
        """
        lied = self._not_modified and self.asked_whole
        was_blank, self._is_blank = self._is_blank, not games
        self.digest, self._validators, self._not_modified = digest, validators, False
        if games or was_blank or not self.answered:
            self._show(games, now_ns)
        self.answered = True
        return lied

    def own_games(self, shown_elsewhere: Collection[str]) -> tuple[GameState, ...]:
        """Return the games that are on no other board."""
        return tuple(game for game in self.games if game.game_id not in shown_elsewhere)

    def _show(self, games: tuple[GameState, ...], now_ns: int) -> None:
        if games != self.games or not self.answered:
            self.games, self.since_ns = games, now_ns
