"""Exchanging files: readers wait, crashes are mended, and what others made anew stays."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from connectors.archive.swap import PLAN, changing, exchange, hidden, reading, seen
from fusion.errors import ArchiveError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of an archive with two files."""
    folder = tmp_path / "ticks" / "date=2026-11-20" / "league=nba"
    folder.mkdir(parents=True)
    (folder / "a").write_text("old a")
    (folder / "b").write_text("old b")
    return folder


def contents(folder: Path) -> dict[str, str]:
    """Return the files of a folder, those with hidden names too."""
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def test_files_take_the_place_of_others(tmp_path: Path, folder: Path) -> None:
    """Old names go, new ones come, and one that is both has the new content."""
    hidden(folder / "a").write_text("new a")
    hidden(folder / "c").write_text("new c")
    old = [seen(folder / "a"), seen(folder / "b")]
    assert exchange(tmp_path, old, [folder / "a", folder / "c"])
    assert contents(folder) == {"a": "new a", "c": "new c"}
    assert not (tmp_path / PLAN).exists()


@pytest.mark.parametrize("change", ["changed", "gone", "taken"])
def test_what_was_made_anew_stays(tmp_path: Path, folder: Path, change: str) -> None:
    """Nothing is exchanged when an old file is another one now, or the new name has an owner."""
    hidden(folder / "c").write_text("new c")
    old = [seen(folder / "a"), seen(folder / "b")]
    if change == "changed":
        (folder / "fresh").write_text("old a")
        (folder / "fresh").replace(folder / "a")
    elif change == "gone":
        (folder / "a").unlink()
    else:
        (folder / "c").write_text("another's")
    before = {name: text for name, text in contents(folder).items() if name[0] != "."}
    assert not exchange(tmp_path, old, [folder / "c"])
    assert contents(folder) == before


def test_readers_wait_for_a_change(tmp_path: Path) -> None:
    """Nobody reads while files are exchanged."""
    began = threading.Event()
    read = threading.Event()

    def reader() -> None:
        began.set()
        with reading(tmp_path):
            read.set()

    thread = threading.Thread(target=reader)
    with changing(tmp_path):
        thread.start()
        assert began.wait(5)
        assert not read.wait(0.1)
    assert read.wait(5)
    thread.join()


def test_a_change_waits_for_readers_and_not_for_ever(tmp_path: Path) -> None:
    """Many may read at once; who wants to change gives up after a while, and says why."""
    changed = changing(tmp_path, wait_s=0.05)
    with reading(tmp_path), reading(tmp_path), pytest.raises(ArchiveError) as caught, changed:
        pytest.fail("it was read at this moment")
    assert str(caught.value) == (
        f"the archive in {tmp_path} was being read for more than 0.05 s; try again when those "
        "queries have ended"
    )
    with changing(tmp_path, wait_s=0.0):
        pass


def test_a_reader_carries_out_what_a_crash_left(tmp_path: Path, folder: Path) -> None:
    """A plan that is there is carried out before anybody reads, from wherever it was left."""
    (folder / "a").unlink()
    hidden(folder / "c").write_text("new c")
    plan = '{"folder":"ticks/date=2026-11-20/league=nba","old":["a","b"],"new":["c"]}'
    (tmp_path / PLAN).write_text(plan)
    with reading(tmp_path):
        assert contents(folder) == {"c": "new c"}
    assert not (tmp_path / PLAN).exists()


def test_a_plan_that_is_none_is_named(tmp_path: Path) -> None:
    """What cannot be read as a plan stops readers, with the file and what to do."""
    (tmp_path / PLAN).write_bytes(b'{"folder":"\xff"}')
    message = rf"{tmp_path}/{PLAN} is no plan.*; remove it, and"
    with pytest.raises(ArchiveError, match=message), reading(tmp_path):
        pytest.fail("the plan was not carried out")


def test_an_archive_that_is_not_there_has_no_lock(tmp_path: Path) -> None:
    """Before the first file there is nothing to keep apart, and no folder is made for it."""
    with reading(tmp_path / "archive"), changing(tmp_path / "archive"):
        assert not (tmp_path / "archive").exists()
