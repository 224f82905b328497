"""Quotes: one outcome of one game with all that pricing and deciding need to know of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from fusion.freshness import Gate, LinkState
from fusion.game import GameState, Odds
from fusion.market import Level
from fusion.rows import Cause
from fusion.slate import MarketRules, SlateOutcome

Leg = Literal["buy", "sell"]
"""Buying the outcome's token, or selling its complement, which is the same bet."""


class PregameMids(msgspec.Struct, frozen=True):
    """The last settled pregame mid prices in dollars, margin still in; None where unknown."""

    home: float | None = None
    draw: float | None = None
    away: float | None = None


# Values of values cannot form a cycle; one a row, they would keep the collector busy (gc=False).
class Quote(msgspec.Struct, frozen=True, gc=False):
    """An outcome after one event. Prices in 1e-4 dollars, sizes in 1e-6 shares, ages seconds.

    `ladder` is what can be bought, best first, as offers of the outcome's token whichever leg
    it comes from; empty while the depth is not to be trusted.
    """

    seq: int
    recv_ns: int
    venue_ms: int | None
    date: str
    league: str
    game_id: str
    cause: Cause
    outcome: SlateOutcome
    rules: MarketRules
    state: GameState | None
    pregame: PregameMids
    odds: Odds | None
    bid: int | None
    ask: int | None
    bid_size: int | None
    ask_size: int | None
    ladder: tuple[Level, ...]
    leg: Leg
    link: LinkState
    link_reason: str
    gate: Gate
    score_age_s: float | None
    book_age_s: float | None
    lead_move: float | None


class Priced(msgspec.Struct, frozen=True, gc=False):
    """A quote with its fair price; None where no model prices the state, and `model` says why.

    `fair_low` is the least the price can be given what is not known of the pregame price; where
    that is known it is `fair`. `error` is the standard error of the fair price as a probability,
    None where nobody can tell.
    """

    quote: Quote
    fair: float | None
    fair_low: float | None
    prior: str
    model: str
    error: float | None = None
