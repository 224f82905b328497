"""The slate: which markets and tokens belong to which game."""

from __future__ import annotations

from typing import Literal

import msgspec

from fusion.game import Selection

Kind = Literal["two_way", "three_way"]


class FeeSchedule(msgspec.Struct, frozen=True):
    """What a taker pays: `shares x rate x (p x (1 - p)) ^ exponent` dollars."""

    rate: float = 0.0
    exponent: float = 1.0
    taker_only: bool = True


class MarketRules(msgspec.Struct, frozen=True):
    """One market's own rules, as its listing states them.

    `tick_size` is in 1e-4 dollars, `min_order_size` in shares. `token_ids` and `outcomes` belong
    together by index.
    """

    market_id: str
    slug: str
    token_ids: tuple[str, ...]
    outcomes: tuple[str, ...]
    tick_size: int
    min_order_size: float
    fee: FeeSchedule
    seconds_delay: int = 0
    neg_risk: bool = False
    accepting_orders: bool = True
    clear_book_on_start: bool = False
    game_start_ns: int | None = None
    closed: bool = False


class SlateOutcome(msgspec.Struct, frozen=True):
    """One side of a game and the token that pays when it wins.

    Buying `token_id` and selling `complement_id` are the same bet.
    """

    selection: Selection
    market_id: str
    market_slug: str
    token_id: str
    complement_id: str
    outcome: str


class SlateGame(msgspec.Struct, frozen=True):
    """A game, its outcomes, and why they were taken to belong together.

    `venue_game_id` is the venue's own number of the game, which its results socket uses.
    """

    game_id: str
    league: str
    event_slug: str
    kind: Kind
    start_ns: int
    home: str
    away: str
    outcomes: tuple[SlateOutcome, ...]
    markets: tuple[MarketRules, ...]
    evidence: str = ""
    venue_game_id: str = ""


class Unmatched(msgspec.Struct, frozen=True):
    """A game or an event that found no partner, and why."""

    league: str
    game_id: str
    event_slug: str
    reason: str
    detail: str = ""


class Slate(msgspec.Struct, frozen=True):
    """All games that have markets, and what was refused."""

    games: tuple[SlateGame, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()

    def open_markets(self) -> tuple[tuple[str, ...], ...]:
        """Return every open market as its tokens, in slate order."""
        return tuple(
            market.token_ids for game in self.games for market in game.markets if not market.closed
        )
