from __future__ import annotations

from pathlib import Path

from payloads import frame

from connectors.journal.finished import mark_finished, mark_unfinished, unfinished_sessions
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


def test_a_data_directory_without_a_journal_has_no_sessions(tmp_path: Path) -> None:
    """Nothing was cut off where nothing ran."""
    assert unfinished_sessions(tmp_path) == []
