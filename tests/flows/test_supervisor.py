"""The supervisor with real runs: what it starts again, what it passes on, how it ends."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from bytewax.recovery import init_db_dir
from supervised import STARTED, Starter

from connectors.journal.finished import finished_by, mark_finished
from connectors.recovery import PARTS, recovery_directory, stored_session
from flows.failures import CANNOT_START
from flows.sections import Recovery
from flows.settings import Settings
from flows.supervisor import exit_code, pause_s, prepare
from fusion.errors import RecoveryError
from fusion.frames import NS_PER_S


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[Starter]:
    """Return what starts supervisors in an empty data directory."""
    starter = Starter(tmp_path / "data")
    yield starter
    starter.end()


@pytest.mark.parametrize(
    ("failures", "expected"), [(1, 1.0), (2, 2.0), (3, 4.0), (6, 32.0), (7, 60.0), (10_000, 60.0)]
)
def test_pauses_double_up_to_the_longest(failures: int, expected: float) -> None:
    """The first pause is a second, none is longer than a minute."""
    assert pause_s(failures, Recovery()) == expected


@pytest.mark.parametrize(("returncode", "expected"), [(0, 0), (3, 3), (-9, 137), (-15, 143)])
def test_exit_codes_are_as_in_a_shell(returncode: int, expected: int) -> None:
    """A signal that ended the child is told by a code above 128."""
    assert exit_code(returncode) == expected


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("raise", "the run ended with exit code 1"),
        ("vanish", "the run was ended by signal 9 (Killed)"),
    ],
)
def test_a_crash_is_started_again_and_gone_on_with(
    starter: Starter, word: str, reason: str
) -> None:
    """The next run goes on in the same session where the last snapshot stood."""
    run = starter.start(f"{word} {word} finish")
    ended = run.ended()
    sessions, numbers = zip(*run.counted(), strict=True)
    behind = [b for a, b in pairwise(numbers) if b != a + 1]

    assert ended == (
        0,
        [
            "begins a new session: there is no session to go on with",
            f"{reason}; starts again in 0.05 s",
            "goes on with session S",
            f"{reason}; starts again in 0.1 s",
            "goes on with session S",
        ],
    )
    assert len(set(sessions)) == 1
    assert set(numbers) == set(range(300))
    assert 0 not in behind
    assert finished_by(run.data_dir, sessions[0]) == "drained"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_passed_on(starter: Starter, number: signal.Signals) -> None:
    """The run drains and the supervisor ends with 0, well within two seconds."""
    run = starter.start("count")
    run.wait_counting()
    asked = time.monotonic()
    run.process.send_signal(number)

    assert run.ended() == (0, ["begins a new session: there is no session to go on with"])
    assert time.monotonic() - asked < 2
    assert finished_by(run.data_dir, run.counted()[0][0]) == "drained"


def test_a_drained_session_is_gone_on_with(starter: Starter) -> None:
    """A new start soon after a stop goes on; meanwhile the session is not called finished."""
    first = starter.start("count")
    first.wait_counting()
    first.process.terminate()
    first.ended()
    second = starter.start("count")
    second.wait_counting()
    sessions = {session for session, _ in second.counted()}
    meanwhile = finished_by(second.data_dir, *sessions)
    second.process.terminate()

    assert second.ended() == (0, ["goes on with session S"])
    assert meanwhile is None
    assert [number for _, number in second.counted()] == list(range(len(second.counted())))


def test_a_new_session_can_be_asked_for(starter: Starter) -> None:
    """`new` holds for the first start; what crashes then is gone on with."""
    first = starter.start("count")
    first.wait_counting()
    first.process.terminate()
    first.ended()
    second = starter.start("raise finish", "--new")

    assert second.ended() == (
        0,
        [
            "begins a new session: that was asked for",
            "the run ended with exit code 1; starts again in 0.05 s",
            "goes on with session S",
        ],
    )
    assert len({session for session, _ in second.counted()}) == 2


def test_a_stop_in_a_pause_ends_at_once(starter: Starter) -> None:
    """Nothing is started any more, and the exit code is that of the run that died."""
    run = starter.start("raise", env={"FAIRLINE_RECOVERY__RESTART_FIRST_S": "50"})
    assert run.process.stderr is not None
    for line in run.process.stderr:
        if "starts again in 50 s" in line:
            break
    asked = time.monotonic()
    run.process.terminate()

    assert run.ended() == (1, [])
    assert time.monotonic() - asked < 2
    assert (run.data_dir / "starts").read_text() == "start\n"


def test_an_early_end_with_code_0_is_a_failure(starter: Starter) -> None:
    """A run that nobody asked to end and that finished nothing has not done its work."""
    run = starter.start("early", env={"FAIRLINE_RECOVERY__GIVE_UP_AFTER": "2"})
    told = (
        "the run ended with exit code 0, unasked, and left session S unfinished; Bytewax may end "
        "so where its port (BYTEWAX_DATAFLOW_API_PORT) is in use"
    )

    assert run.ended() == (
        1,
        [
            "begins a new session: there is no session to go on with",
            f"{told}; starts again in 0.05 s",
            "goes on with session S",
            f"{told}; given up, failures in a row: 2",
        ],
    )


def test_it_gives_up_after_failures_in_a_row(starter: Starter) -> None:
    """The exit code is that of the last run, as a shell would tell it."""
    run = starter.start("raise vanish", env={"FAIRLINE_RECOVERY__GIVE_UP_AFTER": "2"})
    code, lines = run.ended()

    assert code == 128 + signal.SIGKILL
    assert lines[-1] == ("the run was ended by signal 9 (Killed); given up, failures in a row: 2")


def test_what_cannot_start_is_not_started_again(starter: Starter) -> None:
    """It would be refused eight times for one reason; the first time says it."""
    run = starter.start("refuse count")

    assert run.ended() == (
        CANNOT_START,
        [
            "begins a new session: there is no session to go on with",
            "the run ended with exit code 78; not started again, as it would end so again",
        ],
    )
    assert (run.data_dir / "starts").read_text() == "start\n"


def test_a_steady_life_forgives(starter: Starter) -> None:
    """A run that lived long enough begins the count of failures anew."""
    run = starter.start(
        "raise raise finish",
        env={"FAIRLINE_RECOVERY__GIVE_UP_AFTER": "2", "FAIRLINE_RECOVERY__STEADY_S": "0.01"},
    )
    code, lines = run.ended()

    assert code == 0
    assert [line for line in lines if "again" in line] == [
        "the run ended with exit code 1; starts again in 0.05 s"
    ] * 2


def test_a_run_that_does_not_end_is_killed(starter: Starter) -> None:
    """After the time limit it gets SIGKILL, and the exit code says so; asking twice is no haste."""
    run = starter.start("stubborn", env={"FAIRLINE_RECOVERY__KILL_AFTER_S": "0.6"})
    run.wait_counting()
    run.process.terminate()
    time.sleep(0.2)
    run.process.send_signal(signal.SIGINT)

    assert run.ended() == (
        137,
        [
            "begins a new session: there is no session to go on with",
            "SIGINT again; the run is draining and is killed if it does not end",
            "the run did not end in 0.6 s and was killed",
        ],
    )


def test_one_supervisor_at_a_time(starter: Starter) -> None:
    """A second one names the process of the first, and leaves it alone."""
    first = starter.start("count")
    first.wait_counting()
    second, pid = starter.start("count"), first.process.pid

    assert second.ended() == (
        1,
        [
            (
                f"Error: {starter.data_dir} is in use by `fairline run`, process {pid}; stop it "
                f"with `kill {pid}`, or choose another data directory"
            )
        ],
    )
    first.wait_counting()


def test_a_run_that_lost_its_supervisor_is_named(starter: Starter) -> None:
    """It holds the data directory until it is stopped, and then is gone on with."""
    killed = starter.start("count")
    killed.wait_counting()
    killed.process.kill()
    killed.process.wait()
    refused = starter.start("count").ended()
    told = re.search(r"`kill (\d+)`", refused[1][0])
    assert told is not None
    orphan = int(told[1])

    assert orphan != killed.process.pid
    assert refused == (
        1,
        [
            (
                f"Error: {starter.data_dir} is in use by process {orphan}, a run that outlived its "
                f"supervisor; stop it with `kill {orphan}` and start again: the session is gone on "
                "with"
            )
        ],
    )
    os.kill(orphan, signal.SIGTERM)
    # The pipe to the killed supervisor ends when the last process that holds it does.
    killed.process.communicate(timeout=STARTED)
    assert starter.start("finish").ended() == (0, ["goes on with session S"])


def settled(data_dir: Path, venue: str = "http://localhost:1") -> Settings:
    """Return settings with a venue that goes on while we are away."""
    return Settings(data_dir=data_dir, venue=venue)


@pytest.fixture(scope="module")
def drained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data directory with the store of a drained session, to be copied."""
    starter = Starter(tmp_path_factory.mktemp("drained") / "data")
    assert starter.start("finish").ended()[0] == 0
    return starter.data_dir


