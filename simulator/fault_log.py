"""What the script did: which fault was applied to what, when, and how often."""

from __future__ import annotations

import msgspec

from simulator.faults import Fault


class Applied(msgspec.Struct):
    """One fault on one target; times are wall seconds after the evening's start.

    `at_s` is when it was to begin, `first_s` and `last_s` when it was applied. `target` is
    `socket 0`, `socket 0 token 123`, `market 0xabc`, `GET /book` and the like; `times` counts
    frames, requests or markets.
    """

    kind: str
    at_s: float
    target: str
    first_s: float
    last_s: float
    times: int = 1


class FaultLog:
    """Every fault applied so far, one row per fault and target, in order of their first time."""

    def __init__(self) -> None:
        self._rows: dict[tuple[Fault, str], Applied] = {}

    def note(self, fault: Fault, target: str, now_s: float) -> None:
        """Put on record that a fault hit a target."""
        now_s = round(now_s, 3)
        row = self._rows.get((fault, target))
        if row is None:
            self._rows[fault, target] = Applied(fault.kind, fault.at_s, target, now_s, now_s)
        else:
            row.last_s = now_s
            row.times += 1

    def rows(self) -> list[Applied]:
        """Return the record."""
        return list(self._rows.values())
