"""Whether files can be read, and what lies about, on real files."""

from __future__ import annotations

from pathlib import Path

import pytest
from archived import SESSION, write_rows
from rows import letter, tick

from connectors.archive.places import archive_directory
from connectors.archive.readable import left_over, read_all, without_journal


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Return the two files of an archive."""
    return write_rows(tmp_path, [tick(), letter()])


def test_sound_files_are_counted(tmp_path: Path, paths: list[Path]) -> None:
    """All files are read, and nothing is said of them."""
    found = read_all(tmp_path)
    assert (found.read, found.damaged, found.problems) == (2, {}, ())


@pytest.mark.parametrize("kept", [0, 100, -20])
def test_a_truncated_file_is_named(tmp_path: Path, paths: list[Path], kept: int) -> None:
    """A file that was cut off is told with its path and how to mend it."""
    bad = paths[0]
    bad.write_bytes(bad.read_bytes()[:kept])
    found = read_all(tmp_path)
    assert list(found.damaged) == [bad]
    (problem,) = found.problems
    assert problem.startswith(f"{bad} cannot be read: ")
    assert problem.endswith(f"; make it again with: fairline rebuild --session {SESSION}")


def test_damaged_frames_cannot_be_made_again(tmp_path: Path) -> None:
    """A damaged sealed file is to be restored, as all else is made from it."""
    folder = archive_directory(tmp_path) / "frames" / "date=2026-11-18" / "league=all"
    folder.mkdir(parents=True)
    (folder / f"journal-{SESSION}-00000001.parquet").write_bytes(b"PAR1")
    (problem,) = read_all(tmp_path).problems
    assert problem.endswith(
        "; restore it from a copy, or remove it if its segment is still in the journal"
    )


def test_staged_rows_are_left_over(tmp_path: Path) -> None:
    """What a session staged and did not publish is told, unless the session is in use."""
    part = tmp_path / "staging" / SESSION / "rows-0"
    part.mkdir(parents=True)
    (tmp_path / "staging" / f"{SESSION}.published").write_text("{}")
    assert left_over(tmp_path, None, []) == []
    (part / "00000001__ticks__2026-11-18__nba.jsonl").write_text("{}\n")
    problem = (
        f"{part.parent} holds 1 files of rows that were not published; start the run again, or "
        f"make them with: fairline rebuild --session {SESSION}"
    )
    assert left_over(tmp_path, None, []) == [problem]
    assert left_over(tmp_path, SESSION, []) == [problem]
    assert left_over(tmp_path, "another", []) == []
    assert left_over(tmp_path, None, [SESSION]) == []


def test_rows_without_a_journal(tmp_path: Path, paths: list[Path]) -> None:
    """Sessions whose frames are gone are listed, each once."""
    assert without_journal(tmp_path, []) == [SESSION]
    assert without_journal(tmp_path, [SESSION]) == []
