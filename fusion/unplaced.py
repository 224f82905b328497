"""Market messages that came before their game was listed.

A recording may begin with its socket, and its listing may come later. The last snapshot of each
token and what followed it are kept, so that the game begins with its book when it is listed.
"""

from __future__ import annotations

from fusion.market import (
    BestBidAsk,
    BookSnapshot,
    LevelChange,
    MarketMessage,
    PriceChange,
    TickSizeChange,
)

MAX_TOKENS = 4_096
MAX_MESSAGES = 1_024
"""A token with more changes since its snapshot is let go: its book will have a newer one."""

Kept = tuple[str, MarketMessage]
"""A link and what it brought."""


class Unplaced:
    """What came for tokens that no game has, each with its link."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Kept]] = {}

    def keep(self, link: str, message: MarketMessage) -> None:
        """Keep a message; only a snapshot begins a token."""
        match message:
            case BookSnapshot():
                if message.token_id in self._kept or len(self._kept) < MAX_TOKENS:
                    self._kept[message.token_id] = [(link, message)]
            case PriceChange():
                for change in message.changes:
                    self._follow(change.token_id, link, _alone(message, change))
            case BestBidAsk() | TickSizeChange():
                self._follow(message.token_id, link, message)

    def take(self, token: str) -> list[Kept]:
        """Return what was kept for a token, and let go of it."""
        return self._kept.pop(token, [])

    def _follow(self, token: str, link: str, message: MarketMessage) -> None:
        kept = self._kept.get(token)
        if kept is None:
            return
        kept.append((link, message))
        if len(kept) > MAX_MESSAGES:
            del self._kept[token]


def _alone(message: PriceChange, change: LevelChange) -> PriceChange:
    """Return one token's change of a message as a message of its own."""
    return PriceChange(message.market_id, message.venue_ms, (change,))
