"""The slate of frames that carry none: matched here from the ESPN and Gamma frames as they come.

A live session journals its slate as control frames. A capture of somebody else's has none.
"""

from __future__ import annotations

from collections.abc import Iterable

from fusion.game import GameState
from fusion.listing import ListedEvent
from fusion.market_rules import ClobRules, with_clob_rules
from fusion.overrides import Overrides
from fusion.slate import Slate
from fusion.slate_keeper import SlateKeeper


class OwnSlate:
    """What was seen of games, listings and rules; each method returns the slate if it is new."""

    def __init__(self, overrides: Overrides) -> None:
        self._keeper = SlateKeeper(overrides=overrides)
        self._rules: dict[str, ClobRules] = {}

    def see_games(self, league: str, games: Iterable[GameState], recv_ns: int) -> Slate | None:
        """Take over the games of a scoreboard of `league`."""
        self._keeper.see_games(league, games, recv_ns)
        return self._slate() if self._keeper.changed else None

    def see_events(self, events: Iterable[ListedEvent]) -> Slate | None:
        """Take over listed events."""
        self._keeper.see_events(events)
        return self._slate() if self._keeper.changed else None

    def see_rules(self, rules: ClobRules) -> Slate | None:
        """Take over the rules of a market."""
        if self._rules.get(rules.market_id) == rules:
            return None
        self._rules[rules.market_id] = rules
        return self._slate()

    def _slate(self) -> Slate:
        return with_clob_rules(self._keeper.slate(), self._rules)
