"""Sessions on disk: found by every name, oldest first, wherever their segments are."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.archive.frames import sealed_file
from connectors.journal.sessions import (
    HubJournal,
    Part,
    Session,
    age_order,
    archive_of,
    find_sessions,
    hub_at,
    hub_folder,
    hub_folders,
    journal_directory,
    session_at,
    session_folder,
    stream_name,
)
from fusion.errors import JournalError

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
    hub = HubJournal(
        0,
        session,
        (
            Part(0, None, sealed[0]),
            Part(1, session / "00000001.fjl", sealed[1]),
            Part(2, session / "00000002.fjl", None),
        ),
    )
    expected = Session(NAME, (hub,))
    assert (session_at(session), hub_at(session)) == (expected, hub)
    for path in (data, journal_directory(data), session):
        assert find_sessions(path) == [expected]


@pytest.mark.parametrize("up", [0, 1, 2])
def test_sealed_frames_are_found_in_every_folder_of_their_table(tmp_path: Path, up: int) -> None:
    """The table, a day of it and a league of that have the same sessions."""
    _, table, _ = _data(tmp_path)
    folder = [table, *table.parents][up]
    sealed = [table / f"journal-{NAME}-{number:08d}.parquet" for number in (0, 1)]
    parts = tuple(Part(number, None, path) for number, path in enumerate(sealed))
    assert find_sessions(folder) == [Session(NAME, (HubJournal(0, folder / NAME, parts),))]


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


def _touched(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_hubs_of_a_session_are_told_apart(tmp_path: Path) -> None:
    """Each hub has its segments, in the journal and sealed; every name of the data finds all."""
    session = tmp_path / "journal" / NAME
    folders = [hub_folder(session, hub) for hub in (0, 1)]
    live = [_touched(folder / "00000002.fjl") for folder in folders]
    streams = [stream_name(folder) for folder in folders]
    sealed = [_touched(sealed_file(tmp_path / "archive", name, 1, 0)) for name in streams]
    hubs = tuple(
        HubJournal(hub, folders[hub], (Part(1, None, sealed[hub]), Part(2, live[hub], None)))
        for hub in (0, 1)
    )

    assert streams == [NAME, f"{NAME}.hub-1"]
    for path in (tmp_path, journal_directory(tmp_path), session):
        assert find_sessions(path) == [Session(NAME, hubs)]
    for hub, folder in zip(hubs, folders, strict=True):
        assert find_sessions(folder) == [Session(NAME, (hub,))]
        assert hub_at(folder) == hub
        assert session_folder(folder) == session
    assert hub_folders(journal_directory(tmp_path)) == [session, *folders]


def test_hubs_are_found_when_all_is_sealed(tmp_path: Path) -> None:
    """The names of sealed files tell that there were hubs, and where they wrote."""
    session = tmp_path / "journal" / NAME
    session.mkdir(parents=True)
    sealed = [
        _touched(sealed_file(tmp_path / "archive", name, 1, 0))
        for name in (NAME, f"{NAME}.hub-1", f"{NAME}.hub-10")
    ]
    hubs = tuple(
        HubJournal(hub, hub_folder(session, hub), (Part(1, None, path),))
        for hub, path in zip((0, 1, 10), sealed, strict=True)
    )

    assert find_sessions(session) == [Session(NAME, hubs)]
    assert find_sessions(hub_folder(session, 10)) == [Session(NAME, hubs[2:])]


def test_a_hub_that_wrote_nothing_is_left_out(tmp_path: Path) -> None:
    """A hub whose worker died before its first segment has no part in the session."""
    session = tmp_path / NAME
    segment = _touched(hub_folder(session, 1) / "00000001.fjl")
    hub_folder(session, 0).mkdir()
    hub = HubJournal(1, segment.parent, (Part(1, segment, None),))

    assert session_at(session) == Session(NAME, (hub,))
    assert session_at(hub_folder(session, 0)) == Session(NAME, ())


def test_segments_in_both_layouts_are_refused(tmp_path: Path) -> None:
    """What is beside the folder of the first hub would be numbered twice."""
    session = tmp_path / "journal" / NAME
    _touched(session / "00000001.fjl")
    _touched(hub_folder(session, 0) / "00000001.fjl")

    with pytest.raises(JournalError, match="holds segments beside those in hub-0; move away what"):
        find_sessions(tmp_path)
