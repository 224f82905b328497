"""`fairline archive` as it is typed, on a session that its journal made."""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path

import pytest
from archived import write_rows
from click.testing import CliRunner, Result
from factories import AWAY, HOME, LINK
from payloads import (
    book_body,
    control,
    espn_event,
    frame,
    gamma_event,
    listing_body,
    market_frame,
    scoreboard,
)
from rows import letter

from cli.main import main
from connectors.archive.places import archive_directory
from connectors.journal.writer import JournalWriter, journal_directory
from flows.rebuild import rebuild
from flows.settings import Settings
from fusion.days import slate_day
from fusion.frames import Connected, Disconnected

SESSION = "20261118T190000Z"
PREGAME = scoreboard(espn_event(phase="pre", home=0, away=0, period=0, clock=0))
FRAMES = [
    frame(0, "espn:nba", PREGAME),
    frame(1, "gamma:events", listing_body(gamma_event())),
    control(2, Connected(LINK)),
    market_frame(3, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
    frame(4, "espn:nba", scoreboard(espn_event(home=75, away=55))),
    frame(5, "polymarket:market:0", "garbage"),
    control(6, Disconnected(LINK)),
]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data directory with the journal of a session, and the archive made from it."""
    writer = JournalWriter(journal_directory(tmp_path) / SESSION)
    writer.append(FRAMES)
    writer.close()
    rebuild(SESSION, Settings(data_dir=tmp_path))
    return tmp_path


def run(data_dir: Path, *arguments: str, **settings: str) -> Result:
    """Type the verb."""
    environment = {"FAIRLINE_DATA_DIR": str(data_dir), **settings}
    return CliRunner().invoke(main, ("archive", *arguments), env=environment)


def test_a_rebuilt_session_agrees(data_dir: Path) -> None:
    """The archive has what a replay gives, and nothing is left of the replay."""
    before = sorted(data_dir.iterdir())
    result = run(data_dir, "verify", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    report = json.loads(result.stdout)
    (found,) = report["sessions"]
    assert (report["problems"], report["notes"], found["frames"]) == ([], [], len(FRAMES))
    assert found["tables"]["signals"] == {"archive": 2, "journal": 2, "agree": True}
    assert found["tables"]["dead_letters"] == {"archive": 1, "journal": 1, "agree": True}
    assert all(rows["agree"] for rows in found["tables"].values())
    assert sorted(data_dir.iterdir()) == before


def test_a_lost_file_is_told_and_mended(data_dir: Path) -> None:
    """A file that is gone fails the check with a sentence; doing what it says mends it."""
    (path,) = (archive_directory(data_dir) / "dead_letters").rglob("*.parquet")
    path.unlink()
    result = run(data_dir, "verify")
    assert result.exit_code == 1
    (problem,) = result.stderr.splitlines()
    assert problem.startswith("dead_letters of ")
    assert problem.endswith(
        f": 0 rows in the archive, 1 from the journal of session {SESSION}; make them again with: "
        f"fairline rebuild --session {SESSION}"
    )
    assert f"{SESSION}: 7 frames; " in result.stdout
    assert "dead_letters 0 ≠ 1" in result.stdout
    quick = run(data_dir, "verify", "--quick")
    assert (quick.exit_code, "≠" in quick.stdout) == (0, False)
    rebuild(SESSION, Settings(data_dir=data_dir))
    assert run(data_dir, "verify").exit_code == 0


def test_two_processes_do_not_replay_at_once(data_dir: Path) -> None:
    """A second check is refused, and a quick one leaves the replay of the first alone."""
    folder = data_dir / "verify"
    folder.mkdir()
    (folder / "row").touch()
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        second = run(data_dir, "verify")
        quick = run(data_dir, "verify", "--quick")
    finally:
        os.close(held)
    assert (second.exit_code, second.stderr) == (
        1,
        f"Error: another process replays into {folder} at this moment; wait until it has ended\n",
    )
    assert (quick.exit_code, (folder / "row").exists()) == (0, True)
    assert (run(data_dir, "verify").exit_code, folder.exists()) == (0, False)


def test_a_folder_without_sessions_is_not_written_to(tmp_path: Path) -> None:
    """Where there is nothing to check nothing is made."""
    result = run(tmp_path, "verify")
    assert (result.exit_code, result.stdout) == (0, "0 files read\n")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_session_is_an_error(data_dir: Path) -> None:
    """A session that is not there is named."""
    result = run(data_dir, "verify", "--session", "absent")
    assert result.exit_code == 1
    assert result.stderr == (
        f"Error: {journal_directory(data_dir)} holds no session 'absent'; name one of its folders\n"
    )


def test_sessions_without_a_journal_are_noted(data_dir: Path) -> None:
    """Rows whose frames are gone cannot be checked, which is said and is no failure."""
    write_rows(data_dir, [letter()], "20251118T190000Z")
    result = run(data_dir, "verify", "--quick")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        "note: session 20251118T190000Z has rows and no journal; they cannot be checked"
    )


def test_compaction_is_told_and_verified(data_dir: Path) -> None:
    """Small files are joined, a second time none is, and the archive agrees all the same."""
    folder = archive_directory(data_dir) / "dead_letters" / "date=2026-11-18" / "league=none"
    other = "20261118T200000Z"
    for number in range(3):
        write_rows(data_dir, [letter(seq=number)], other, f"records-{number}")
    result = run(data_dir, "compact", "--table", "dead_letters")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"dead_letters/date=2026-11-18/league=none, session {other}: 3 of its files are now 1, "
        "3 rows\n"
    )
    assert f"{other}-merged-0001.parquet" in [path.name for path in folder.iterdir()]
    assert run(data_dir, "compact").stdout == "nothing to compact\n"
    assert json.loads(run(data_dir, "compact", "--json").stdout) == {
        "compacted": [],
        "failures": [],
    }
    assert run(data_dir, "verify").exit_code == 0


def test_a_damaged_file_fails_the_compaction(data_dir: Path) -> None:
    """What could not be compacted is told, and the exit code is 1."""
    (path,) = (archive_directory(data_dir) / "dead_letters").rglob("*.parquet")
    path.write_bytes(b"PAR1")
    result = run(data_dir, "compact", "--json")
    assert result.exit_code == 1
    (failure,) = json.loads(result.stdout)["failures"]
    assert failure.startswith(f"{path} cannot be read: ")


def test_days_go_when_they_are_told_to(data_dir: Path) -> None:
    """A dry run says what would go; the next one removes it, by the day of today."""
    today = slate_day(time.time_ns())
    write_rows(data_dir, [letter(date=today), letter(date="2020-01-01")], "20200101T190000Z")
    folder = archive_directory(data_dir) / "dead_letters"
    keep = {"FAIRLINE_ARCHIVE__KEEP_DAYS": '{"dead_letters": 1}'}
    before = sorted(path.name for path in folder.iterdir())
    dry = run(data_dir, "retain", "--dry-run", **keep)
    assert dry.stdout.startswith("dead_letters of 2020-01-01: 1 files, ")
    assert dry.stdout.splitlines()[0].endswith(" bytes would be removed")
    assert sorted(path.name for path in folder.iterdir()) == before
    result = run(data_dir, "retain", **keep)
    assert result.stdout.splitlines()[0].endswith(" bytes removed")
    assert "date=2020-01-01" not in [path.name for path in folder.iterdir()]
    assert f"date={today}" in [path.name for path in folder.iterdir()]
    assert run(data_dir, "retain", **keep).stdout == "nothing is older than it is kept\n"


def test_without_a_setting_all_is_kept(data_dir: Path) -> None:
    """Nothing is removed unless somebody said for how long to keep it."""
    assert run(data_dir, "retain").stdout == (
        "every table is kept; set keep_days in [archive], as in {ticks = 90}\n"
    )


def test_tables_that_are_none_are_refused(data_dir: Path) -> None:
    """A wrong name in the settings is told with the tables there are."""
    result = run(data_dir, "retain", FAIRLINE_ARCHIVE__KEEP_DAYS='{"tics": 1}')
    assert result.exit_code == 1
    assert "archive.keep_days: no table is called tics; there are ticks, games, " in result.stderr
