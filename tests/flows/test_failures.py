"""How a failed run tells of it: a line and an exit code for errors of ours, a traceback else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bytewax.errors import BytewaxRuntimeError

from flows.failures import CANNOT_START, exit_code, our_error
from fusion.errors import ArchiveError, ConfigError, FairlineError, FeedError, RecoveryError

ROOT = Path(__file__).parents[2]
FLOW = """
import atexit, sys
import bytewax.operators as op
from bytewax.dataflow import Dataflow
from bytewax.testing import TestingSink, TestingSource
from flows.failures import close_or_fail, tell_failure
from fusion.errors import ArchiveError, RecoveryError

def fail(number):
    {in_a_step}
    return number

def close():
    print("closing")
    {at_the_end}

sys.excepthook = tell_failure
atexit.register(lambda: close_or_fail(close))
flow = Dataflow("failing")
numbers = op.map("fail", op.input("in", flow, TestingSource([1, 2])), fail)
op.output("out", numbers, TestingSink([]))
"""


def caused(error: Exception, *causes: Exception) -> Exception:
    """Return an error with the first of `causes` as its cause, and so on."""
    last: BaseException = error
    for cause in causes:
        last.__cause__ = cause
        last = cause
    return error


def run(folder: Path, workers: int, **faults: str) -> subprocess.CompletedProcess[str]:
    """Run a dataflow with faults as the engine runs ours."""
    faults = {"in_a_step": "pass", "at_the_end": "pass"} | faults
    (folder / "failing.py").write_text(FLOW.format(**faults))
    return subprocess.run(
        [sys.executable, "-m", "bytewax.run", "failing", "-w", str(workers)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{folder}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_error_of_ours_is_found_among_the_causes() -> None:
    """The engine wraps what a step raises, and each of its callers may again."""
    ours = ArchiveError("the disk is full")
    wrapped = caused(BytewaxRuntimeError("outer"), BytewaxRuntimeError("inner"), ours)

    assert our_error(wrapped) is ours
    assert our_error(ours) is ours
    assert our_error(caused(BytewaxRuntimeError("outer"), ZeroDivisionError("no"))) is None


@pytest.mark.parametrize(
    ("cause", "is_ours"),
    [
        (None, True),
        (FeedError("the simulator did not start"), True),
        (OSError("no route to host"), True),
        (KeyError("home"), False),
    ],
)
def test_a_connector_that_died_of_a_fault_needs_its_traceback(
    cause: Exception | None, *, is_ours: bool
) -> None:
    """That the feeds stopped tells a person enough only if the connector could say why."""
    stopped = FeedError("the feeds stopped")
    stopped.__cause__ = cause

    assert our_error(BytewaxRuntimeError("outer")) is None
    assert (our_error(stopped) is stopped) == is_ours


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RecoveryError("the store is behind"), CANNOT_START),
        (ConfigError("no such key"), CANNOT_START),
        (ArchiveError("the disk is full"), 1),
        (FairlineError("something"), 1),
        (ZeroDivisionError("no"), 1),
    ],
)
def test_the_exit_code_says_whether_a_new_start_may_help(error: Exception, code: int) -> None:
    """A store that is behind stays behind; a full disk may be freed."""
    assert exit_code(caused(BytewaxRuntimeError("outer"), error)) == code


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("kind", "code"), [("ArchiveError", 1), ("RecoveryError", CANNOT_START)])
def test_an_error_of_ours_is_a_line(tmp_path: Path, kind: str, code: int, workers: int) -> None:
    """Neither a person nor a service manager has to read the engine's traceback."""
    ended = run(tmp_path, workers, in_a_step=f"raise {kind}('the disk is full; free space')")

    assert (ended.returncode, ended.stdout) == (code, "closing\n")
    assert "fairline: the disk is full; free space\n" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_any_other_error_keeps_its_traceback(tmp_path: Path) -> None:
    """A fault of the code is to be found."""
    ended = run(tmp_path, 1, in_a_step="raise ZeroDivisionError('no')")

    assert ended.returncode == 1
    assert "Traceback" in ended.stderr
    assert "ZeroDivisionError: no" in ended.stderr
    assert "fairline:" not in ended.stderr


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        ("pass", 0, ""),
        ("raise ArchiveError('full; free space')", 1, "fairline: full; free space\n"),
        ("raise RecoveryError('gone; bring it')", CANNOT_START, "fairline: gone; bring it\n"),
    ],
)
def test_an_end_that_fails_is_a_failure(tmp_path: Path, fault: str, code: int, told: str) -> None:
    """An archive that could not be finished must not look like a run that ended well."""
    ended = run(tmp_path, 1, at_the_end=fault)

    assert (ended.returncode, ended.stdout, ended.stderr) == (code, "closing\n", told)


def test_a_fault_at_the_end_keeps_its_traceback(tmp_path: Path) -> None:
    """It ends the process with 1, where Python alone would end it with 0."""
    ended = run(tmp_path, 1, at_the_end="raise ZeroDivisionError('no')")

    assert ended.returncode == 1
    assert ended.stderr.endswith("ZeroDivisionError: no\n")
