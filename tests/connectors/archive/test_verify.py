"""Verification of real sessions: every disagreement is told, with how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from archived import write_rows
from rows import game_row, letter, signal, tick

from connectors.archive.places import archive_directory
from connectors.archive.verify import Rows, Scope, Verified, is_in_use, verify_session
from connectors.journal.finished import mark_finished
from connectors.journal.sessions import journal_directory, session_at
from connectors.journal.writer import JournalWriter
from fusion.errors import JournalError
from fusion.frames import Frame
from fusion.rows import Row

SESSION = "20261118T190501Z"
ROWS: list[Row] = [
    *(tick(seq=seq) for seq in range(5)),
    tick(seq=5, date="2026-11-19"),
    game_row(),
    signal("open"),
    signal("close", seq=9),
    letter(),
]
MEND = f"make them again with: fairline rebuild --session {SESSION}"
EVERYTHING = Scope({}, ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a session that ended well, with three frames on record."""
    folder = journal_directory(tmp_path) / SESSION
    writer = JournalWriter(folder)
    writer.append([Frame(seq, 1_795_201_501_000_000_000 + seq, "clock", b"") for seq in range(3)])
    writer.close()
    mark_finished(tmp_path, SESSION)
    return folder


@pytest.fixture
def data_dir(tmp_path: Path, folder: Path) -> Path:
    """Return its data directory, with rows and signals of it."""
    write_rows(tmp_path, ROWS, SESSION)
    signals = [msgspec.json.encode(row) for row in ROWS[-3:-1]]
    signals_of(tmp_path).parent.mkdir()
    signals_of(tmp_path).write_bytes(b"\n".join(signals) + b"\n")
    return tmp_path


def signals_of(data_dir: Path) -> Path:
    """Return the file of the session's signals."""
    return data_dir / "signals" / f"{SESSION}.jsonl"


def gives(folder: Path, rows: list[Row]) -> Callable[[str], Path]:
    """Return a replay that gives these rows."""

    def replay(_: str) -> Path:
        write_rows(folder, rows, "replay")
        return archive_directory(folder)

    return replay


def verified(
    data_dir: Path, replay: Callable[[str], Path] | None = None, scope: Scope = EVERYTHING
) -> Verified:
    """Verify the session."""
    session = session_at(journal_directory(data_dir) / SESSION)
    return verify_session(data_dir, session, signals_of(data_dir), scope, replay)


def test_all_agrees(data_dir: Path) -> None:
    """Equal rows, in another order and other files, are no disagreement."""
    assert verified(data_dir, gives(data_dir / "again", ROWS[::-1])) == Verified(
        session=SESSION,
        in_use=False,
        finished=True,
        frames=3,
        missing=(),
        twice=(),
        tables={
            "ticks": Rows(6, 6, agree=True),
            "games": Rows(1, 1, agree=True),
            "signals": Rows(2, 2, agree=True),
            "books": Rows(0, 0, agree=True),
            "slates": Rows(0, 0, agree=True),
            "dead_letters": Rows(1, 1, agree=True),
            "levels": Rows(0, 0, agree=True),
        },
        problems=(),
        notes=(),
    )


def test_without_a_replay_rows_are_counted(data_dir: Path) -> None:
    """What was not asked is not said to agree."""
    found = verified(data_dir)
    assert (found.tables["ticks"], found.problems) == (Rows(6), ())


def test_missing_and_other_rows_are_told(data_dir: Path) -> None:
    """A row too few is told by its day and league, and so is a row with another value."""
    theirs = [*ROWS[:4], msgspec.structs.replace(ROWS[5], bid=0.01), *ROWS[6:]]
    found = verified(data_dir, gives(data_dir / "again", theirs))
    assert found.tables["ticks"] == Rows(6, 5, agree=False)
    assert found.problems == (
        (
            f"ticks of nba on 2026-11-18: 5 rows in the archive, 4 from the journal of session "
            f"{SESSION}; {MEND}"
        ),
        (
            f"ticks of nba on 2026-11-19: 1 rows, but not those that the journal of session "
            f"{SESSION} gives now; if the settings and coefficients are those of the run, {MEND}"
        ),
    )


def test_days_that_are_not_kept_are_left_out(data_dir: Path) -> None:
    """What retention may have taken is not missing."""
    ours = archive_directory(data_dir) / "ticks" / "date=2026-11-18" / "league=nba"
    for path in ours.iterdir():
        path.unlink()
    scope = Scope({"ticks": date(2026, 11, 19)}, ())
    found = verified(data_dir, gives(data_dir / "again", ROWS), scope)
    assert (found.tables["ticks"], found.problems) == (Rows(1, 1, agree=True), ())


