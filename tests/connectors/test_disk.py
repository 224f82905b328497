"""What a failing disk is called, and how it is mended."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from connectors.disk import disk_errors, make_directory, sync_directory, whole_file
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


def test_new_directories_have_names_to_be_synced(tmp_path: Path) -> None:
    """Each new one stands in one that must be synced; none where it was there."""
    (tmp_path / "a").mkdir()
    assert sorted(make_directory(tmp_path / "a/b/c")) == [tmp_path / "a", tmp_path / "a/b"]
    assert (tmp_path / "a/b/c").is_dir()
    assert make_directory(tmp_path / "a/b/c") == []


def test_file_appears_whole(tmp_path: Path) -> None:
    """While it is written nothing has its name, and what a crash left is written over."""
    path = tmp_path / "file"
    temporary = tmp_path / ".file.tmp"
    temporary.write_text("left by a crash")
    with whole_file(path) as file:
        file.write(b"content")
        assert (path.exists(), temporary.exists()) == (False, True)
    assert (path.read_bytes(), temporary.exists()) == (b"content", False)
    with whole_file(path) as file:
        file.write(b"newer")
        assert path.read_bytes() == b"content"
    assert path.read_bytes() == b"newer"


def test_failed_file_leaves_nothing(tmp_path: Path) -> None:
    """An error inside removes what was written, and leaves the older file."""
    path = tmp_path / "file"
    path.write_bytes(b"older")
    with pytest.raises(ZeroDivisionError), whole_file(path) as file:
        file.write(bytes(1 // 0))
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"older"]


def test_file_has_one_writer(tmp_path: Path) -> None:
    """A second writer of a file is refused, and harms neither the first nor the file."""
    path = tmp_path / "file"
    with whole_file(path) as first:
        first.write(b"first")
        with (
            pytest.raises(JournalError, match="wait for the other process that writes it"),
            disk_errors(JournalError, "write", path),
            whole_file(path),
        ):
            pass
        first.write(b" only")
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"first only"]


def test_file_that_was_renamed_before_it_was_locked_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who opened a temporary file that then got its name does not write into it."""
    path = tmp_path / "file"
    temporary = tmp_path / ".file.tmp"
    temporary.write_bytes(b"whole")
    lock = fcntl.flock

    def rename_first(descriptor: object, operation: int) -> None:
        temporary.replace(path)
        lock(descriptor, operation)  # type: ignore[arg-type]

    monkeypatch.setattr(fcntl, "flock", rename_first)
    with pytest.raises(BlockingIOError), whole_file(path):
        pass
    assert [each.read_bytes() for each in tmp_path.iterdir()] == [b"whole"]
