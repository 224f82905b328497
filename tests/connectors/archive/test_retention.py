"""Which days go, which stay and why; on real folders and a real journal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest
from archived import write_rows
from rows import letter, tick

from connectors.archive.connect import ask, connect
from connectors.archive.places import archive_directory
from connectors.archive.retention import Day, expired, held_frames, oldest_kept, retain
from connectors.journal.finished import mark_finished
from connectors.journal.reader import read_frames
from connectors.journal.sealing import seal_segment
from connectors.journal.segment_file import segments
from connectors.journal.writer import JournalWriter, journal_directory
from fusion.frames import Frame

TODAY = date(2026, 11, 20)
NS_PER_DAY = 86_400 * 1_000_000_000
NOON_NS = 1_794_938_400 * 1_000_000_000
"""2026-11-17 13:00 in New York."""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data directory with four days of ticks and two of dead letters."""
    days = [msgspec.structs.replace(tick(), date=f"2026-11-{day}") for day in range(16, 20)]
    letters = [letter(date="2026-11-16"), letter(date="2026-11-19")]
    write_rows(tmp_path, [*days, *letters])
    return tmp_path


def journal(data_dir: Path, session: str, days: int) -> Path:
    """Write a session with a frame a day, and seal all its segments; return its folder."""
    folder = journal_directory(data_dir) / session
    writer = JournalWriter(folder)
    for day in range(days):
        writer.append([Frame(day, NOON_NS + day * NS_PER_DAY, "clock", b"")])
    writer.close()
    for path in segments(folder).values():
        seal_segment(path, archive_directory(data_dir))
    return folder


def days_of(data_dir: Path, table: str) -> list[str]:
    """Return the days a table has, and whatever else is in its folder."""
    return sorted(path.name for path in (archive_directory(data_dir) / table).iterdir())


def test_older_days_go_by_table(data_dir: Path) -> None:
    """Each table keeps so many days before today; a table without a number keeps all."""
    days = expired(data_dir, oldest_kept({"ticks": 2}, TODAY), {})
    assert [(day.table, day.date, day.files, day.kept) for day in days] == [
        ("ticks", "2026-11-16", 1, ""),
        ("ticks", "2026-11-17", 1, ""),
    ]
    assert all(day.size > 1000 for day in days)
    retain(data_dir, days)
    assert days_of(data_dir, "ticks") == ["date=2026-11-18", "date=2026-11-19"]
    assert days_of(data_dir, "dead_letters") == ["date=2026-11-16", "date=2026-11-19"]
    with connect(data_dir) as connection:
        answer = ask(connection, "SELECT min(date)::VARCHAR AS first FROM ticks")
    assert answer.to_pylist() == [{"first": "2026-11-18"}]


def test_nothing_is_old_enough(data_dir: Path) -> None:
    """A day as old as the number of days is kept, and a table that is not there is no error."""
    assert expired(data_dir, oldest_kept({"ticks": 4, "levels": 1}, TODAY), {}) == []


def test_what_a_crash_left_goes_too(data_dir: Path) -> None:
    """A day that was taken out of sight and not yet removed goes with the next retention."""
    folder = archive_directory(data_dir) / "ticks"
    (folder / "date=2026-11-16").rename(folder / ".leaving-date=2026-11-16")
    retain(data_dir, [])
    assert days_of(data_dir, "ticks") == [f"date=2026-11-{day}" for day in (17, 18, 19)]


def test_frames_stay_until_their_session_is_finished(tmp_path: Path) -> None:
    """Frames of an unfinished session stay, and so do those that are still in the journal."""
    folder = journal(tmp_path, "20261117T180000Z", 3)
    oldest = oldest_kept({"frames": 1}, TODAY)

    def kept() -> list[str]:
        return [day.kept for day in expired(tmp_path, oldest, held_frames(tmp_path))]

    assert kept() == ["session 20261117T180000Z is not finished"] * 2
    mark_finished(tmp_path, "20261117T180000Z")
    reason = "segments of 20261117T180000Z that are sealed are still in the journal"
    assert kept() == [reason] * 2
    for path in segments(folder).values():
        path.unlink()
    assert kept() == ["", ""]
    retain(tmp_path, expired(tmp_path, oldest, held_frames(tmp_path)))
    assert days_of(tmp_path, "frames") == ["date=2026-11-19"]
    assert [frame.seq for frame in read_frames(tmp_path)] == [2]


def test_no_day_of_frames_goes_before_an_older_one(tmp_path: Path) -> None:
    """A finished session loses no day from its middle because another holds the first one."""
    journal(tmp_path, "20261117T180000Z", 1)
    for path in segments(journal(tmp_path, "20261117T190000Z", 3)).values():
        path.unlink()
    days = expired(tmp_path, oldest_kept({"frames": 1}, TODAY), held_frames(tmp_path))
    why = "session 20261117T180000Z is not finished"
    assert [(day.date, day.files, day.kept) for day in days] == [
        ("2026-11-17", 2, why),
        ("2026-11-18", 1, why),
    ]
    retain(tmp_path, days)
    assert len(days_of(tmp_path, "frames")) == 3


def test_a_removed_day_is_counted_as_it_was(data_dir: Path) -> None:
    """A day is told with the bytes of its files."""
    (path,) = (archive_directory(data_dir) / "ticks" / "date=2026-11-16").rglob("*.parquet")
    size = path.stat().st_size
    days = expired(data_dir, {"ticks": date(2026, 11, 17)}, {})
    assert days == [Day("ticks", "2026-11-16", 1, size, "")]
