"""An evening of the simulator, played by the command that users run, for its journal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from connectors.journal.reader import read_frames
from fusion.frames import Frame

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "bytewax.run", "flows.fuse")
SPEED = 600.0


def start_evening(
    data_dir: Path, *, speed: float = SPEED, extra_games: int = 0
) -> subprocess.Popen[str]:
    """Start a run that plays an evening into `data_dir` and ends by itself.

    `speed` are virtual seconds a second, `extra_games` soccer matches beside the usual games.
    """
    settings = {
        "FAIRLINE_DATA_DIR": str(data_dir),
        "FAIRLINE_VENUE": "simulator",
        "FAIRLINE_SIMULATOR__SPEED": str(speed),
        "FAIRLINE_SIMULATOR__EXTRA_GAMES": str(extra_games),
        "FAIRLINE_DISPLAY__PROGRESS": "none",
    }
    return subprocess.Popen(  # noqa: S603  (our own module)
        COMMAND,
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def play_evening(data_dir: Path, *, speed: float = SPEED) -> list[Frame]:
    """Play an evening into `data_dir` and return its frames.

    Raises:
        RuntimeError: the run failed; the message is what it printed.
    """
    with start_evening(data_dir, speed=speed) as process:
        printed, _ = process.communicate()
    if process.returncode:
        msg = f"the evening ended with code {process.returncode}: {printed}"
        raise RuntimeError(msg)
    return list(read_frames(data_dir))