@pytest.fixture
def left(drained: Path, tmp_path: Path) -> tuple[Settings, str]:
    """Return the settings of a data directory with the store of a drained session, and its name."""
    shutil.copytree(drained, tmp_path / "left")
    session = stored_session(tmp_path / "left")
    assert session is not None
    return settled(tmp_path / "left"), session


def test_a_rebuilt_session_is_not_gone_on_with(left: tuple[Settings, str]) -> None:
    """Its archive was made without the store, which is behind and removed."""
    settings, session = left
    mark_finished(settings.data_dir, session, by="rebuild")

    assert prepare(settings, time.time_ns(), new=False)[1] == (
        f"begins a new session: session {session} was finished from its journal, and its state is "
        "behind"
    )
    assert stored_session(settings.data_dir) not in {None, session}


def test_an_old_session_is_not_gone_on_with(left: tuple[Settings, str]) -> None:
    """After some hours it is another evening."""
    settings, session = left

    assert prepare(settings, time.time_ns() + 7 * 3600 * NS_PER_S, new=False)[1] == (
        f"begins a new session: session {session} ended 7.0 h ago"
    )


def test_a_simulated_evening_begins_anew(left: tuple[Settings, str]) -> None:
    """The built-in simulator plays from the start; no earlier session is mixed with that."""
    settings, session = left
    simulated = settled(settings.data_dir, venue="simulator")

    assert prepare(simulated, time.time_ns(), new=True)[1] == (
        "begins a new session: a simulated evening begins"
    )
    assert stored_session(settings.data_dir) not in {None, session}


