"""The benchmark of the whole graph, run as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

KEYS = {
    "frames",
    "rounds",
    "frames_per_s",
    "baseline_frames_per_s",
    "ratio",
    "kept_prices_frames_per_s",
    "kept_prices_ratio",
    "ticks",
    "signals",
    "baseline_signals",
}


def test_both_sides_take_the_same_frames(
    measured: Callable[..., dict[str, Any]], frames_file: Path
) -> None:
    """The last line has both rates and their ratio, and both sides opened the same signals."""
    result = measured("pipeline", "--frames", str(frames_file), "--rounds", "1")

    assert result.keys() == KEYS
    assert result["frames"] == 205
    assert result["ratio"] == pytest.approx(
        result["frames_per_s"] / result["baseline_frames_per_s"], rel=0.05
    )
    assert (result["signals"], result["baseline_signals"]) == (1, 1)
    assert result["ticks"] >= 200
