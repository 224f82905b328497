"""Sessions on disk: found by every name, oldest first, wherever their segments are."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.journal.sessions import (
    Part,
    Session,
    age_order,
    archive_of,
    find_sessions,
    journal_directory,
    session_at,
)

NAME = "20261120T190501Z"


def _data(folder: Path) -> tuple[Path, Path, Path]:
    """Make a data directory: segment 1 sealed and in the journal, 2 in the journal, 0 sealed."""
    session = folder / "journal" / NAME
    table = folder / "archive" / "frames" / "date=2026-11-20" / "league=all"
    session.mkdir(parents=True)
    table.mkdir(parents=True)
    for number in (1, 2):
        (session / f"{number:08d}.fjl").touch()
    for number in (0, 1):
        (table / f"journal-{NAME}-{number:08d}.parquet").touch()
    (table / "other.parquet").touch()
    return session, table, folder


def test_parts_are_joined_by_number(tmp_path: Path) -> None:
    """A segment in both places is one part, and every name of the data finds the same."""
    session, table, data = _data(tmp_path)
    sealed = [table / f"journal-{NAME}-{number:08d}.parquet" for number in (0, 1)]
    expected = Session(
        NAME,
        session,
        (
            Part(0, None, sealed[0]),
            Part(1, session / "00000001.fjl", sealed[1]),
            Part(2, session / "00000002.fjl", None),
        ),
    )
    assert session_at(session) == expected
    for path in (data, journal_directory(data), session):
        assert find_sessions(path) == [expected]


@pytest.mark.parametrize("up", [0, 1, 2])
def test_sealed_frames_are_found_in_every_folder_of_their_table(tmp_path: Path, up: int) -> None:
    """The table, a day of it and a league of that have the same sessions."""
    _, table, _ = _data(tmp_path)
    folder = [table, *table.parents][up]
    sealed = [table / f"journal-{NAME}-{number:08d}.parquet" for number in (0, 1)]
    parts = tuple(Part(number, None, path) for number, path in enumerate(sealed))
    assert find_sessions(folder) == [Session(NAME, folder / NAME, parts)]


def test_sessions_sort_by_age(tmp_path: Path) -> None:
    """The number behind a stamp counts as a number."""
    names = [NAME, f"{NAME}-01", f"{NAME}-09", f"{NAME}-99", f"{NAME}-100", "20261120T190502Z"]
    for name in reversed(names):
        (tmp_path / "journal" / name).mkdir(parents=True)
        (tmp_path / "journal" / name / "00000001.fjl").touch()
    assert [session.name for session in find_sessions(tmp_path)] == names
    assert max(names, key=age_order) == names[-1]


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    """Empty and missing folders hold no sessions."""
    (tmp_path / "journal" / NAME).mkdir(parents=True)
    for path in (tmp_path, tmp_path / "journal", tmp_path / "journal" / NAME, tmp_path / "absent"):
        assert find_sessions(path) == []


def test_archive_is_beside_the_journal(tmp_path: Path) -> None:
    """A session in a journal has an archive, one in another folder has none."""
    assert archive_of(tmp_path / "journal" / NAME) == tmp_path / "archive"
    assert archive_of(tmp_path / NAME) is None