def test_what_is_gone_on_with_is_not_finished(left: tuple[Settings, str]) -> None:
    """From here on the archive of the session may lack rows."""
    settings, session = left

    assert prepare(settings, time.time_ns(), new=False)[1] == f"goes on with session {session}"
    assert finished_by(settings.data_dir, session) is None


def test_dead_rows_are_pruned_first(left: tuple[Settings, str]) -> None:
    """How many there were is told, as each slows every epoch."""
    settings, session = left
    file = recovery_directory(settings.data_dir) / "part-0.sqlite3"
    with closing(sqlite3.connect(file)) as part:
        part.executemany(
            "INSERT INTO snaps (step_id, state_key, snap_epoch) VALUES ('planned.x', ?, 1)",
            [(f"game-{number}",) for number in range(2_000)],
        )
        part.commit()

    assert re.fullmatch(
        rf"goes on with session {session}; 2,000 rows and 0\.\d MB of its store were pruned",
        prepare(settings, time.time_ns(), new=False)[1],
    )


def test_another_number_of_partitions_is_refused(left: tuple[Settings, str]) -> None:
    """The store is left as it is, and both ways out are named."""
    settings, session = left
    other = settings.model_copy(update={"recovery": Recovery(partitions=2)})
    with pytest.raises(RecoveryError) as caught:
        prepare(other, time.time_ns(), new=False)

    assert str(caught.value) == (
        f"the recovery store {recovery_directory(settings.data_dir)} was made with "
        "recovery.partitions = 1, now it is 2; set it back, or begin a new session with: fairline "
        "run --new (the journal is kept)"
    )
    assert finished_by(settings.data_dir, session) == "drained"
    assert prepare(other, time.time_ns(), new=True)[1] == "begins a new session: that was asked for"
    assert len(list(recovery_directory(settings.data_dir).glob(PARTS))) == 2


def test_half_a_store_is_made_anew(tmp_path: Path) -> None:
    """One that was being made when the power went has no session, and goes."""
    store = recovery_directory(tmp_path)
    store.mkdir()
    init_db_dir(store, 3)
    (store / "part-1.sqlite3").unlink()

    assert prepare(settled(tmp_path), 0, new=False)[1] == (
        "begins a new session: there is no session to go on with"
    )
    assert [path.name for path in store.glob("part-*")] == ["part-0.sqlite3"]


def test_a_directory_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    """A file where the store must be is named."""
    recovery_directory(tmp_path).touch()
    with pytest.raises(RecoveryError, match="Not a directory; move away the file"):
        prepare(settled(tmp_path), 0, new=False)
