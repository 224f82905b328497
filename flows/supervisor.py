"""The supervisor: one run as a child process or several, started again together when it dies.

It drives nothing itself. Before each start it looks at the store (may the next run go on from
it?), and after each end at the exit code and at the journal, as the engine may end with exit code
0 and have done nothing.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from bytewax.recovery import init_db_dir

from connectors.journal.finished import finished_by, mark_unfinished
from connectors.journal.hub_count import check_hub_count
from connectors.journal.writer import new_session
from connectors.recovery import (
    check_store,
    make_room,
    prune,
    read_stored,
    recovery_directory,
    why_anew,
    write_session,
)
from connectors.run_lock import Holders, RunLock, hold_data_dir
from flows.children import children, run_together
from flows.cluster import SESSION_VARIABLE
from flows.failures import CANNOT_START, FAILED
from flows.sections import Recovery
from flows.settings import Settings
from flows.venue import open_simulator

FLOW = "flows.fuse"
SIMULATOR = "simulator"
SIGNALS = (signal.SIGTERM, signal.SIGINT)

SIGNALLED = 128
"""What a shell adds to the number of the signal that ended a process."""

NOTHING_DONE = "the run ended with exit code 0, unasked,"
PORT_IN_USE = "Bytewax may end so where its port (BYTEWAX_DATAFLOW_API_PORT) is in use"

BYTES_PER_MB = 1024 * 1024

Tell = Callable[[str], None]
"""Says a line to whoever started the supervisor."""


def pause_s(failures: int, rules: Recovery) -> float:
    """Return how long to wait before the next start, after so many failures in a row."""
    doublings = min(failures - 1, 64)  # More would overflow, and none is ever reached.
    return min(rules.restart_max_s, rules.restart_first_s * 2.0**doublings)


def exit_code(returncode: int) -> int:
    """Return the exit code that tells of a child's end, by the shells' custom for signals."""
    return returncode if returncode >= 0 else SIGNALLED - returncode


def supervise(
    settings: Settings,
    *,
    module: str,
    workers: int | None,
    new: bool,
    tell: Tell,
    processes: int = 1,
) -> int:
    """Run the dataflow of `module` until it ends well, is asked to, or is given up.

    Returns the exit code. `new` begins a new session; after a crash that one is gone on with.
    Each of `processes` on this host has so many `workers`.

    Raises:
        ConfigError: the data directory was made for another number of hubs.
        RecoveryError: the data directory is in use, or its store cannot be used.
        JournalError: the journal of the store's session cannot be read.
        FeedError: the built-in simulator did not start.
    """
    check_hub_count(settings.data_dir, settings.feeds.hubs)
    supervisor = _Supervisor(settings, module, workers, tell, processes)
    with hold_data_dir(settings.data_dir) as lock, _evening(settings) as environment:
        # Another simulator is another evening, which no earlier session is mixed with.
        new = new or settings.venue == SIMULATOR
        return asyncio.run(supervisor.keep_running(lock, environment, new=new))


def prepare(settings: Settings, now_ns: int, *, new: bool) -> tuple[str, str]:
    """Make the recovery store ready for the next run.

    Returns the session the run is to write, and what it will do.

    Raises:
        RecoveryError: the store is damaged, another engine's, or the disk refuses.
        JournalError: the journal of the store's session cannot be read.
    """
    data_dir, rules = settings.data_dir, settings.recovery
    store = recovery_directory(data_dir)
    stored = None if new else read_stored(data_dir)
    why = why_anew(stored, now_ns, rules.resume_within_s)
    if new:
        simulated = settings.venue == SIMULATOR
        why = "a simulated evening begins" if simulated else "that was asked for"
    if stored is None or why is not None:
        make_room(store)
        init_db_dir(store, rules.partitions)
        session = new_session(data_dir, now_ns)
        write_session(data_dir, session)
        return session, f"begins a new session: {why}"
    check_store(store, rules.partitions)
    pruned = prune(store)
    mark_unfinished(data_dir, stored.session)
    if not pruned.rows:
        return stored.session, f"goes on with session {stored.session}"
    freed = f"{pruned.rows:,} rows and {pruned.bytes / BYTES_PER_MB:.1f} MB"
    told = f"goes on with session {stored.session}; {freed} of its store were pruned"
    return stored.session, told


@contextmanager
def _evening(settings: Settings) -> Iterator[dict[str, str]]:
    """Play the evening of the built-in simulator for all processes and all starts of a run."""
    if settings.venue != SIMULATOR:
        yield {}
        return
    with open_simulator(settings) as url:
        yield {"FAIRLINE_VENUE": url}


class _Supervisor:
    def __init__(
        self, settings: Settings, module: str, workers: int | None, tell: Tell, processes: int
    ) -> None:
        self._settings = settings
        self._processes = processes
        self._rules = settings.recovery
        self._tell = tell
        recovery = ("-r", str(recovery_directory(settings.data_dir)))
        epochs = ("-s", str(self._rules.snapshot_interval_s), "-b", "0")
        threads = () if workers is None else ("-w", str(workers))
        engine = (sys.executable, "-m", "bytewax.run", module)
        self._command = (*engine, *recovery, *epochs, *threads)

    async def keep_running(
        self, lock: RunLock, environment: Mapping[str, str], *, new: bool
    ) -> int:
        loop = asyncio.get_running_loop()
        asked: asyncio.Future[signal.Signals] = loop.create_future()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._asked, asked, number)
        failures, code = 0, 0
        while not asked.done():
            session, told = prepare(self._settings, time.time_ns(), new=new and not failures)
            self._tell(told)
            started = loop.time()
            code = await self._run({**environment, SESSION_VARIABLE: session}, lock, asked)
            if asked.done():
                # A child that dies of the signal itself had not begun: it had no handler yet.
                return 0 if code == -asked.result() else exit_code(code)
            problem = self._problem(session, code)
            if problem is None:
                return 0
            code = code or FAILED
            if code == CANNOT_START:
                self._tell(f"{problem}; not started again, as it would end so again")
                break
            failures = 1 if loop.time() - started >= self._rules.steady_s else failures + 1
            if failures == self._rules.give_up_after:
                self._tell(f"{problem}; given up, failures in a row: {failures}")
                break
            pause = pause_s(failures, self._rules)
            self._tell(f"{problem}; starts again in {pause:g} s")
            await asyncio.wait({asked}, timeout=pause)
        return exit_code(code)

    async def _run(
        self,
        environment: Mapping[str, str],
        lock: RunLock,
        asked: asyncio.Future[signal.Signals],
    ) -> int:
        """Start the processes of a run and wait for their ends."""
        return await run_together(
            children(self._command, environment, self._processes, os.environ),
            asked,
            kill_after_s=self._rules.kill_after_s,
            pass_fds=(lock.descriptor,),
            started=lambda run: lock.tell(Holders(supervisor=os.getpid(), run=run)),
            tell=self._tell,
        )

    def _asked(self, asked: asyncio.Future[signal.Signals], number: signal.Signals) -> None:
        """Take note of a signal; a second one changes nothing, as the time is limited already."""
        if asked.done():
            self._tell(f"{number.name} again; the run is draining and is killed if it does not end")
        else:
            asked.set_result(number)

    def _problem(self, session: str, code: int) -> str | None:
        """Return what was wrong about an end that nobody asked for; None if nothing was."""
        if code < 0:
            return f"the run was ended by signal {-code} ({signal.strsignal(-code)})"
        if code > 0:
            return f"the run ended with exit code {code}"
        if finished_by(self._settings.data_dir, session) is None:
            return f"{NOTHING_DONE} and left session {session} unfinished; {PORT_IN_USE}"
        return None
