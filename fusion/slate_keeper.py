"""The last games and listings, and the slate they make, matched again only when it may differ.

A fold over payloads: it reads no clock. What it takes for now is the newest start of a game that
has begun, so that a board of next week's games makes nothing old.

It remembers which event each game had. A game or event that is re-dated keeps its partner while
no other fits it better; a game that loses its event says which one it had.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import msgspec

from fusion.days import NS_PER_HOUR
from fusion.game import GameState, Team
from fusion.listing import ListedEvent
from fusion.matching import match_slate
from fusion.overrides import Overrides
from fusion.pairing import WINDOW_NS
from fusion.slate import Slate, Unmatched

KEEP_NS = 48 * NS_PER_HOUR
"""How long an ended game or event is kept after its start: two slate days."""

FORGET_NS = 14 * 24 * NS_PER_HOUR
"""How long an event is kept that never said it ended; a postponed one is listed again anyway."""

_OFF = frozenset({"postponed", "canceled", "cancelled"})
_NO_OVERRIDES = Overrides()
_Relevant = tuple[str, int, bool, str, Team, Team]


class SlateKeeper:
    """Keeps the last state of every game and event, and matches them on demand.

    `changed` tells whether anything a match depends on (teams, starts, postponements, listings;
    not scores) is different from when `slate` was last called.
    """

    def __init__(self, *, window_ns: int = WINDOW_NS, overrides: Overrides = _NO_OVERRIDES) -> None:
        self.changed = False
        self._window_ns = window_ns
        self._overrides = overrides
        self._games: dict[str, dict[str, GameState]] = {}
        self._events: dict[str, ListedEvent] = {}
        self._slate = Slate()
        self._had: dict[str, str] = {}
        self._holders: dict[str, str] = {}
        self._now_ns: int | None = None

    def see_games(self, league_key: str, games: Iterable[GameState], recv_ns: int) -> None:
        """Take over the games of a scoreboard of `league_key`, received at `recv_ns`.

        Others of the league stay as they were. A game that has begun tells how late it is, so
        that recordings of any night can be matched; one that begins later than tomorrow is wrong.
        """
        games = list(games)
        tomorrow_ns = recv_ns + 24 * NS_PER_HOUR
        begun = [
            game.start_ns
            for game in games
            if (game.phase == "in" or game.completed) and game.start_ns <= tomorrow_ns
        ]
        if begun:
            self._now_ns = max(begun) if self._now_ns is None else max(self._now_ns, *begun)
        known = self._games.setdefault(league_key, {})
        for game in games:
            if self._is_old_game(game):
                continue
            before = known.get(game.game_id)
            if before is None or _relevant(before) != _relevant(game):
                self.changed = True
            known[game.game_id] = game
        self._forget()

    def see_events(self, events: Iterable[ListedEvent]) -> None:
        """Take over the listed `events`; others stay as they were, for listings come in pages."""
        for event in events:
            if self._is_old_event(event):
                continue
            if self._events.get(event.event_id) != event:
                self.changed = True
                self._events[event.event_id] = event

    def slate(self) -> Slate:
        """Return the slate of what was seen."""
        if self.changed:
            games = chain.from_iterable(board.values() for board in self._games.values())
            found = match_slate(
                games,
                self._events.values(),
                window_ns=self._window_ns,
                overrides=self._overrides,
                known={
                    game_id: slug
                    for game_id, slug in self._had.items()
                    if self._holders[slug] == game_id
                },
            )
            self._holders |= {game.event_slug: game.game_id for game in found.games}
            self._had |= {game.game_id: game.event_slug for game in found.games}
            unmatched = tuple(self._with_loss(one) for one in found.unmatched)
            self._slate = msgspec.structs.replace(found, unmatched=unmatched)
            self.changed = False
        return self._slate

    def _with_loss(self, one: Unmatched) -> Unmatched:
        """Return a refusal with the event that its game had before, where it had another."""
        had = self._had.get(one.game_id, "")
        if not had or had == one.event_slug:
            return one
        detail = f"it had {had}" + (f"; {one.detail}" if one.detail else "")
        return msgspec.structs.replace(one, detail=detail)

    def _forget(self) -> None:
        for games in self._games.values():
            for game_id in [key for key, game in games.items() if self._is_old_game(game)]:
                del games[game_id]
                self._had.pop(game_id, None)
                self.changed = True
        for event_id in [key for key, event in self._events.items() if self._is_old_event(event)]:
            del self._events[event_id]
            self.changed = True

    def _is_old_game(self, game: GameState) -> bool:
        if self._now_ns is None or game.phase != "post":
            return False
        return game.start_ns < self._now_ns - KEEP_NS

    def _is_old_event(self, event: ListedEvent) -> bool:
        if self._now_ns is None or event.start_ns is None:
            return False
        keep_ns = KEEP_NS if event.closed or event.ended else FORGET_NS
        return event.start_ns < self._now_ns - keep_ns


def _relevant(game: GameState) -> _Relevant:
    return (
        game.league,
        game.start_ns,
        game.start_known,
        game.status if game.status in _OFF else "",
        game.home,
        game.away,
    )
