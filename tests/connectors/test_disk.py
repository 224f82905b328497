"""What a failing disk is called, and how it is mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.disk import disk_errors, sync_directory
from fusion.errors import ArchiveError, JournalError


def test_error_names_action_path_reason_and_mend(tmp_path: Path) -> None:
    """A file where a folder must be is named, and told to be moved away."""
    (tmp_path / "data").write_text("a file")
    with (
        pytest.raises(JournalError) as caught,
        disk_errors(JournalError, "make", tmp_path / "data" / "journal"),
    ):
        (tmp_path / "data" / "journal").mkdir(parents=True)
    assert str(caught.value) == (
        f"cannot make {tmp_path}/data/journal: Not a directory; move away the file that stands "
        "where a folder must be, or choose another data directory"
    )


def test_full_disk_is_to_be_freed() -> None:
    """A disk without space is told to be freed."""
    with (
        pytest.raises(ArchiveError) as caught,
        disk_errors(ArchiveError, "write", Path("/dev/full")),
    ):
        Path("/dev/full").write_text("more")
    assert str(caught.value) == (
        "cannot write /dev/full: No space left on device; free space on its disk, "
        "or choose another data directory"
    )


def test_unlisted_error_still_says_what_to_do(tmp_path: Path) -> None:
    """A reason without advice of its own gets the general one, in the caller's kind of error."""
    with (
        pytest.raises(ArchiveError) as caught,
        disk_errors(ArchiveError, "read", tmp_path),
    ):
        tmp_path.read_bytes()
    assert str(caught.value) == (
        f"cannot read {tmp_path}: Is a directory; mend the disk, or choose another data directory"
    )


def test_other_errors_pass(tmp_path: Path) -> None:
    """Only what the operating system refused is turned."""
    with pytest.raises(ZeroDivisionError), disk_errors(JournalError, "write", tmp_path):
        _ = 1 // 0


def test_sync_directory_needs_the_directory(tmp_path: Path) -> None:
    """A folder that is there can be synced, one that is not says so."""
    sync_directory(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync_directory(tmp_path / "absent")
