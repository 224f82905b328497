"""Supervisors as real processes over the planned flow, and what they say."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLANNED = ROOT / "tests" / "support" / "planned_flow.py"
SUPERVISE = """
import sys
from flows.settings import load_settings
from flows.supervisor import supervise
from fusion.errors import FairlineError
def tell(line):
    print(line, file=sys.stderr, flush=True)
try:
    module, *options = sys.argv[1:]
    workers = 2 if "-w2" in options else None
    new = "--new" in options
    sys.exit(supervise(load_settings(), module=module, workers=workers, new=new, tell=tell))
except FairlineError as error:
    sys.exit(f"Error: {error}")
"""
QUICK = {"snapshot_interval_s": "0", "restart_first_s": "0.05", "kill_after_s": "5"}
STARTED = 20.0
"""How long a machine full of other work may take to start two processes, in seconds."""


class Supervised:
    """A supervisor that was started over a planned flow."""

    def __init__(self, data_dir: Path, process: subprocess.Popen[str]) -> None:
        self.data_dir = data_dir
        self.process = process

    def counted(self) -> list[tuple[str, int]]:
        """Return what the runs counted: sessions and numbers."""
        path = self.data_dir / "counted"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(session, int(number)) for session, number in map(str.split, lines)]

    def wait_counting(self) -> None:
        """Wait until a run counts more than has been counted so far."""
        before = len(self.counted())
        self.wait(lambda: len(self.counted()) > before + 20)

    def wait(self, met: Callable[[], bool]) -> None:
        """Wait until a condition is met."""
        until = time.monotonic() + STARTED
        while not met():
            assert time.monotonic() < until
            assert self.process.poll() is None
            time.sleep(0.01)

    def ended(self) -> tuple[int, list[str]]:
        """Wait for the end; return the exit code and the supervisor's own lines."""
        _, errors = self.process.communicate(timeout=STARTED)
        lines = re.sub(r"\d{8}T\d{6}Z(-\d+)?", "S", errors).splitlines()
        return self.process.returncode, [line for line in lines if OURS.match(line)]


OURS = re.compile("begins|goes on|the run|SIG|Error")


class Starter:
    """Starts supervisors in one data directory, and ends what the test left."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._started: list[subprocess.Popen[str]] = []

    def plan(self, words: str) -> None:
        """Say what the next starts do."""
        self.data_dir.mkdir(exist_ok=True)
        (self.data_dir / "plan").write_text(words)
        (self.data_dir / "starts").unlink(missing_ok=True)

    def start(self, words: str, *options: str, env: dict[str, str] | None = None) -> Supervised:
        """Start a supervisor over a plan; `env` overrides what is set."""
        self.plan(words)
        settings = {f"FAIRLINE_RECOVERY__{key.upper()}": value for key, value in QUICK.items()}
        process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, str(PLANNED), *options],
            cwd=ROOT,
            env={
                **os.environ,
                "FAIRLINE_DATA_DIR": str(self.data_dir),
                "FAIRLINE_VENUE": "http://localhost:1",
                **settings,
                **(env or {}),
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        return Supervised(self.data_dir, process)

    def end(self) -> None:
        """End the supervisors that still are."""
        for process in self._started:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=STARTED)
