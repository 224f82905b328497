from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time

import pytest

from flows.children import Child, children, free_ports, run_together
from flows.failures import CANNOT_START

STUBBORN = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(30)"
DRAINS = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(30)"


def child(code: str) -> Child:
    """Return a process that runs some Python."""
    return Child((sys.executable, "-c", f"import os, signal, sys, time; {code}"), {})


def ended(
    *codes: str, kill_after_s: float = 5.0, ask_after_s: float | None = None
) -> tuple[int, float, list[str]]:
    """Run processes; return the exit code, the seconds after the signal, and what was told."""
    told: list[str] = []

    async def run() -> tuple[int, float]:
        loop = asyncio.get_running_loop()
        asked: asyncio.Future[signal.Signals] = loop.create_future()
        begun = loop.time()
        if ask_after_s is not None:
            begun += ask_after_s
            loop.call_later(ask_after_s, asked.set_result, signal.SIGTERM)
        code = await run_together(
            [child(code) for code in codes], asked, kill_after_s=kill_after_s, tell=told.append
        )
        return code, loop.time() - begun

    return *asyncio.run(run()), told


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("sys.exit(0)",), 0),
        (("sys.exit(3)",), 3),
        (("sys.exit(0)", "sys.exit(0)"), 0),
        (("time.sleep(0.5); sys.exit(1)", "sys.exit(3)"), 3),
        (("sys.exit(0)", "time.sleep(0.5); os.kill(os.getpid(), 9)"), -9),
        (("sys.exit(1)", f"time.sleep(0.5); sys.exit({CANNOT_START})"), CANNOT_START),
    ],
)
def test_the_first_bad_code_decides(codes: tuple[str, ...], expected: int) -> None:
    """All is well only if all ended well; what cannot start counts before those that died of it."""
    code, _, told = ended(*codes)

    assert (code, told) == (expected, [])


def test_one_that_cannot_be_made_leaves_none_behind() -> None:
    """Those that were started already would wait for it, and hold the data directory."""
    reader, writer = os.pipe()

    async def run() -> None:
        asked: asyncio.Future[signal.Signals] = asyncio.get_running_loop().create_future()
        wanted = [child("time.sleep(30)"), Child(("/nonexistent/engine",), {})]
        await run_together(wanted, asked, kill_after_s=5.0, pass_fds=(writer,))

    begun = time.monotonic()
    with pytest.raises(FileNotFoundError):
        asyncio.run(run())
    os.close(writer)
    with os.fdopen(reader) as held:
        assert not held.read()  # It ends when nobody holds the other end any more.
    assert time.monotonic() - begun < 10


def test_a_signal_reaches_all() -> None:
    """Each drains, and together they end well and soon."""
    code, seconds, told = ended(DRAINS, DRAINS, ask_after_s=1.5)

    assert (code, told) == (0, [])
    assert seconds < 1.5


def test_who_does_not_drain_is_killed() -> None:
    """After the time limit, which is told."""
    code, seconds, told = ended(DRAINS, STUBBORN, kill_after_s=0.4, ask_after_s=1.5)

    assert (code, told) == (-9, ["the run did not end in 0.4 s and was killed"])
    assert seconds < 3


def test_who_is_left_alone_is_killed() -> None:
    """Where one is gone the others cannot drain; the code is that of the first."""
    code, _, told = ended("sys.exit(7)", STUBBORN, kill_after_s=0.4)

    assert (code, told) == (7, ["the run did not end in 0.4 s and was killed"])


def test_who_a_failure_left_behind_is_not_waited_for_long() -> None:
    """Whatever time a drain would have; what ended well waits for the others."""
    code, seconds, told = ended("sys.exit(7)", STUBBORN, kill_after_s=20.0)

    assert (code, told) == (7, ["the run did not end in 2 s and was killed"])
    assert seconds < 10
    assert ended("sys.exit(0)", "time.sleep(2.5)", kill_after_s=20.0)[::2] == (0, [])


def test_one_process_is_started_as_it_is() -> None:
    """It needs no addresses and shows how it goes."""
    assert children(["python", "-m", "x"], {"A": "1"}, 1, {}) == [
        Child(("python", "-m", "x"), {"A": "1"})
    ]


@pytest.mark.parametrize(
    ("ours", "ports"),
    [
        ({}, [None, None]),
        ({"BYTEWAX_DATAFLOW_API_ENABLED": "1"}, ["3030", "3031"]),
        ({"BYTEWAX_DATAFLOW_API_ENABLED": "1", "BYTEWAX_DATAFLOW_API_PORT": "80"}, ["80", "81"]),
    ],
)
def test_several_know_each_other(ours: dict[str, str], ports: list[str | None]) -> None:
    """Each has its number, all have the addresses of all; no two have one port of the API."""
    made = children(["flow"], {"A": "1"}, 2, ours)
    (_, _, first, _, addresses), (_, _, second, _, same) = (each.command for each in made)

    assert (first, second, addresses) == ("0", "1", same)
    assert len(set(addresses.split(";"))) == 2
    assert [each.environment.get("BYTEWAX_DATAFLOW_API_PORT") for each in made] == ports
    assert [each.environment["A"] for each in made] == ["1", "1"]
    assert [each.environment.get("FAIRLINE_DISPLAY__PROGRESS") for each in made] == [None, "none"]


def test_free_ports_can_be_listened_on() -> None:
    """They are different, and nobody's."""
    ports = free_ports(3)

    assert len(set(ports)) == 3
    for port in ports:
        socket.create_server(("127.0.0.1", port)).close()
