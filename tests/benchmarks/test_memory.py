"""The benchmark of memory: on a short evening, and on processes of this test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.memory import resident_mb


def test_memory_of_an_evening_is_told(measured: Callable[..., dict[str, Any]]) -> None:
    """A run at great speed is sampled while it lives."""
    result = measured("memory", "--speed", "2400", "--extra-games", "0")

    assert result["games"] >= 10
    assert result["ticks"] > 1000
    assert 30 < result["start_mb"] <= result["peak_mb"] < 1000
    # Each of the three is rounded by itself.
    assert result["growth_mb"] == pytest.approx(result["end_mb"] - result["middle_mb"], abs=0.11)


def test_memory_of_a_process_that_ended_is_none() -> None:
    """The kernel knows this process, and nothing of one that is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()

    assert (resident_mb(os.getpid()) or 0) > 10
    assert resident_mb(child.pid) is None
