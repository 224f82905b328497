from __future__ import annotations

import bytewax.operators as op
import pytest
from bytewax.dataflow import Dataflow
from bytewax.errors import BytewaxRuntimeError
from bytewax.testing import TestingSink, TestingSource

from flows.drive import drive
from fusion.errors import ArchiveError


def flow_of(error: Exception | None, out: list[int]) -> Dataflow:
    """Return a dataflow that passes numbers on, or fails at the first."""

    def step(number: int) -> int:
        if error is not None:
            raise error
        return number

    flow = Dataflow("test")
    numbers = op.map("step", op.input("in", flow, TestingSource([1, 2])), step)
    op.output("out", numbers, TestingSink(out))
    return flow


@pytest.mark.parametrize("workers", [1, 2])
def test_a_flow_runs_to_its_end(workers: int) -> None:
    """Every value reaches the sink, on any number of threads."""
    out: list[int] = []
    drive(flow_of(None, out), workers)

    assert sorted(out) == [1, 2]


def test_an_error_of_ours_comes_out_as_it_went_in() -> None:
    """Whoever asked for the run can tell it to a person."""
    with pytest.raises(ArchiveError, match="the disk is full"):
        drive(flow_of(ArchiveError("the disk is full"), []))


def test_any_other_error_is_the_engines() -> None:
    """A fault of the code keeps its traceback."""
    with pytest.raises(BytewaxRuntimeError):
        drive(flow_of(ZeroDivisionError("no"), []))
