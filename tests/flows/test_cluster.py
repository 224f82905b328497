from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.cluster import check_processes, count_processes
from flows.failures import CANNOT_START
from flows.sections import Feeds
from flows.settings import Settings
from fusion.errors import ConfigError

THREE = "one:2101;two:2101;three:2101"


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ("flows.fuse -w 2 -r data/recovery -s 1 -b 0", {}, 1),
        ("flows.fuse -i 1 -a one:2101;two:2101", {}, 2),
        ("flows.fuse --process-id 1 --addresses=one:2101;two:2101", {}, 2),
        ("flows.fuse", {"BYTEWAX_ADDRESSES": THREE, "BYTEWAX_PROCESS_ID": "0"}, 3),
        ("flows.fuse -a one:2101;two:2101", {"BYTEWAX_ADDRESSES": THREE}, 2),
        ("flows.fuse -i 0", {"BYTEWAX_HOSTFILE_PATH": "hosts"}, 2),
        ("flows.fuse", {"BYTEWAX_HOSTFILE_PATH": "hosts"}, 1),
        (
            "flows.fuse",
            {
                "BYTEWAX_HOSTFILE_PATH": "hosts",
                "BYTEWAX_POD_NAME": "fairline-1",
                "BYTEWAX_STATEFULSET_NAME": "fairline",
            },
            2,
        ),
    ],
)
def test_processes_are_counted_as_the_engine_does(
    arguments: str,
    environment: dict[str, str],
    expected: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By the addresses: of the command, of the environment, or of the file of a cluster."""
    (tmp_path / "hosts").write_text("one:2101\n\ntwo:2101\n")
    monkeypatch.chdir(tmp_path)

    assert count_processes(arguments.split(), environment) == expected


def test_a_file_of_addresses_that_is_not_there_is_told() -> None:
    """By the name of the variable."""
    with pytest.raises(ConfigError, match=r"^cannot read BYTEWAX_HOSTFILE_PATH, was /nowhere/at"):
        count_processes(["flow", "-i", "1"], {"BYTEWAX_HOSTFILE_PATH": "/nowhere/at"})


def test_processes_without_one_session_are_refused() -> None:
    """Each would write a session of its own; the message has both ways out."""
    settings = Settings(venue="live")
    with pytest.raises(ConfigError) as caught:
        check_processes(settings, 2)

    assert str(caught.value) == (
        "the 2 processes of a run must all be told the name of its session; set "
        "FAIRLINE_FEEDS__SESSION to one name for all, or start them with: fairline run -p 2"
    )
    check_processes(settings, 1)
    check_processes(Settings(venue="live", feeds=Feeds(session="s")), 2)


def test_processes_with_an_evening_each_are_refused() -> None:
    """A simulator that all ask is to be started before."""
    with pytest.raises(ConfigError, match=r"start one with `fairline simulate` and set FAIRLINE_V"):
        check_processes(Settings(feeds=Feeds(session="s")), 2)


def test_the_command_refuses_processes_that_do_not_agree(tmp_path: Path) -> None:
    """In one sentence, before it connects to anything."""
    process = subprocess.run(
        [sys.executable, "-m", "bytewax.run", "flows.fuse", "-i", "0", "-a", "a:1;b:2"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "FAIRLINE_DATA_DIR": str(tmp_path), "FAIRLINE_VENUE": "live"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (process.returncode, list(tmp_path.iterdir())) == (CANNOT_START, [])
    assert process.stderr.startswith("fairline: the 2 processes of a run must all be told the name")
