"""Budgets that never make a test wait for room."""

from __future__ import annotations

from connectors.budget import RECENT_ANSWERS, Allowance, Budget
from fusion.frames import Emit


def ample(emit: Emit) -> Budget:
    """Return a budget that no test exhausts."""
    return Budget("test", Allowance(requests=100_000, window_s=1.0), emit)


def slow(emit: Emit) -> Budget:
    """Return such a budget of an upstream that was found slow and stays so."""
    budget = Budget("test", Allowance(requests=100_000, window_s=1.0, slow_s=0.0), emit)
    for _ in range(RECENT_ANSWERS):
        budget.heard(60.0)
    return budget
