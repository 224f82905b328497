"""The benchmark of latency, run as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_every_paced_frame_is_measured(
    measured: Callable[..., dict[str, Any]], frames_file: Path
) -> None:
    """The bare client stamps every paced frame, Fairline gives a row for each and its signal."""
    result = measured("latency", "--frames", str(frames_file), "--rate", "400", "--seconds", "0.3")
    (rate,) = result["rates"]

    assert rate["frames_per_s"] == 400
    assert rate["bare"]["count"] == 120
    assert rate["ticks"]["count"] >= 119
    assert rate["signals"]["count"] == 1
    for figures in (rate["bare"], rate["ticks"], rate["signals"]):
        assert 0 < figures["p50_ms"] <= figures["p99_ms"] <= figures["max_ms"]
