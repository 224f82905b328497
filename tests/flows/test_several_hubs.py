"""Evenings that several hubs share, on threads and on processes, and replays of what they left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from evening_archive import evening_archive

from connectors.archive.connect import connect
from connectors.archive.schema import TABLES
from connectors.journal.drained import all_drained
from connectors.journal.finished import finished_by
from connectors.journal.hub_count import hub_count
from connectors.journal.reader import read_frames
from connectors.journal.sessions import hub_folder, journal_directory
from connectors.journal.wanted import Wanted
from connectors.journal.writer import JournalWriter
from flows.replay import Manner, replay
from flows.settings import Settings
from fusion.frames import Frame, SessionStarted, SlateMatched, decode_control, encode_control
from fusion.share import hub_of

ROOT = Path(__file__).parents[2]
FAIRLINE = Path(sys.executable).with_name("fairline")
SPEED = "1200"
ENOUGH_BYTES = 1 << 19
DRAIN_S = 2.0
STARTED_S = 30.0
SOME_FRAMES = 6_000

Facts = dict[str, tuple[Any, ...]]


def environment(data_dir: Path) -> dict[str, str]:
    """Return the environment of a run of two hubs."""
    settings = {
        "FAIRLINE_DATA_DIR": str(data_dir),
        "FAIRLINE_FEEDS__HUBS": "2",
        "FAIRLINE_SIMULATOR__SPEED": SPEED,
        "FAIRLINE_LEAGUES": "nba,nfl,nhl,mlb,eng.1",
        "FAIRLINE_RECOVERY__RESTART_FIRST_S": "0.05",
    }
    return {**os.environ, **settings}


def facts(data_dir: Path) -> Facts:
    """Return how many rows each table has and a sum over their contents, and all signals."""
    with connect(data_dir) as connection:
        told: Facts = {
            table: connection.execute(
                f"SELECT count(*), sum(hash(t)) FROM {table} t"  # noqa: S608  (a name of ours)
            ).fetchall()[0]
            for table in TABLES
            if table != "frames"
        }
    (file,) = (data_dir / "signals").iterdir()
    return told | {"signals file": tuple(sorted(file.read_bytes().splitlines()))}


def until(met: Callable[[], bool]) -> None:
    """Wait until a condition is met."""
    deadline = time.monotonic() + STARTED_S
    while not met():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def the_session(data_dir: Path) -> Path:
    """Return the folder of the only session."""
    (session,) = journal_directory(data_dir).glob("*/")
    return session


def written(data_dir: Path, hub: int) -> int:
    """Return how many bytes a hub has journaled."""
    folders = journal_directory(data_dir).glob(f"*/hub-{hub}/*.fjl")
    return sum(path.stat().st_size for path in folders)


@pytest.fixture(scope="module")
def threads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play an evening on two hubs and two threads to its end."""
    data_dir = tmp_path_factory.mktemp("threads") / "data"
    played = subprocess.run(
        [sys.executable, "-m", "bytewax.run", "flows.fuse", "-w", "2"],
        cwd=ROOT,
        env=environment(data_dir),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert (played.returncode, played.stderr) == (0, "")
    return data_dir


def second_process(supervisor: int) -> int:
    """Return the id of the second process of a run, by its command."""
    for child in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
        if b"\0-i\0001\0" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    pytest.fail("there is no second process")


class Drained:
    """What two processes left of which one was killed, and that were asked to stop later."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        with subprocess.Popen(
            [FAIRLINE, "run", "-p", "2"],
            cwd=ROOT,
            env=environment(data_dir),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            self.wait_for_more()
            os.kill(second_process(process.pid), signal.SIGKILL)
            self.wait_for_more()
            asked = time.monotonic()
            process.send_signal(signal.SIGTERM)
            _, self.errors = process.communicate(timeout=STARTED_S)
            self.seconds = time.monotonic() - asked
        self.code = process.returncode

    def wait_for_more(self) -> None:
        """Wait until each hub has journaled some more."""
        before = [written(self.data_dir, hub) for hub in range(2)]
        until(
            lambda: all(
                written(self.data_dir, hub) > before[hub] + ENOUGH_BYTES for hub in range(2)
            )
        )


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Drained:
    """Play a part of an evening on two hubs in two processes."""
    return Drained(tmp_path_factory.mktemp("processes") / "data")


def test_the_processes_die_and_drain_together(processes: Drained) -> None:
    """After one was killed both start again, in one session; one signal ends both well and soon."""
    session = the_session(processes.data_dir)
    first, again, last = (
        line
        for line in processes.errors.splitlines()
        # The engine may leave the other process hanging, which is then killed.
        if line.startswith("fairline:") and not line.endswith("and was killed")
    )

    assert processes.code == 0
    assert first == "fairline: begins a new session: a simulated evening begins"
    assert again.endswith("; starts again in 0.05 s")
    assert last == f"fairline: goes on with session {session.name}"
    assert processes.seconds < DRAIN_S + 1.0
    assert finished_by(processes.data_dir, session.name) == "drained"
    assert all_drained(hub_folder(session, hub) for hub in range(2))


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_each_hub_has_a_whole_journal_of_its_share(
    kind: str, request: pytest.FixtureRequest
) -> None:
    """It begins with the session, has no hole, and lists its own games only."""
    left = request.getfixturevalue(kind)
    data_dir = left.data_dir if isinstance(left, Drained) else left
    session = the_session(data_dir)

    assert hub_count(data_dir) == 2
    for hub in range(2):
        frames = list(read_frames(hub_folder(session, hub)))
        controls = [decode_control(each.payload) for each in frames if each.source == "control"]
        slates = [each.slate for each in controls if isinstance(each, SlateMatched)]
        games = {game.game_id for slate in slates for game in slate.games}
        assert [frame.seq for frame in frames] == list(range(len(frames)))
        assert isinstance(controls[0], SessionStarted)
        assert {hub_of(game_id, 2) for game_id in games} == {hub}
        assert {f"espn:{league}" for league in ("nba", "nfl", "nhl", "mlb", "eng.1")} <= {
            frame.source for frame in frames
        }


@pytest.mark.parametrize(
    ("kind", "workers"), [("threads", 1), ("threads", 2), ("processes", 1), ("processes", 3)]
)
def test_a_replay_is_what_the_hubs_archived(
    kind: str, workers: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Every table and the signals, to the byte, on any number of workers."""
    left = request.getfixturevalue(kind)
    data_dir = left.data_dir if isinstance(left, Drained) else left
    replay(data_dir, Settings(data_dir=tmp_path / "again"), Manner(workers=workers))
    lived = facts(data_dir)

    assert lived["ticks"][0] > 500
    assert facts(tmp_path / "again") == lived


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    """Return the first frames of an evening of one hub."""
    found = read_frames(evening_archive(tmp_path_factory), Wanted())
    return [frame for _, frame in zip(range(SOME_FRAMES), found, strict=False)]


@pytest.fixture(scope="module")
def alone(frames: list[Frame], tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Return what one hub and one worker make of the evening."""
    return again(frames, 1, 1, tmp_path_factory.mktemp("alone"))


def quieter(frame: Frame) -> Frame:
    """Return the frame as it is where another hub of the process tells what is wrong."""
    control = decode_control(frame.payload) if frame.source == "control" else None
    if not isinstance(control, SessionStarted):
        return frame
    payload = encode_control(msgspec.structs.replace(control, tells=False))
    return msgspec.structs.replace(frame, payload=payload)


def again(frames: list[Frame], hubs: int, workers: int, folder: Path) -> Facts:
    """Return what so many hubs make of an evening that each of them heard whole."""
    session = journal_directory(folder / "heard") / "20261120T190000Z"
    for hub in range(hubs):
        writer = JournalWriter(session if hubs == 1 else hub_folder(session, hub))
        writer.append([quieter(frame) if hub else frame for frame in frames])
        writer.close()
    replay(folder / "heard", Settings(data_dir=folder / "again"), Manner(workers=workers))
    return facts(folder / "again")


@pytest.mark.parametrize(("hubs", "workers"), [(1, 2), (2, 1), (2, 2), (3, 1), (3, 2)])
def test_hubs_and_workers_do_not_matter(
    frames: list[Frame], alone: Facts, hubs: int, workers: int, tmp_path: Path
) -> None:
    """The same evening gives the same rows of every game, and every record once."""
    assert alone["ticks"][0] > 500
    assert alone["signals"][0] > 0
    assert again(frames, hubs, workers, tmp_path) == alone
