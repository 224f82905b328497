"""The README's first command, run as a user runs it, and replays of what it left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from connectors.archive.connect import ask, connect
from connectors.journal.reader import read_frames
from flows.failures import CANNOT_START
from flows.replay import Manner, replay
from flows.settings import Settings
from fusion.frames import SessionStarted, SlateMatched, decode_control

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "bytewax.run", "flows.fuse"]
SPEED = "600"


class Evening:
    """One simulated evening as a user's command played it."""

    def __init__(self, data_dir: Path, process: subprocess.CompletedProcess[str]) -> None:
        self.data_dir = data_dir
        self.process = process

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a question to the archive."""
        with connect(self.data_dir) as connection:
            return [tuple(row.values()) for row in ask(connection, sql).to_pylist()]


def environment(data_dir: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a run that writes to `data_dir`."""
    names = {f"FAIRLINE_{name.upper()}": value for name, value in settings.items()}
    return {**os.environ, "FAIRLINE_DATA_DIR": str(data_dir), **names}


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Evening:
    """Play the evening once, faster than the default."""
    data_dir = tmp_path_factory.mktemp("evening") / "data"
    process = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=environment(data_dir, simulator__speed=SPEED),
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    return Evening(data_dir, process)


def signals_of(data_dir: Path) -> list[bytes]:
    """Return every signal line under a data directory, in order of game and time."""
    lines = [
        line for file in (data_dir / "signals").iterdir() for line in file.read_bytes().splitlines()
    ]
    return sorted(lines, key=lambda line: (json.loads(line)["game_id"], json.loads(line)["seq"]))


def ticks_of(data_dir: Path) -> list[tuple[Any, ...]]:
    """Return every tick under a data directory, in order of game and time."""
    with connect(data_dir) as connection:
        table = ask(connection, "FROM ticks ORDER BY game_id, seq, outcome")
        return [tuple(row.values()) for row in table.to_pylist()]


def test_evening_ends_by_itself(evening: Evening) -> None:
    """The command ends with exit code 0 and says nothing of errors."""
    assert (evening.process.returncode, evening.process.stderr) == (0, "")


def test_summary_tells_what_happened(evening: Evening) -> None:
    """The summary names frames, ticks, signals, dead letters, latency, archive and a query."""
    out = evening.process.stdout

    assert re.search(r"frames +[\d,]+ in \d+ s, all in the journal", out)
    assert re.search(r"ticks +[\d,]+, of which [\d,]+ held for the next poll", out)
    assert re.search(r"signals +\d+ opened, \d+ updated, \d+ closed", out)
    assert re.search(
        r"dead letters +\d \((\d (undecided_match|other_draw|doubles_match)(, )?)+\)", out
    )
    assert re.search(r"journal to signal +p50 [\d.]+ ms, p99 [\d.]+ ms over \d+", out)
    assert "fairline query --archive" in out


def test_progress_is_told_in_lines_without_a_terminal(evening: Evening) -> None:
    """Where there is no terminal a line every few seconds says how it goes."""
    line = r"^ +\d+ s  \d+ games \(\d+ live, \d+ over\)  [\d,]+ frames  [\d,]+ ticks"

    assert len(re.findall(line, evening.process.stdout, re.MULTILINE)) >= 2


def test_evening_has_enough_in_it(evening: Evening) -> None:
    """At least four leagues, ten games, a pre-game phase, play, finals, thousands of updates."""
    ((leagues, games),) = evening.ask(
        "SELECT count(DISTINCT league), count(DISTINCT game_id) FROM games"
    )
    phases = evening.ask("SELECT DISTINCT state FROM games ORDER BY state")
    ((finals,),) = evening.ask("SELECT count(DISTINCT game_id) FROM games WHERE completed")
    unplayed = evening.ask(
        "SELECT league, arg_max(status, seq) AS ended FROM games GROUP BY league, game_id "
        "HAVING NOT bool_or(completed) ORDER BY ended"
    )
    ((updates,),) = evening.ask("SELECT count(*) FROM ticks WHERE cause = 'book'")

    assert leagues >= 4
    assert games >= 10
    assert phases == [("in",), ("post",), ("pre",)]
    assert unplayed == [
        ("ncaamb", "canceled"),
        ("eng.1", "postponed"),
        ("mlb", "suspended"),
    ]
    assert finals == games - len(unplayed)
    assert updates >= 5_000


def test_every_game_has_its_market(evening: Evening) -> None:
    """Every game that was played was matched, priced before its start and in play."""
    rows = evening.ask(
        "SELECT game_id FROM games WHERE state = 'in' AND league NOT IN ('atp', 'wta', 'ufc') "
        "EXCEPT "
        "SELECT game_id FROM ticks WHERE state = 'in' AND fair IS NOT NULL AND prior <> 'league'"
    )

    assert rows == []


