"""The benchmark of hubs, threads and processes, run as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_every_choice_is_measured_with_the_same_work(
    measured: Callable[..., dict[str, Any]], frames_file: Path
) -> None:
    """Each has a speed, a ratio to the first and the ages of ticks; all make the same ticks."""
    result = measured("scaling", "--frames", str(frames_file), "--rate", "400", "--rounds", "1")
    first, *others = result["choices"]

    assert (result["rounds"], result["paced_frames_per_s"]) == (1, 400)
    assert [each["name"] for each in result["choices"]] == [
        "1 hub, 1 worker",
        "2 hubs, 1 worker",
        "2 hubs, -w 2",
        "2 hubs, 2 processes",
    ]
    assert first["ratio"] == 1.0
    for each in others:
        assert abs(each["ratio"] - each["frames_per_s"] / first["frames_per_s"]) < 0.006
    for each in result["choices"]:
        assert each["ticks"] == first["ticks"] > 200
        assert 0 < each["p50_ms"] <= each["p99_ms"]
