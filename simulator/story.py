"""What befalls a game from outside: called off, interrupted, or told wrongly for a while.

Makers quote what they know of the play; while it is interrupted they leave their books alone.
"""

from __future__ import annotations

import msgspec
import numpy as np

from simulator.corrections import score_slip
from simulator.maker import Window
from simulator.plan import BookStep, Correction, Moment, Status
from simulator.play.interruption import delayed, pauses, suspended
from simulator.schedule import Fate

MINUTE_MS = 60_000
SLIP_POINTS = 3
SLIP_SHOWN_MS = 3 * MINUTE_MS
"""So long is a wrong score shown: at the usual speed a second, which several polls see."""

CALLED_OFF_MS = 5 * MINUTE_MS
"""How long before its start a game is called off."""

LAST_QUOTES_MS = 30_000
"""So long before the resolution makers stop quoting."""

LONGEST_UNFINISHED_MS = 50 * MINUTE_MS
"""From the start of a game to the rain that ends it for tonight, at most."""


class Story(msgspec.Struct, frozen=True):
    """All that happens in a game, and what of it the makers see.

    `moments` are the game's; `quoted` those without the interruption, which begins at `stop_ms`
    and lasts `stopped_ms`; `window` belongs to `quoted`. `resolve_ms` belongs to `moments`.
    """

    moments: tuple[Moment, ...]
    quoted: tuple[Moment, ...]
    window: Window
    resolve_ms: int
    corrections: tuple[Correction, ...] = ()
    stop_ms: int = 0
    stopped_ms: int = 0

    def stretched(self, steps: tuple[BookStep, ...]) -> tuple[BookStep, ...]:
        """Return the steps of a book with the interruption in them."""
        if not self.stopped_ms:
            return steps
        return tuple(
            msgspec.structs.replace(step, at_ms=step.at_ms + self.stopped_ms)
            if step.at_ms >= self.stop_ms
            else step
            for step in steps
        )


def tell(fate: Fate, moments: tuple[Moment, ...], start_ms: int, rng: np.random.Generator) -> Story:
    """Return what becomes of a game that was played as `moments`."""
    match fate:
        case "postponed" | "canceled":
            return _called_off(fate, moments[0], start_ms, rng)
        case "suspended":
            return _unfinished(moments, start_ms, rng)
        case "rain_delay":
            return _interrupted(moments, start_ms, rng)
        case "score_correction":
            slip = score_slip(rng, moments, SLIP_POINTS)
            shown = msgspec.structs.replace(slip, until_ms=slip.at_ms + SLIP_SHOWN_MS)
            return _plain(moments, start_ms, rng, (shown,))
        case _:
            return _plain(moments, start_ms, rng)


def _plain(
    moments: tuple[Moment, ...],
    start_ms: int,
    rng: np.random.Generator,
    corrections: tuple[Correction, ...] = (),
) -> Story:
    final_ms = moments[-1].at_ms
    window = Window(start_ms, final_ms, final_ms + int(rng.uniform(5, 9) * MINUTE_MS))
    return Story(moments, moments, window, window.resolve_ms, corrections)


def _interrupted(moments: tuple[Moment, ...], start_ms: int, rng: np.random.Generator) -> Story:
    plain = _plain(moments, start_ms, rng)
    told = delayed(rng, moments, "rain_delay")
    ((stop_ms, resumed_ms),) = pauses(told)
    return msgspec.structs.replace(
        plain,
        moments=told,
        resolve_ms=plain.resolve_ms + resumed_ms - stop_ms,
        stop_ms=stop_ms,
        stopped_ms=resumed_ms - stop_ms,
    )


def _unfinished(moments: tuple[Moment, ...], start_ms: int, rng: np.random.Generator) -> Story:
    latest_ms = start_ms + LONGEST_UNFINISHED_MS
    told = suspended(rng, tuple(moment for moment in moments if moment.at_ms < latest_ms))
    quoted, rain = told[:-2], told[-2]
    window = Window(start_ms, rain.at_ms, rain.at_ms + LAST_QUOTES_MS)
    return Story(told, quoted, window, told[-1].at_ms + MINUTE_MS)


def _called_off(status: Status, listed: Moment, start_ms: int, rng: np.random.Generator) -> Story:
    """Return a game that is not played; its makers leave, come back once, and are quiet."""
    at_ms = start_ms - CALLED_OFF_MS
    truth = (0.5, 0.0, 0.5) if status == "canceled" else listed.truth
    off = msgspec.structs.replace(listed, at_ms=at_ms, status=status, truth=truth)
    window = Window(at_ms, at_ms, at_ms + 2 * MINUTE_MS)
    return Story((listed, off), (listed, off), window, at_ms + int(rng.uniform(15, 25) * MINUTE_MS))
