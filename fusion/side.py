"""One side of a game: its outcome, its market as last seen, and what is remembered of it."""

from __future__ import annotations

import msgspec

from fusion.freshness import Gate
from fusion.market import PRICE_ONE
from fusion.outcome_view import OutcomeView
from fusion.slate import MarketRules, SlateOutcome

MAX_PRIOR_SPREAD = 1_000
"""Ten cents: a wider pregame book says too little to be a prior."""


class Side(msgspec.Struct):
    """What the join keeps of one outcome between events; `why` explains a view that is shut."""

    outcome: SlateOutcome
    rules: MarketRules
    view: OutcomeView
    why: str = ""
    venue_ms: int | None = None
    mid_at_poll: float | None = None
    gate: Gate = "link_waiting"

    def tokens(self) -> tuple[str, str]:
        """Return the outcome's token and its complement."""
        return self.outcome.token_id, self.outcome.complement_id

    def mid(self) -> float | None:
        """Return the middle of the best prices, in dollars."""
        if self.view.bid is None or self.view.ask is None:
            return None
        return (self.view.bid + self.view.ask) / (2 * PRICE_ONE)

    def prior_mid(self) -> float | None:
        """Return the mid of a settled book that is narrow enough to be a prior."""
        view = self.view
        if view.link != "live" or view.bid is None or view.ask is None:
            return None
        return self.mid() if view.ask - view.bid <= MAX_PRIOR_SPREAD else None

    def lead_move(self) -> float | None:
        """Return how far the mid has moved since the last poll of the scoreboard, in dollars."""
        mid = self.mid()
        return None if mid is None or self.mid_at_poll is None else mid - self.mid_at_poll
