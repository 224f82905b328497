"""Mistakes of a scoreboard that it puts right: points nobody scored, a final that was none.

They are laid over the moments of a game and change neither its play nor its truth.
"""

from __future__ import annotations

import numpy as np

from simulator.plan import Correction, Moment

SLIP_MS = 40_000
"""A mistake is shown for at least so long, until the next moment of the game."""


def score_slip(rng: np.random.Generator, moments: tuple[Moment, ...], points: int) -> Correction:
    """Return so many points too many for one side, in the middle half of a game's moments."""
    quarter = len(moments) // 4
    at = int(rng.integers(quarter, 3 * quarter))
    home = bool(rng.random() < 0.5)
    return Correction(
        at_ms=moments[at].at_ms,
        until_ms=_until(moments, at),
        home=points if home else 0,
        away=0 if home else points,
    )


def early_final(moments: tuple[Moment, ...]) -> Correction:
    """Return a final that is shown before the last moments of play, and taken back.

    It is shown in the last period while one side is ahead, as late as it can be taken back.
    """
    last = moments[-1]
    for at in reversed(range(len(moments) - 1)):
        moment, until_ms = moments[at], _until(moments, at)
        if until_ms < last.at_ms and moment.period == last.period and moment.home != moment.away:
            return Correction(moment.at_ms, until_ms, status=last.status)
    msg = "a game needs a lead in its last period to be called too early, had none"
    raise ValueError(msg)


def _until(moments: tuple[Moment, ...], at: int) -> int:
    """Return when the first moment begins that is late enough to put a mistake right."""
    right_ms = moments[at].at_ms + SLIP_MS
    return next((m.at_ms for m in moments[at:] if m.at_ms >= right_ms), moments[-1].at_ms)
