from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from connectors.folder_lock import folder_lock
from fusion.errors import JournalError

INSIDE = """
import sys
from pathlib import Path
from connectors.folder_lock import folder_lock
from fusion.errors import JournalError
with folder_lock(Path(sys.argv[1]), JournalError):
    print("inside", flush=True)
    sys.stdin.readline()
"""


def test_one_process_at_a_time_is_inside(tmp_path: Path) -> None:
    """Another waits, and goes in when the first came out."""
    command = [sys.executable, "-c", INSIDE, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with folder_lock(tmp_path, JournalError):
        other = subprocess.Popen(command, **pipes)  # type: ignore[call-overload]
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.7)
    assert other.stdout.readline() == "inside\n"
    assert other.communicate("\n") == ("", None)


def test_a_process_that_dies_lets_go(tmp_path: Path) -> None:
    """However it ends; nobody has to clean up."""
    command = [sys.executable, "-c", INSIDE, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"inside\n"
        other.kill()
    with folder_lock(tmp_path, JournalError):
        pass


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """In the words of whoever asked."""
    with (
        pytest.raises(JournalError, match=r"^cannot lock .*/gone: No such file"),
        folder_lock(tmp_path / "gone", JournalError),
    ):
        pytest.fail("there is no such folder")
