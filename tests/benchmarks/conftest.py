"""The benchmarks are run from the root of the repository, which is no installed package."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from factories import AWAY, HOME, LINK, MARKET
from payloads import (
    book_body,
    control,
    espn_event,
    frame,
    gamma_event,
    listing_body,
    market_frame,
    scoreboard,
)

from connectors.journal.jsonl import write_jsonl
from fusion.frames import Connected, Frame

ROOT = Path(__file__).parents[2]
CHANGES = 200

sys.path.insert(0, str(ROOT))


def change(seq: int) -> Frame:
    """Return the frame in which a better bid for the home token appears, or disappears again."""
    size, best_bid = ("0", "0.59") if seq % 2 else ("100", "0.6")
    own = {"asset_id": HOME, "price": "0.6", "size": size, "side": "BUY"}
    best = {"hash": "", "best_bid": best_bid, "best_ask": "0.61"}
    body = {
        "event_type": "price_change",
        "market": MARKET,
        "timestamp": str(1_795_000_001_000 + seq),
        "price_changes": [own | best],
    }
    return market_frame(seq, body, at_s=5.0 + seq / 20)


@pytest.fixture
def frames() -> list[Frame]:
    """Return a game that is listed, led by one side so that one signal opens, and then traded."""
    pregame = scoreboard(espn_event(phase="pre", home=0, away=0, period=0, clock=0))
    return [
        frame(0, "espn:nba", pregame),
        frame(1, "gamma:events", listing_body(gamma_event())),
        control(2, Connected(LINK)),
        market_frame(3, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
        frame(4, "espn:nba", scoreboard(espn_event(home=75, away=55))),
        *(change(5 + number) for number in range(CHANGES)),
    ]


@pytest.fixture
def frames_file(frames: list[Frame], tmp_path: Path) -> Path:
    """Return a file of those frames."""
    path = tmp_path / "frames.jsonl"
    write_jsonl(frames, path)
    return path


@pytest.fixture
def measured() -> Callable[..., dict[str, Any]]:
    """Return a way to run a benchmark as it is typed, which gives the object of its last line."""

    def run(name: str, *arguments: str) -> dict[str, Any]:
        process = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *arguments, "--json"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=110,
            check=False,
        )
        assert (process.returncode, process.stderr) == (0, "")
        answer: dict[str, Any] = msgspec.json.decode(process.stdout.splitlines()[-1])
        return answer

    return run
