"""A dataflow that counts, and ends at each start as its plan says: a child for the supervisor.

`plan` in the data directory has a word a start, the last stands for all that follow:

    count       counts until SIGTERM or SIGINT, then drains
    finish      counts to 300 and finishes its session
    raise       dies of an exception, some numbers after it began
    vanish      dies of SIGKILL, some numbers after it began
    early       ends with exit code 0 before the flow runs
    stubborn    counts, and hears no signal
    refuse      ends as a run that cannot go on from what is there

`counted` gets a line for each number: the session and the number. `starts` gets a line a start.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import bytewax.operators as op
from bytewax.dataflow import Dataflow
from bytewax.inputs import FixedPartitionedSource, StatefulSourcePartition
from bytewax.outputs import DynamicSink, StatelessSinkPartition
from typing_extensions import override

from connectors.journal.finished import mark_finished
from connectors.journal.writer import JournalWriter, journal_directory
from flows.failures import CANNOT_START
from fusion.frames import Frame

DATA = Path(os.environ["FAIRLINE_DATA_DIR"])
SOME, LAST = 30, 300
AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)

Place = tuple[str, int]
"""The session, and the next number."""

asked: list[int] = []


def next_word() -> str:
    """Put this start on record and return what the plan has for it."""
    with (DATA / "starts").open("a+") as starts:
        starts.write("start\n")
        starts.seek(0)
        number = len(starts.readlines())
    plan = (DATA / "plan").read_text().split()
    return plan[min(number, len(plan)) - 1]


class Counting(StatefulSourcePartition[Place, Place]):
    """Counts on from a place, journaling a frame with each number."""

    def __init__(self, word: str, place: Place) -> None:
        self._word = word
        self._session, self._next = place
        self._first = self._next
        self._journal = JournalWriter(journal_directory(DATA) / self._session)

    @override
    def next_batch(self) -> list[Place]:
        time.sleep(0.002)
        if asked or (self._word == "finish" and self._next >= LAST):
            mark_finished(DATA, self._session)
            raise StopIteration
        if self._word in {"raise", "vanish"} and self._next >= self._first + SOME:
            if self._word == "raise":
                msg = "as planned"
                raise RuntimeError(msg)
            os.kill(os.getpid(), signal.SIGKILL)
        batch = [(self._session, self._next + each) for each in range(10)]
        self._journal.append([Frame(n, time.time_ns(), "clock", b"") for _, n in batch])
        self._next += len(batch)
        return batch

    @override
    def next_awake(self) -> datetime:
        return AT_ONCE

    @override
    def snapshot(self) -> Place:
        return self._session, self._next


class CountingSource(FixedPartitionedSource[Place, Place]):
    """One partition; a session of its own unless a store knows one."""

    def __init__(self, word: str) -> None:
        self._word = word

    @override
    def list_parts(self) -> list[str]:
        return ["hub-0"]

    @override
    def build_part(self, step_id: str, for_part: str, resume_state: Place | None) -> Counting:
        return Counting(self._word, resume_state or (os.environ["FAIRLINE_FEEDS__SESSION"], 0))


class Counted(StatelessSinkPartition[Place]):
    """Writes down what came."""

    @override
    def write_batch(self, items: list[Place]) -> None:
        with (DATA / "counted").open("a") as counted:
            counted.writelines(f"{session} {number}\n" for session, number in items)


class CountedSink(DynamicSink[Place]):
    """The file `counted`."""

    @override
    def build(self, step_id: str, worker_index: int, worker_count: int) -> Counted:
        return Counted()


word = next_word()
if word == "early":
    sys.exit(0)
if word == "refuse":
    sys.exit(CANNOT_START)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda heard, _: None if word == "stubborn" else asked.append(heard))
flow = Dataflow("planned")
op.output("counted", op.input("counting", flow, CountingSource(word)), CountedSink())
