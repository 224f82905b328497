"""The processes of one run, which stand and fall together.

The engine knows no partial end: where one process of several is gone the others cannot drain, and
where only one gets a signal all hang. So a signal goes to all, and whatever ends the first of them,
the others have a limited time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import msgspec

from flows.failures import CANNOT_START

LOOPBACK = "127.0.0.1"
API_ENABLED = "BYTEWAX_DATAFLOW_API_ENABLED"
API_PORT = "BYTEWAX_DATAFLOW_API_PORT"
API_DEFAULT = "3030"

PEERS_S = 2.0
"""How long those may live that one which failed left behind: they cannot drain, and may hang."""


class Child(msgspec.Struct, frozen=True):
    """One process to be started: its command, and what its environment has besides ours."""

    command: tuple[str, ...]
    environment: dict[str, str]


def children(
    command: Sequence[str], environment: Mapping[str, str], processes: int, ours: Mapping[str, str]
) -> list[Child]:
    """Return what to start for a run of so many processes on this host.

    Each of several gets its number, the addresses of all, on free ports, and a port of its own for
    the engine's API, as a port in use would end it at once with exit code 0. Only the first shows
    how it goes. `ours` is the environment they inherit.
    """
    if processes == 1:
        return [Child(tuple(command), dict(environment))]
    addresses = ";".join(f"{LOOPBACK}:{port}" for port in free_ports(processes))
    told = []
    for number in range(processes):
        own = dict(environment)
        port = ours.get(API_PORT, API_DEFAULT)
        if API_ENABLED in ours and port.isdecimal():
            own[API_PORT] = str(int(port) + number)
        if number:
            own["FAIRLINE_DISPLAY__PROGRESS"] = "none"
        told.append(Child((*command, "-i", str(number), "-a", addresses), own))
    return told


def free_ports(count: int) -> list[int]:
    """Return ports of this host that nobody listens on at this moment."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server((LOOPBACK, 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


async def run_together(
    wanted: Sequence[Child],
    asked: asyncio.Future[signal.Signals],
    *,
    kill_after_s: float,
    pass_fds: Sequence[int] = (),
    started: Callable[[int], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
) -> int:
    """Run processes to their ends and return the first code that is not 0, or 0.

    Where one of them cannot start that is what counts: the others die of it, maybe before it.
    What is `asked` goes to all. `kill_after_s` after that, or after the first end, those that still
    run are killed, and `tell` is told; `PEERS_S` after it if the first failed. `started` is told
    the process id of the first.
    """
    running: list[asyncio.subprocess.Process] = []
    codes: list[int] = []

    async def end_of(child: asyncio.subprocess.Process) -> None:
        codes.append(await child.wait())

    try:
        for each in wanted:
            child = await asyncio.create_subprocess_exec(
                *each.command, pass_fds=pass_fds, env={**os.environ, **each.environment}
            )
            running.append(child)
        started(running[0].pid)
    except OSError:
        _kill(running)  # They would wait for the one that is missing, and hold the data directory.
        await asyncio.gather(*map(end_of, running))
        raise
    ends = [asyncio.ensure_future(end_of(child)) for child in running]
    either: set[asyncio.Future[Any]] = {*ends, asked}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if asked.done():
        for child in running:
            with contextlib.suppress(ProcessLookupError):  # It ended in this moment.
                child.send_signal(asked.result())
    limit_s = min(kill_after_s, PEERS_S) if any(codes) and not asked.done() else kill_after_s
    _, late = await asyncio.wait(ends, timeout=limit_s)
    if late:
        _kill(running)
        tell(f"the run did not end in {limit_s:g} s and was killed")
        await asyncio.wait(ends)
    if CANNOT_START in codes:
        return CANNOT_START
    return next((code for code in codes if code), 0)


def _kill(running: Sequence[asyncio.subprocess.Process]) -> None:
    for child in running:
        with contextlib.suppress(ProcessLookupError):  # It ended in this moment.
            child.kill()
