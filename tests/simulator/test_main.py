from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_quickly_and_cleanly(number: signal.Signals) -> None:
    """One line on standard output, nothing on the other, exit code 0 within two seconds."""
    child = subprocess.Popen(
        [sys.executable, "-W", "error", "-m", "simulator", "--start-now", "--date", "2026-11-20"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    address = json.loads(child.stdout.readline())
    assert (address["seed"], address["speed"], address["date"]) == (7, 240.0, "2026-11-20")
    assert address["market_ws"] == address["url"].replace("http", "ws") + "/ws/market"
    child.send_signal(number)
    began = time.monotonic()
    assert child.communicate(timeout=10) == ("", "")
    assert child.returncode == 0
    assert time.monotonic() - began < 3


def test_it_leaves_after_lingering() -> None:
    """With --linger the process ends by itself once the evening is over."""
    done = subprocess.run(
        [sys.executable, "-m", "simulator", "--start-now", "--speed", "20000", "--linger", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
