"""`fairline run` as it is typed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import main
from connectors.journal.hub_count import record_hub_count
from connectors.run_lock import hold_data_dir

FAIRLINE = Path(sys.executable).with_name("fairline")


def test_the_dataflow_is_what_is_run(tmp_path: Path) -> None:
    """A run that cannot begin says why itself, and is given up with its exit code."""
    told = subprocess.run(
        [FAIRLINE, "run", "-w", "1"],
        cwd=tmp_path,
        env={
            **os.environ,
            "FAIRLINE_SIMULATOR__SEED": "-1",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert told.returncode == 1
    assert told.stderr.splitlines()[-1].startswith("Error: the simulator did not start: it said b")
    assert not (tmp_path / "data" / "recovery").exists()


def test_a_data_directory_in_use_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run is named, and nothing is started."""
    monkeypatch.setenv("FAIRLINE_DATA_DIR", str(tmp_path))
    with hold_data_dir(tmp_path):
        told = CliRunner().invoke(main, ["run", "--new"])

    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == (
        f"Error: {tmp_path} is in use by `fairline run`, process {os.getpid()}; stop it with `kill "
        f"{os.getpid()}`, or choose another data directory\n"
    )
    assert not (tmp_path / "recovery").exists()


def test_a_data_directory_of_other_hubs_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not tried again and again, as nothing would change."""
    monkeypatch.setenv("FAIRLINE_DATA_DIR", str(tmp_path))
    record_hub_count(tmp_path, 3)
    told = CliRunner().invoke(main, ["run", "-p", "2"])

    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == (
        f"Error: {tmp_path} was made with feeds.hubs = 3, which cannot change, was 1: set it back, "
        "or name another data_dir for what comes from now on\n"
    )


@pytest.mark.parametrize("option", ["-w", "-p"])
def test_workers_and_processes_are_at_least_one(option: str) -> None:
    """Less is a matter of usage."""
    told = CliRunner().invoke(main, ["run", option, "0"])

    assert told.exit_code == 2
    assert "0 is not in the range x>=1" in told.stderr
