"""One planned evening, and running simulators, for the tests of the simulator."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.evening import plan_evening
from simulator.plan import Evening

ROOT = Path(__file__).parents[2]
DATE = "2026-11-20"
Launch = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def evening() -> Evening:
    """Return the evening of seed 11."""
    return plan_evening(11, DATE)


@pytest.fixture(scope="module")
def launch() -> Iterator[Launch]:
    """Return a function that starts a simulator process and returns its addresses.

    All are ended by closing their standard input, and must leave quietly.
    """
    children: list[subprocess.Popen[str]] = []

    def start(*options: str) -> dict[str, Any]:
        child = subprocess.Popen(
            [
                sys.executable,
                "-W",
                "error",
                "-m",
                "simulator",
                "--date",
                DATE,
                "--watch-stdin",
                *options,
            ],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        assert child.stdout
        address: dict[str, Any] = json.loads(child.stdout.readline())
        return address

    yield start
    ends = [(child.communicate(timeout=10), child.returncode) for child in children]
    assert ends == [(("", ""), 0)] * len(ends)
