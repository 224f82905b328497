"""The notebook of one game, run as a script on the archive of a simulated evening."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from evening_archive import ROOT, evening_archive
from matplotlib.image import imread

from connectors.archive.connect import ask, connect

FAIR = (0x1F, 0x2A, 0x37)
"""The colour of the fair price's line."""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of the evening."""
    return evening_archive(tmp_path_factory)


def run(notebook: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a notebook as a script."""
    command = [sys.executable, f"notebooks/{notebook}.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def pixels_like(picture: Path, colour: tuple[int, int, int]) -> int:
    """Return how many pixels of a picture have a colour."""
    pixels = np.asarray(imread(picture))[:, :, :3] * 255
    return int((np.abs(pixels - colour).max(axis=2) < 2).sum())


@pytest.mark.parametrize("chosen", ["most", "least"])
def test_game_is_drawn(data_dir: Path, tmp_path: Path, chosen: str) -> None:
    """A named game, and the one with the most ticks where none is, become a picture."""
    question = (
        "SELECT game_id, count(*) FILTER (outcome = 'home') AS ticks FROM ticks"
        " WHERE state = 'in' GROUP BY game_id HAVING count(fair) > 0"
        " ORDER BY count(*) DESC, game_id"
    )
    with connect(data_dir) as connection:
        games = ask(connection, question).to_pylist()
    game = games[0] if chosen == "most" else games[-1]
    picture = tmp_path / "game.png"
    named = [] if chosen == "most" else ["--game", game["game_id"]]
    process = run("game_night", "--archive", str(data_dir), "--png", str(picture), *named)

    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.startswith(f"{picture}: {game['ticks']} ticks, ")
    assert pixels_like(picture, FAIR) > 200  # The legend alone has fewer.


def test_archive_without_a_game_is_told(tmp_path: Path) -> None:
    """Where nothing was played the notebook stops without a picture, and without an error."""
    process = run("game_night", "--archive", str(tmp_path), "--png", str(tmp_path / "game.png"))

    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_missing_archive_is_told(tmp_path: Path) -> None:
    """A directory that is not there ends the script with the sentence that says so."""
    process = run("game_night", "--archive", str(tmp_path / "absent"))

    assert process.returncode == 1
    assert "is no directory; run ./scripts/run to make an archive" in process.stderr
