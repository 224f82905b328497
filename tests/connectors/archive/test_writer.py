"""The writer of a part: every row once, whenever a crash comes and wherever it goes back to."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
import staged_run
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from staged_run import PART, RULES, SESSION, committed, expected, play, published, row

from connectors.archive.publish import publish_leftovers
from connectors.archive.restore import PartState, Snapshot, decode_state
from connectors.archive.staging import RotationRules
from connectors.archive.writer import PartWriter
from fusion.errors import ArchiveError

ROOT = Path(__file__).parents[3]
LETTERS = [row(seq) for seq in (0, 2, 4, 6, 8, 10)]
"""Rows of one place."""


class Later(Executor):
    """Does what it was asked for when it is told to: a thread that is as slow as a test wants."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Keep a task."""
        future: Future[Any] = Future()
        self.waiting.append((future, fn, args))
        return future

    def run(self) -> None:
        """Do all tasks."""
        for future, fn, args in self.waiting:
            try:
                future.set_result(fn(*args))
            except ArchiveError as error:
                future.set_exception(error)
        self.waiting = []

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Drop what was not done."""
        for future, *_ in self.waiting:
            future.cancel()
        self.waiting = []


@pytest.fixture
def later() -> Later:
    """Return a slow converter."""
    return Later()


@pytest.fixture
def writer(tmp_path: Path, later: Later) -> Iterator[PartWriter]:
    """Return a writer at the beginning of a session, whose files are full at three rows."""
    rules = RotationRules(rows=3, age_s=60.0)
    writer = PartWriter(tmp_path, PART, PartState(SESSION), now_s=0.0, rules=rules, executor=later)
    yield writer
    writer.close()


def names(folder: Path) -> list[str]:
    """Return what is in a folder and below, by name."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_is_published_one_snapshot_late(
    tmp_path: Path, writer: PartWriter, later: Later
) -> None:
    """Cut, listed, converted, published, unstaged: each at its snapshot, and never before."""
    staged, converted = "00000000__dead_letters__2026-11-20__nba.jsonl", "00000000.parquet"
    seen: list[tuple[list[str], list[str], list[int]]] = []

    def look(snapshot: Snapshot) -> None:
        state = decode_state(snapshot)
        files = (names(tmp_path / "staging"), names(tmp_path / "archive"))
        seen.append((*files, [file.number for file in state.cut]))

    writer.write(LETTERS[:3], 0.0)
    later.run()
    for _ in range(4):
        look(writer.snapshot(1.0))

    file = f"{SESSION}-rows-0-00000000.parquet"
    assert seen == [
        ([converted, staged], [], [0]),
        ([staged], [file], []),
        ([], [file], []),
        ([], [file], []),
    ]
    assert published(tmp_path) == [0, 2, 4]


def test_a_slow_conversion_is_waited_for_by_nobody(
    tmp_path: Path, writer: PartWriter, later: Later
) -> None:
    """A file that is not converted stays listed, snapshot after snapshot, and comes later."""
    writer.write(LETTERS[:3], 0.0)
    listed = [[file.number for file in decode_state(writer.snapshot(1.0)).cut] for _ in range(3)]
    before = published(tmp_path)
    later.run()
    writer.snapshot(1.0)

    assert (listed, before, published(tmp_path)) == ([[0]] * 3, [], [0, 2, 4])


def test_files_are_cut_by_age_at_a_snapshot(
    tmp_path: Path, writer: PartWriter, later: Later
) -> None:
    """A file that is a minute old is whole; what comes then begins another."""
    writer.write(LETTERS[:1], 0.0)
    young = decode_state(writer.snapshot(59.0))
    old = decode_state(writer.snapshot(60.0))
    writer.write(LETTERS[1:2], 61.0)
    new = decode_state(writer.snapshot(62.0))

    assert [(len(state.open), len(state.cut)) for state in (young, old, new)] == [
        (1, 0),
        (0, 1),
        (1, 1),
    ]
    assert (new.next_number, new.session) == (2, SESSION)


def test_close_publishes_nothing(tmp_path: Path, writer: PartWriter, later: Later) -> None:
    """A crash closes too."""
    writer.write(LETTERS[:3], 0.0)
    later.run()
    writer.snapshot(1.0)
    writer.close()

    assert not (tmp_path / "archive").exists()


def test_its_own_thread_converts(tmp_path: Path) -> None:
    """Without further ado a file is published by some later snapshot."""
    writer = PartWriter(tmp_path, PART, PartState(SESSION), now_s=0.0, rules=RULES)
    writer.write([row(seq) for seq in range(18)], 0.0)
    for _ in range(2000):
        writer.snapshot(1.0)
        if published(tmp_path) == expected(18):
            break
        time.sleep(0.005)
    writer.close()

    assert published(tmp_path) == expected(18)


