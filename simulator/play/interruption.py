"""Interruptions: play stops with the clock, the scores and the truth as they stand.

Nothing that is still to come is known by the weather, so that a delay moves the rest of a game
in time and changes nothing else. A suspended game has no result tonight.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from simulator.plan import PAUSED, Moment, Status

MINUTE_MS = 60_000
DELAY_MIN = (20.0, 40.0)
EARLIEST, LATEST = 0.25, 0.6
"""The share of a game's moments before which nothing is interrupted, and after which."""

Stop = Literal["rain_delay", "delayed"]


def delayed(
    rng: np.random.Generator, moments: tuple[Moment, ...], status: Stop
) -> tuple[Moment, ...]:
    """Return a game with a pause of 20 to 40 minutes in it, after which it goes on."""
    at = _stop(rng, moments)
    pause_ms = int(rng.uniform(*DELAY_MIN) * MINUTE_MS)
    stopped = _stopped(moments[at], status)
    resumed = msgspec.structs.replace(
        moments[at], at_ms=stopped.at_ms + pause_ms, text="Play resumes"
    )
    later = (
        msgspec.structs.replace(moment, at_ms=moment.at_ms + pause_ms)
        for moment in moments[at + 1 :]
    )
    return (*moments[: at + 1], stopped, resumed, *later)


def suspended(rng: np.random.Generator, moments: tuple[Moment, ...]) -> tuple[Moment, ...]:
    """Return a game that is stopped by rain and not taken up again tonight."""
    at = _stop(rng, moments)
    rain = _stopped(moments[at], "rain_delay")
    called = msgspec.structs.replace(
        rain,
        at_ms=rain.at_ms + int(rng.uniform(*DELAY_MIN) * MINUTE_MS),
        status="suspended",
        text="Suspended",
    )
    return (*moments[: at + 1], rain, called)


def pauses(moments: tuple[Moment, ...]) -> tuple[tuple[int, int], ...]:
    """Return from when to when play is interrupted, in virtual milliseconds.

    A suspension lasts to its own moment, the last one.
    """
    ends = (*moments[1:], moments[-1])
    return tuple(
        (moment.at_ms, end.at_ms)
        for moment, end in zip(moments, ends, strict=True)
        if moment.status in PAUSED
    )


def _stop(rng: np.random.Generator, moments: tuple[Moment, ...]) -> int:
    """Return the moment of play that is the last one before an interruption."""
    low, high = int(EARLIEST * len(moments)), int(LATEST * len(moments))
    playing = [
        index
        for index in range(low, high)
        if moments[index].status in ("in_progress", "first_half", "second_half")
        and not moments[index].scene.between_halves
        and moments[index + 1].at_ms - moments[index].at_ms > 1
    ]
    if not playing:
        msg = f"a game needs play to be interrupted, had {len(moments)} moments"
        raise ValueError(msg)
    return playing[int(rng.integers(len(playing)))]


def _stopped(moment: Moment, status: Status) -> Moment:
    return msgspec.structs.replace(
        moment, at_ms=moment.at_ms + 1, status=status, text="Interrupted"
    )
