"""How the steps of the matching engine are told: split or whole, additions or removals first.

Left alone, every level of a step is a frame of its own, in the order of the plan, which puts
additions first in three steps of ten. The faults `batch_split` and `crossed` set other shares;
which steps they hit is counted, not drawn, so that it is the same every time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import msgspec

from simulator.faults import BatchSplit, Crossed, EveningFault, Fault, Script
from simulator.plan import BookStep, LevelSet

K = TypeVar("K", bound=EveningFault)


class Batches:
    """The shares of a script. `note` is called with each fault that had a say, and the league."""

    def __init__(self, script: Script, note: Callable[[Fault, str], None]) -> None:
        self._splits = script.of(BatchSplit)
        self._crossings = script.of(Crossed)
        self._note = note
        self._counts: Counter[EveningFault] = Counter()

    def told(self, step: BookStep, league: str, now_s: float) -> tuple[BookStep, bool]:
        """Return a step with its levels in the order to tell them, and whether in one frame."""
        whole = False
        split = _first(self._splits, league, now_s)
        if split is not None and len(step.levels) > 1:
            whole = not self._turn(split, split.share)
            self._note(split, league)
        crossing = _first(self._crossings, league, now_s)
        if crossing is not None and len({level.size > 0 for level in step.levels}) > 1:
            adds_first = self._turn(crossing, crossing.share)
            step = msgspec.structs.replace(step, levels=_ordered(step.levels, adds_first))
            self._note(crossing, league)
        return step, whole

    def _turn(self, fault: EveningFault, share: float) -> bool:
        """Count a step, and tell whether it is one of the share."""
        count = self._counts[fault]
        self._counts[fault] += 1
        return int((count + 1) * share) > int(count * share)


def _first(faults: tuple[K, ...], league: str, now_s: float) -> K | None:
    return next((f for f in faults if f.holds(now_s) and f.league in (None, league)), None)


def _ordered(levels: tuple[LevelSet, ...], adds_first: bool) -> tuple[LevelSet, ...]:
    return tuple(sorted(levels, key=lambda level: (level.size > 0) != adds_first))
