"""`fairline simulate` as it is typed."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from cli.main import main

FAIRLINE = Path(sys.executable).with_name("fairline")


@pytest.fixture
def simulator() -> Iterator[subprocess.Popen[bytes]]:
    """Start the verb, and end it if the test did not."""
    command = [str(FAIRLINE), "simulate", "--seed", "3", "--speed", "60", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_runs_alone_and_tells_where(simulator: subprocess.Popen[bytes], number: int) -> None:
    """The first line has the base URLs, which answer until a signal ends the venue well."""
    assert simulator.stdout is not None
    told = json.loads(simulator.stdout.readline())
    with urlopen(f"{told['gamma']}/sports", timeout=5) as response:  # noqa: S310 (loopback)
        status = response.status
    simulator.send_signal(number)
    rest, errors = simulator.communicate(timeout=10)

    assert (status, simulator.returncode, rest, errors) == (200, 0, b"", b"")
    assert (told["seed"], told["speed"]) == (3, 60.0)
    assert told["espn"] == told["gamma"] == told["clob"] == told["url"]
    assert told["market_ws"] == told["url"].replace("http://", "ws://") + "/ws/market"


def test_a_port_in_use_is_told() -> None:
    """A port that somebody has is a sentence, not a traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = CliRunner().invoke(main, ["simulate", "--port", str(port)])

    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith(
        f"Error: cannot listen on 127.0.0.1:{port}: Address already in use"
    )
    assert told.stderr.endswith("; name another, or 0 for any\n")


@pytest.mark.parametrize("option", [["--speed", "0"], ["--speed", "-1"], ["--port", "99999"]])
def test_what_cannot_be_is_a_matter_of_usage(option: list[str]) -> None:
    """Time that stands still, and ports that are none, are refused before anything starts."""
    told = CliRunner().invoke(main, ["simulate", *option])

    assert told.exit_code == 2
    assert f"Invalid value for '{option[0]}'" in told.stderr


def test_help_names_its_options() -> None:
    """The three options of the plan are there, with their defaults."""
    told = " ".join(CliRunner().invoke(main, ["simulate", "--help"]).output.split())

    for words in ("--seed INTEGER", "--speed FLOAT RANGE", "--port INTEGER RANGE", "[default: 7]"):
        assert words in told
