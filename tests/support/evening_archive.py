"""The archive of a simulated evening that the flow's own command wrote, once a session of tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPEED = 1200.0
"""Virtual seconds a second: an hour of play is three seconds of the archive's clock."""

_played: dict[Path, Path] = {}


def evening_archive(factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of an evening, which is played when it is first asked for."""
    base = factory.getbasetemp()
    if base not in _played:
        data_dir = factory.mktemp("simulated") / "data"
        settings = {
            "FAIRLINE_DATA_DIR": str(data_dir),
            "FAIRLINE_SIMULATOR__SPEED": str(SPEED),
            "FAIRLINE_DISPLAY__PROGRESS": "none",
        }
        subprocess.run(
            [sys.executable, "-m", "bytewax.run", "flows.fuse"],
            cwd=ROOT,
            env={**os.environ, **settings},
            capture_output=True,
            timeout=110,
            check=True,
        )
        _played[base] = data_dir
    return _played[base]