@pytest.mark.parametrize("cut_off", [True, False])
def test_a_failed_conversion_ends_the_run_and_keeps_the_rows(
    tmp_path: Path, writer: PartWriter, later: Later, cut_off: bool
) -> None:
    """The next snapshot tells what was wrong; another start makes good what can be made good."""
    writer.write(LETTERS[:3], 0.0)
    snapshot = writer.snapshot(1.0)
    (staged,) = (tmp_path / "staging").rglob("*.jsonl")
    whole = staged.read_bytes()
    if cut_off:
        staged.write_bytes(b"".join(whole.splitlines(keepends=True)[:2]))
        later.run()
        reason = "gave 2 rows of the 3 that were staged"
    else:
        reason = r"cannot write .*00000000\.parquet: File too large"
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, hard))
        later.run()
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with pytest.raises(ArchiveError, match=reason):
        writer.snapshot(2.0)
    assert names(tmp_path / "archive") == []

    staged.write_bytes(whole)
    again = PartWriter(tmp_path, PART, decode_state(snapshot), now_s=0.0, executor=later)
    later.run()
    again.snapshot(3.0)
    again.close()
    assert published(tmp_path) == [0, 2, 4]


def test_a_converter_that_ends_is_told(tmp_path: Path, writer: PartWriter, later: Later) -> None:
    """What it was to convert, and will not, is named; its rows are staged."""
    writer.write(LETTERS[:3], 0.0)
    writer.snapshot(1.0)
    later.shutdown()

    with pytest.raises(ArchiveError, match=r"nba\.jsonl was not converted: CancelledError.*kept"):
        writer.snapshot(2.0)
    assert len(list((tmp_path / "staging").rglob("*.jsonl"))) == 1


class Crashes(RuleBasedStateMachine):
    """Rows are written, snapshots taken and committed, and the process dies at any moment.

    A snapshot is asked for only when the one before it is committed, as the engine does; a crash
    may come before the last one is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.data_dir = Path(tempfile.mkdtemp())
        self.taken = 0
        self.store: tuple[int, Snapshot | None] = (0, None)
        self.last: tuple[int, Snapshot | None] = (0, None)
        self.dead: list[PartWriter] = []
        self.begin()

    def begin(self) -> None:
        """Go on from the store."""
        self.taken, snapshot = self.last = self.store
        state = decode_state(snapshot) if snapshot else PartState(SESSION)
        self.later = Later()
        now_s = float(self.taken)
        self.writer = PartWriter(
            self.data_dir, PART, state, now_s=now_s, rules=RULES, executor=self.later
        )

    @rule(count=st.integers(1, 7))
    def write(self, count: int) -> None:
        """Take some rows."""
        rows = [row(seq) for seq in range(self.taken, self.taken + count)]
        self.taken += count
        self.writer.write(rows, float(self.taken))

    @rule()
    def convert(self) -> None:
        """Let the thread do its work."""
        self.later.run()

    @rule()
    def snapshot(self) -> None:
        """Take a snapshot; the one before it is committed for certain."""
        self.store = self.last
        self.last = (self.taken, self.writer.snapshot(float(self.taken)))

    @rule(is_committed=st.booleans(), has_converted=st.booleans())
    def crash(self, is_committed: bool, has_converted: bool) -> None:
        """Die, with or without a last commit, and start again."""
        if is_committed:
            self.store = self.last
        if has_converted:
            self.later.run()
        self.dead.append(self.writer)
        self.begin()

    @rule(goes_on=st.booleans())
    def end_well(self, goes_on: bool) -> None:
        """End, publish what is left, and go on with the session, or die before that."""
        self.snapshot()
        self.store = self.last
        self.writer.close()
        if goes_on:
            publish_leftovers(self.data_dir, SESSION)
            assert published(self.data_dir) == expected(self.taken)
            assert publish_leftovers(self.data_dir, SESSION) == []
        self.begin()

    @invariant()
    def readers_see_what_is_committed(self) -> None:
        """No reader ever sees a row twice, or one that a crash could take back."""
        assert Counter(published(self.data_dir)) <= Counter(expected(self.store[0]))

    def teardown(self) -> None:
        """Every row that was written and not taken back is there once."""
        self.end_well(goes_on=True)
        for writer in (*self.dead, self.writer):
            writer.close()
        assert published(self.data_dir) == expected(self.taken)
        shutil.rmtree(self.data_dir)


TestCrashes = Crashes.TestCase
TestCrashes.settings = settings(max_examples=30, stateful_step_count=25)


def test_killed_at_any_step(tmp_path: Path) -> None:
    """After SIGKILL at each change of the disk, a run that goes on has every row once.

    Where only the end of the run was cut short, it can also just be done again.
    """
    folders = [tmp_path / f"{step:03d}" for step in range(150)]
    for folder in folders:
        folder.mkdir()
    done = subprocess.run(
        [sys.executable, staged_run.__file__, *map(str, folders)],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    killed = [Path(line) for line in done.stdout.splitlines()]
    ends = 0
    for folder in killed:
        taken, _ = committed(folder)
        assert Counter(published(folder)) <= Counter(expected(taken))
        if taken == staged_run.ROWS and (ends := ends + 1) % 2:
            publish_leftovers(folder, SESSION)
        else:
            play(folder)
        assert published(folder) == expected(staged_run.ROWS)
        assert names(folder / "staging") == [f"{SESSION}.published"]
    assert len(killed) > 60
    assert ends > 10
