"""When facts are too old to act on.

Three separate limits, as quiet is not stale: the scoreboard (since the last good poll that
covered the game), the book (since its link was last heard), and the state of the link.
A score that is fresh may still be wrong: `fusion.score_witness` tells when it is disputed.
One more gate is in `fusion.signals`: the market leads the scoreboard.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from fusion.frames import NS_PER_S

LinkState = Literal["none", "waiting", "live", "settling", "doubt", "down", "gap", "invalid"]
"""Of an outcome's market: never heard of, subscribed and without its snapshot, usable, in the
middle of a batch, on a link that answers and brings nothing, disconnected, frames lost, book
invalid."""

Gate = Literal[
    "",
    "no_state",
    "not_started",
    "over",
    "not_trading",
    "link_waiting",
    "link_doubt",
    "link_down",
    "link_gap",
    "book_invalid",
    "stale_book",
    "stale_score",
    "score_disputed",
    "model_fallback",
    "model_stopped",
]
"""Why a row may not carry a signal; empty when it may."""

_LINK_GATES: dict[LinkState, Gate] = {
    "none": "link_waiting",
    "waiting": "link_waiting",
    "doubt": "link_doubt",
    "down": "link_down",
    "gap": "link_gap",
    "invalid": "book_invalid",
}


class FreshnessLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ages, in seconds, beyond which facts are stale."""

    score_s: float = 30.0
    book_s: float = 5.0


def age_s(now_ns: int, then_ns: int) -> float | None:
    """Return the seconds between two receive times, to the millisecond; None without a first."""
    return round((now_ns - then_ns) / NS_PER_S, 3) if then_ns else None


def freshness_gate(
    link: LinkState,
    score_age_s: float | None,
    book_age_s: float | None,
    limits: FreshnessLimits,
    *,
    disputed: bool = False,
) -> Gate:
    """Return the first freshness gate that is shut, link before book before score.

    A score that is `disputed` is told last: a stale one explains the dispute.
    """
    if link in _LINK_GATES:
        return _LINK_GATES[link]
    if book_age_s is None or book_age_s > limits.book_s:
        return "stale_book"
    if score_age_s is None or score_age_s > limits.score_s:
        return "stale_score"
    return "score_disputed" if disputed else ""
