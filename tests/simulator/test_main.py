from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from flows.sections import Simulator
from flows.settings import Settings
from flows.venue import open_venue

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "simulator"]


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


def test_a_script_and_extra_games_are_taken(tmp_path: Path) -> None:
    """The faults of the file are applied to an evening with two games more."""
    script = tmp_path / "faults.toml"
    script.write_text('[[fault]]\nkind = "empty"\npath = "/sports"\n', encoding="utf-8")
    child = subprocess.Popen(
        [*COMMAND, "--watch-stdin", "--extra-games", "2", "--faults", str(script)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    url = json.loads(child.stdout.readline())["url"]
    assert requests.get(f"{url}/sports", timeout=5).content == b""
    told = requests.get(f"{url}/simulator", timeout=5).json()
    assert [(row["kind"], row["target"]) for row in told["faults"]] == [("empty", "GET /sports")]
    assert [game["game_id"].partition(":")[0] for game in told["games"][26:]] == ["esp.1"] * 2
    board = f"{url}/apis/site/v2/sports/soccer/esp.1/scoreboard"
    assert len(requests.get(board, timeout=5).json()["events"]) == 3
    assert child.communicate(timeout=10) == ("", "")
    assert child.returncode == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"[[fault]]\nkind = 'drop'\nfor_s = 1\n", "fault 1: drop has at_s, sockets, was for_s"),
        (b"\xff", "invalid start byte"),
    ],
)
def test_a_script_that_is_wrong_is_told(tmp_path: Path, text: bytes, message: str) -> None:
    """Exit code 1, nothing on standard output, and the file with what is wrong in it."""
    script = tmp_path / "faults.toml"
    script.write_bytes(text)
    done = subprocess.run(
        [*COMMAND, "--faults", str(script)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {script}: ")
    assert message in done.stderr


def test_the_settings_reach_the_simulator(tmp_path: Path) -> None:
    """A run that is configured with faults and extra games has a venue with both."""
    script = tmp_path / "faults.toml"
    script.write_text('[[fault]]\nkind = "status"\npath = "/sports"\n', encoding="utf-8")
    settings = Settings(simulator=Simulator(extra_games=1, faults=script))
    with open_venue(settings) as venue:
        assert requests.get(f"{venue.gamma_url}/sports", timeout=5).status_code == 503
        assert len(requests.get(f"{venue.espn_url}/simulator", timeout=5).json()["games"]) == 27
