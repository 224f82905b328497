"""The notebook of reliability, run as a script on the archive of a simulated evening."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from evening_archive import ROOT, evening_archive
from matplotlib.image import imread

from connectors.archive.connect import ask, connect, named_query

COUNTED = "SELECT count(*) AS rows, count(DISTINCT game_id) AS games FROM ({query}) WHERE {kept}"
KEPT = "fair IS NOT NULL AND mid IS NOT NULL AND won IS NOT NULL"


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of the evening."""
    return evening_archive(tmp_path_factory)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the notebook as a script."""
    command = [sys.executable, "notebooks/calibration.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("league", ["all", "mlb"])
def test_reliability_is_drawn(data_dir: Path, tmp_path: Path, league: str) -> None:
    """All leagues, or one, become a diagram of the rows that have a mid and a result."""
    kept = KEPT if league == "all" else f"{KEPT} AND league = '{league}'"
    with connect(data_dir) as connection:
        question = COUNTED.format(query=named_query("calibration"), kept=kept)
        (counted,) = ask(connection, question).to_pylist()
    picture = tmp_path / "calibration.png"
    named = [] if league == "all" else ["--league", league]
    process = run("--archive", str(data_dir), "--png", str(picture), *named)

    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout == f"{picture}: {counted['rows']} prices of {counted['games']} games\n"
    assert imread(picture).shape[:2] == (880, 770)


def test_archive_without_a_result_is_told(tmp_path: Path) -> None:
    """Where no game is over the notebook stops without a picture, and without an error."""
    process = run("--archive", str(tmp_path), "--png", str(tmp_path / "calibration.png"))

    assert process.returncode == 0
    assert list(tmp_path.iterdir()) == []
