"""One supervised run a data directory, and who it is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.run_lock import LOCK, WIDTH, Holders, hold_data_dir, in_use, read_holders
from fusion.errors import RecoveryError


def test_the_holder_stands_in_the_lock(tmp_path: Path) -> None:
    """The supervisor names itself and then its run, in a file that never grows."""
    with hold_data_dir(tmp_path / "data") as lock:
        path = tmp_path / "data" / LOCK
        told = [read_holders(path)]
        lock.tell(Holders(supervisor=2**31, run=2**31))
        told.append(read_holders(path))

        assert told == [Holders(supervisor=os.getpid()), Holders(2**31, 2**31)]
        assert path.stat().st_size == WIDTH


def test_a_second_holder_is_refused_and_told_who_is_first(tmp_path: Path) -> None:
    """The first keeps the lock, and gives it back at its end."""
    with hold_data_dir(tmp_path):
        with pytest.raises(RecoveryError) as caught, hold_data_dir(tmp_path):
            pass
        assert f"is in use by `fairline run`, process {os.getpid()};" in str(caught.value)
        assert read_holders(tmp_path / LOCK) == Holders(supervisor=os.getpid())
    with hold_data_dir(tmp_path):
        pass


def test_a_child_that_inherits_the_lock_holds_it_too(tmp_path: Path) -> None:
    """So a run whose supervisor died keeps others away until it ends."""
    with hold_data_dir(tmp_path) as lock:
        child = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock.descriptor,)
        )
    with pytest.raises(RecoveryError, match="is in use"), hold_data_dir(tmp_path):
        pass
    child.communicate(b"\n", timeout=20)
    with hold_data_dir(tmp_path):
        pass


@pytest.mark.parametrize(
    ("holders", "living", "expected"),
    [
        (
            Holders(supervisor=7, run=8),
            {7, 8},
            (
                "data is in use by `fairline run`, process 7; stop it with `kill 7`, or "
                "choose another data directory"
            ),
        ),
        (
            Holders(supervisor=7, run=8),
            {8},
            (
                "data is in use by process 8, a run that outlived its supervisor; stop it "
                "with `kill 8` and start again: the session is gone on with"
            ),
        ),
        (
            Holders(supervisor=7),
            set[int](),
            (
                "data is in use by a process that data/run.lock does not name; find it with `fuser "
                "data/run.lock` and stop it, or choose another data directory"
            ),
        ),
    ],
)
def test_the_sentence_names_the_process_to_stop(
    holders: Holders, living: set[int], expected: str
) -> None:
    """It is the supervisor, the run that it left, or one that nobody wrote down."""
    assert in_use(Path("data"), holders, living.__contains__) == expected


@pytest.mark.parametrize("content", [b"", b"{", b'{"run": "no"}', b"\xff", b"[" * 5_000])
def test_a_lock_that_says_nothing_names_nobody(tmp_path: Path, content: bytes) -> None:
    """Whatever stands in the file, reading it is no error."""
    (tmp_path / LOCK).write_bytes(content)

    assert read_holders(tmp_path / LOCK) == Holders()
    assert read_holders(tmp_path / "absent") == Holders()


def test_a_directory_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    """A file where a folder must be is to be moved away."""
    (tmp_path / "data").touch()
    with (
        pytest.raises(RecoveryError, match=r"cannot lock .*; move away the file"),
        hold_data_dir(tmp_path / "data"),
    ):
        pass
