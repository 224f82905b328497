"""`fairline rebuild` as it is typed."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner
from payloads import espn_event, frame, scoreboard

from cli.main import main
from connectors.journal.writer import JournalWriter, journal_directory

SESSION = "20261118T190000Z"


def test_a_session_is_made_again(tmp_path: Path) -> None:
    """The verb says what the journal gave."""
    writer = JournalWriter(journal_directory(tmp_path) / SESSION)
    writer.append([frame(0, "espn:nba", scoreboard(espn_event()))])
    writer.close()
    result = CliRunner().invoke(
        main, ("rebuild", "--session", SESSION), env={"FAIRLINE_DATA_DIR": str(tmp_path)}
    )

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{SESSION}: 1 frames gave 0 ticks in 2 files\n"