def test_damaged_files_are_left_out_and_so_missing(data_dir: Path) -> None:
    """Rows of a file that cannot be read count as not there."""
    (path,) = (archive_directory(data_dir) / "games").rglob("*.parquet")
    path.write_bytes(b"PAR1")
    found = verified(data_dir, gives(data_dir / "again", ROWS), Scope({}, {path}))
    assert found.problems == (
        (
            f"games of nba on 2026-11-18: 0 rows in the archive, 1 from the journal of session "
            f"{SESSION}; {MEND}"
        ),
    )


def test_files_from_before_a_column_agree(data_dir: Path) -> None:
    """A column that came later is not compared."""
    for path in (archive_directory(data_dir) / "ticks").rglob("*.parquet"):
        pq.write_table(pq.ParquetFile(path).read().drop_columns(["prior"]), path)
    assert verified(data_dir, gives(data_dir / "again", ROWS)).problems == ()


def test_signals_that_differ_are_told(data_dir: Path) -> None:
    """A line too few, a line that is none, and a file that is not there."""
    path = signals_of(data_dir)
    line, other = path.read_bytes().splitlines()
    path.write_bytes(line + b"\n{\n")
    assert verified(data_dir).problems == (
        f"line 2 of {path} is no signal, of 1; {MEND}",
        f"{path} has 1 signals of nba on 2026-11-18, its table 2; {MEND}",
    )
    path.write_bytes(line + b"\n" + other.replace(b'"size":100.0', b'"size":99.0') + b"\n")
    assert verified(data_dir).problems == (
        f"{path} has 2 signals of nba on 2026-11-18, its table 2 others; {MEND}",
    )
    path.unlink()
    assert verified(data_dir).problems == (
        f"{path} is not there, and the table has 2 rows of it; {MEND}",
    )


def test_a_session_that_was_cut_off_is_told(data_dir: Path, folder: Path) -> None:
    """It is not compared: that its archive lacks rows is to be expected."""
    (folder / "finished").unlink()
    assert verified(data_dir, gives(data_dir / "again", [])).problems == (
        (
            f"session {SESSION} was cut off, and its archive may lack rows; go on with it by "
            f"starting the run again, or {MEND}"
        ),
    )


def test_a_session_in_use_is_no_problem(data_dir: Path, folder: Path) -> None:
    """The rows of a run that is at work are not all in the archive yet."""
    writer = JournalWriter(folder)
    assert is_in_use(session_at(folder))
    found = verified(data_dir, gives(data_dir / "again", []))
    writer.close()
    assert (found.in_use, found.problems) == (True, ())
    assert found.notes == (
        f"session {SESSION} is in use: its last rows are not in the archive yet",
    )
    assert not is_in_use(session_at(folder))


def test_missing_and_doubled_frames_are_told(data_dir: Path, folder: Path) -> None:
    """The numbers that lack and those that are twice are named."""
    writer = JournalWriter(folder)
    writer.append([Frame(seq, 1_795_201_501_000_000_000 + seq, "clock", b"") for seq in (2, 7, 9)])
    writer.close()
    found = verified(data_dir)
    assert (found.missing, found.twice) == (((3, 6), (8, 8)), ((2, 2),))
    assert found.problems == (
        (
            f"{SESSION} lacks the frames 3 to 6, 8; restore their segments from a copy (where a "
            "segment was repaired, the gap is on record, and this stays)"
        ),
        (
            f"{SESSION} has the frames 2 more than once; move away the segment that does not "
            "belong there"
        ),
    )


def test_a_journal_that_lost_its_beginning_is_not_compared(data_dir: Path, folder: Path) -> None:
    """What retention took cannot be replayed, which is said and is no problem."""
    (folder / "00000001.fjl").rename(folder / "00000002.fjl")
    found = verified(data_dir, gives(data_dir / "again", []))
    assert (found.problems, found.tables["ticks"]) == ((), Rows(6))
    assert found.notes == (
        (
            f"{SESSION} begins with frame 0, those before were let go by age: its rows are not "
            "compared"
        ),
    )


def test_a_replay_that_fails_is_told(data_dir: Path) -> None:
    """Why a session cannot be replayed is a problem of it; its rows are counted all the same."""

    def fails(_: str) -> Path:
        msg = "segment 7 is damaged; restore it"
        raise JournalError(msg)

    found = verified(data_dir, fails)
    assert found.problems == (
        f"session {SESSION} cannot be replayed: segment 7 is damaged; restore it",
    )
    assert found.tables["ticks"] == Rows(6)
