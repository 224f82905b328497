"""A quote, and its gate, made of what the join knows of a game and of one of its sides."""

from __future__ import annotations

import msgspec

from fusion.events import Stamp
from fusion.freshness import FreshnessLimits, Gate, freshness_gate
from fusion.game import GameState, Odds
from fusion.quotes import PregameMids, Quote
from fusion.rows import Cause
from fusion.side import Side
from fusion.slate import SlateGame


class Known(msgspec.Struct, frozen=True, gc=False):
    """What all sides of a game share after one frame; ages in seconds, None where never heard."""

    date: str
    listing: SlateGame
    state: GameState | None
    pregame: PregameMids
    odds: Odds | None
    score_age_s: float | None
    book_age_s: float | None
    limits: FreshnessLimits
    disputed: bool


def gate_of(side: Side, known: Known) -> Gate:
    """Return why a side of a game that is listed may carry no signal, empty when it may."""
    rules, state = side.rules, known.state
    if rules.closed or not rules.accepting_orders:
        return "not_trading"
    if state is None:
        return "no_state"
    if state.phase != "in":
        return "not_started" if state.phase == "pre" else "over"
    return freshness_gate(
        side.view.link,
        known.score_age_s,
        known.book_age_s,
        known.limits,
        disputed=known.disputed,
    )


def quote_of(side: Side, stamp: Stamp, cause: Cause, known: Known) -> Quote:
    """Return a side as it is after the frame of `stamp`."""
    view, listing = side.view, known.listing
    # By position, in the order of the fields: by name takes eight times as long.
    return Quote(
        stamp.seq,
        stamp.recv_ns,
        side.venue_ms,
        known.date,
        listing.league,
        listing.game_id,
        cause,
        side.outcome,
        side.rules,
        known.state,
        known.pregame,
        known.odds,
        view.bid,
        view.ask,
        view.bid_size,
        view.ask_size,
        view.ladder,
        view.leg,
        view.link,
        side.why,
        side.gate,
        known.score_age_s,
        known.book_age_s,
        side.lead_move(),
    )
