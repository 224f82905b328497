"""Running a dataflow of recorded frames to its end in this process."""

from __future__ import annotations

from bytewax.dataflow import Dataflow
from bytewax.errors import BytewaxRuntimeError
from bytewax.testing import cluster_main

from flows.failures import our_error


def drive(flow: Dataflow, workers: int = 1) -> None:
    """Run `flow` on so many threads.

    Raises:
        FairlineError: an error of ours comes out of the engine as it went in.
        BytewaxRuntimeError: any other error in a step.
    """
    try:
        cluster_main(flow, [], 0, worker_count_per_proc=workers)
    except BytewaxRuntimeError as error:
        ours = our_error(error)
        if ours is None:
            raise
    else:
        return
    raise ours
