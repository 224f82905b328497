from __future__ import annotations

from pathlib import Path

from payloads import frame

from connectors.journal.finished import (
    FINISHED,
    finished_by,
    mark_finished,
    mark_unfinished,
    unfinished_sessions,
)
from connectors.journal.sessions import hub_folder
from connectors.journal.writer import JournalWriter, journal_directory


def test_a_session_is_unfinished_until_it_is_marked(tmp_path: Path) -> None:
    """What was cut off is found again at the next start, oldest first."""
    for session in ("20261120T190000Z", "20261119T190000Z"):
        writer = JournalWriter(journal_directory(tmp_path) / session)
        writer.append([frame(1, "clock", "")])
        writer.close()
    found = [unfinished_sessions(tmp_path)]
    mark_finished(tmp_path, "20261119T190000Z")
    found.append(unfinished_sessions(tmp_path))
    mark_unfinished(tmp_path, "20261119T190000Z")
    found.append(unfinished_sessions(tmp_path))

    assert found == [
        ["20261119T190000Z", "20261120T190000Z"],
        ["20261120T190000Z"],
        ["20261119T190000Z", "20261120T190000Z"],
    ]


def test_hubs_are_of_one_session(tmp_path: Path) -> None:
    """A session of several hubs is named once, and found though its first hub wrote nothing."""
    for session, hub in (("20261119T190000Z", 0), ("20261119T190000Z", 1), ("20261118T190000Z", 1)):
        JournalWriter(hub_folder(journal_directory(tmp_path) / session, hub)).close()
    found = unfinished_sessions(tmp_path)
    mark_finished(tmp_path, "20261119T190000Z")

    assert found == ["20261118T190000Z", "20261119T190000Z"]
    assert unfinished_sessions(tmp_path) == ["20261118T190000Z"]


def test_a_data_directory_without_a_journal_has_no_sessions(tmp_path: Path) -> None:
    """Nothing was cut off where nothing ran."""
    assert unfinished_sessions(tmp_path) == []


def test_who_finished_a_session_is_on_record(tmp_path: Path) -> None:
    """A run drains, a rebuild rebuilds; the later word counts, until it is taken back."""
    session = "20261120T190000Z"
    folder = journal_directory(tmp_path) / session
    folder.mkdir(parents=True)
    found = [finished_by(tmp_path, session)]
    mark_finished(tmp_path, session)
    found.append(finished_by(tmp_path, session))
    mark_finished(tmp_path, session, by="rebuild")
    found.append(finished_by(tmp_path, session))
    mark_unfinished(tmp_path, session)
    found.append(finished_by(tmp_path, session))

    assert found == [None, "drained", "rebuilt", None]
    assert list(folder.iterdir()) == []


def test_a_mark_that_says_nothing_counts_as_rebuilt(tmp_path: Path) -> None:
    """What an older version left, or damage, is no leave to go on from a store."""
    folder = journal_directory(tmp_path) / "20261120T190000Z"
    folder.mkdir(parents=True)
    found = []
    for content in (b"", b"\xff", b"drained by somebody"):
        (folder / FINISHED).write_bytes(content)
        found.append(finished_by(tmp_path, folder.name))

    assert found == ["rebuilt"] * 3