def test_fair_prices_of_a_game_sum_to_one(evening: Evening) -> None:
    """The fair prices of all outcomes, told by one score, sum to 1."""
    rows = evening.ask(
        "SELECT game_id, seq, sum(fair) FROM ticks WHERE cause = 'score' AND fair IS NOT NULL "
        "GROUP BY ALL HAVING count(*) = if(contains(league, '.'), 3, 2) "
        "AND abs(sum(fair) - 1) > 1e-5"
    )

    assert rows == []


def test_signals_obey_their_rules(evening: Evening) -> None:
    """Every signal opened with an edge above the entry, in play, on fresh facts, and was closed."""
    opened = evening.ask("SELECT count(*) FROM signals WHERE transition = 'open'")
    broken = evening.ask(
        "SELECT * FROM signals WHERE transition = 'open' AND "
        "(edge < 0.05 OR cost IS NULL OR link <> 'live' OR score_age_s > 30 OR book_age_s > 5)"
    )
    left_open = evening.ask(
        "SELECT signal_id FROM signals GROUP BY signal_id "
        "HAVING count(*) FILTER (transition = 'close') <> 1"
    )

    assert opened > [(10,)]
    assert (broken, left_open) == ([], [])


def test_signals_file_is_the_signals_table(evening: Evening) -> None:
    """The JSON lines and the archive hold the same transitions."""
    table = evening.ask("SELECT signal_id, transition, seq FROM signals ORDER BY ALL")
    file = [json.loads(line) for line in signals_of(evening.data_dir)]

    assert sorted((row["signal_id"], row["transition"], row["seq"]) for row in file) == table


def test_journal_holds_the_session(evening: Evening) -> None:
    """The journal starts with its session, numbers its frames without a hole, and has a slate."""
    frames = list(read_frames(evening.data_dir))
    controls = [decode_control(frame.payload) for frame in frames if frame.source == "control"]

    assert [frame.seq for frame in frames] == list(range(len(frames)))
    assert isinstance(controls[0], SessionStarted)
    assert any(isinstance(control, SlateMatched) for control in controls)
    assert all(a.recv_ns <= b.recv_ns for a, b in pairwise(frames))


@pytest.mark.parametrize(("workers", "batch_frames"), [(1, 500), (2, 500), (1, 7)])
def test_replay_gives_the_same(
    evening: Evening, tmp_path: Path, workers: int, batch_frames: int
) -> None:
    """A replay of the journal gives the run's own ticks and signals, to the byte."""
    out = Settings(data_dir=tmp_path / "replayed")
    manner = Manner(workers=workers, batch_frames=batch_frames)
    counts = replay(evening.data_dir, out, manner)

    assert signals_of(out.data_dir) == signals_of(evening.data_dir)
    assert ticks_of(out.data_dir) == ticks_of(evening.data_dir)
    assert counts.ticks == len(ticks_of(evening.data_dir))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a run of the evening at its default speed, and end it if the test did not."""
    with subprocess.Popen(
        COMMAND,
        cwd=ROOT,
        env=environment(tmp_path / "data", display__every_s="0.5"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_a_run_well(
    running: subprocess.Popen[str], number: int, tmp_path: Path
) -> None:
    """SIGTERM and SIGINT end the run with its summary, a whole archive and exit code 0."""
    assert running.stdout is not None
    for line in running.stdout:
        if re.search(r"[1-9][\d,]* ticks", line):
            break
    asked = time.monotonic()
    running.send_signal(number)
    out, errors = running.communicate(timeout=30)

    assert (running.returncode, errors) == (0, "")
    assert time.monotonic() - asked < 10
    assert "journal to tick" in out
    with connect(tmp_path / "data") as connection:
        rows = ask(connection, "SELECT count(*) AS n FROM ticks").to_pylist()
    assert rows[0]["n"] > 0


def test_bad_configuration_is_one_sentence(tmp_path: Path) -> None:
    """A setting that nobody knows ends the command with a sentence, and a code that says so."""
    process = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=environment(tmp_path, espn__pol_s="3"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert process.returncode == CANNOT_START
    assert process.stderr == (
        "fairline: the configuration does not hold: espn.pol_s: Extra inputs are not permitted,"
        " was '3'\n"
    )


def test_dead_connector_ends_the_run_with_its_reason(tmp_path: Path) -> None:
    """A simulator that cannot start ends the process with a non-zero code and says why."""
    process = subprocess.run(
        COMMAND,
        cwd=ROOT,
        env=environment(tmp_path, simulator__seed="-1"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert process.returncode == 1
    *_, told = process.stderr.splitlines()
    assert told.startswith("fairline: the feeds stopped: the simulator did not start")
    assert "BytewaxRuntimeError" not in process.stderr
