"""The live dataflow: `python -m bytewax.run flows.fuse`.

With no configuration it plays an evening from the simulator and ends by itself; with
`FAIRLINE_VENUE=live` it follows ESPN and Polymarket until SIGINT or SIGTERM. What an earlier run
journaled and did not archive, because it was killed, is finished by a process beside it.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys

from flows.cluster import count_processes
from flows.console import Screen
from flows.failures import close_or_fail, tell_failure
from flows.rebuild import rebuild_beside
from flows.run import LiveRun
from flows.settings import load_settings

sys.excepthook = tell_failure
run = LiveRun(load_settings(), count_processes(sys.argv[1:], os.environ))
flow = run.flow(lambda session: rebuild_beside(run.settings.data_dir, besides=session))

# What is loaded by now stays: a full collection that looks through it stops the flow for 19 ms.
gc.collect()
gc.freeze()

screen = Screen(run)
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda *_: run.hubs.stop())
atexit.register(lambda: close_or_fail(lambda: screen.close(crashed=hasattr(sys, "last_value"))))
screen.open()
