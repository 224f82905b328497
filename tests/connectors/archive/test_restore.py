"""Restoring a part: what the snapshot does not know goes, what it knows must be there."""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec
import pytest
from staged_run import PART, RULES, SESSION, published, row

from connectors.archive.places import published_of_part
from connectors.archive.publish import publish_leftovers
from connectors.archive.restore import (
    VERSION,
    PartState,
    Snapshot,
    decode_state,
    encode_state,
    restore,
)
from connectors.archive.swap import PLAN, Swap, hidden
from connectors.archive.writer import PartWriter
from fusion.errors import ArchiveError

FULL = [row(seq) for seq in (0, 2, 4, 6, 8)]
OPEN = [row(seq) for seq in (1, 5)]
OPEN_FILE = "00000001__dead_letters__2026-11-20__eng.1.jsonl"
CUT_FILE = "00000000__dead_letters__2026-11-20__nba.jsonl"


@pytest.fixture
def snapshot(tmp_path: Path) -> Snapshot:
    """Return the snapshot of a run with one file cut and one open, that died then."""
    writer = PartWriter(tmp_path, PART, PartState(SESSION), now_s=0.0, rules=RULES)
    writer.write([*FULL, *OPEN], 0.0)
    made = writer.snapshot(0.0)
    writer.close()
    return made


@pytest.fixture
def state(snapshot: Snapshot) -> PartState:
    """Return what the snapshot says."""
    return decode_state(snapshot)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the part stages its rows."""
    return tmp_path / "staging" / SESSION / PART


def test_a_snapshot_says_how_far_files_count(
    snapshot: Snapshot, state: PartState, folder: Path
) -> None:
    """It names the session, the next number, and every file with its bytes and rows."""
    sizes = {path.name: path.stat().st_size for path in folder.glob("*.jsonl")}

    assert isinstance(snapshot[1], bytes)
    assert (state.session, state.next_number) == (SESSION, 2)
    assert [(file.number, file.league, file.size, file.rows) for file in state.open] == [
        (1, "eng.1", sizes[OPEN_FILE], 2)
    ]
    assert [(file.number, file.league, file.size, file.rows) for file in state.cut] == [
        (0, "nba", sizes[CUT_FILE], 5)
    ]
    assert decode_state(encode_state(state)) == state


def test_a_snapshot_of_another_version_is_refused() -> None:
    """What another Fairline wrote is not guessed at."""
    with pytest.raises(ArchiveError) as caught:
        decode_state((VERSION + 1, b"{}"))
    assert str(caught.value) == (
        "the recovery store holds archive snapshots of version 2, this Fairline reads version 1: "
        "run the Fairline that wrote it, or begin a new session with: fairline run --new"
    )


def test_what_comes_behind_the_snapshot_is_taken_back(
    tmp_path: Path, state: PartState, folder: Path
) -> None:
    """Open files are cut off; files the snapshot does not list go, whatever they are."""
    before = {name: (folder / name).read_bytes() for name in (OPEN_FILE, CUT_FILE)}
    with (folder / OPEN_FILE).open("ab") as file:
        file.write(b'{"seq":9')
    for name in (
        "00000002__ticks__2026-11-20__nba.jsonl",
        "00000000.parquet",
        ".00000002.parquet.tmp",
        "notes",
    ):
        (folder / name).touch()

    assert restore(tmp_path, PART, state) == state
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_published_files_behind_the_snapshot_are_taken_back(
    tmp_path: Path, state: PartState
) -> None:
    """Those that were begun later, or are listed as open, go; other parts' and sessions' stay."""
    place = state.open[0].place.folder
    folder = tmp_path / "archive" / place
    folder.mkdir(parents=True)
    gone = [f"{SESSION}-rows-0-00000001.parquet", f"{SESSION}-rows-0-00000002.parquet"]
    kept = [f"{SESSION}-rows-1-00000002.parquet", f"{SESSION}-01-rows-0-00000002.parquet"]
    for name in (*gone, *kept):
        (folder / name).touch()
    restore(tmp_path, PART, state)

    assert sorted(path.name for path in folder.iterdir()) == sorted(kept)


def test_a_part_without_a_snapshot_begins_anew(tmp_path: Path, folder: Path) -> None:
    """What a run that died before its first snapshot left goes, as its rows come again."""
    writer = PartWriter(tmp_path, PART, PartState(SESSION), now_s=0.0, rules=RULES)
    writer.write(FULL, 0.0)
    writer.close()
    assert list(folder.glob("*.jsonl")) != []

    assert restore(tmp_path, PART, PartState(SESSION)) == PartState(SESSION)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", [OPEN_FILE, CUT_FILE])
@pytest.mark.parametrize("kept", [None, 0, -1])
def test_rows_that_are_gone_are_told(
    tmp_path: Path, state: PartState, folder: Path, name: str, kept: int | None
) -> None:
    """A file that is missing or shorter than the snapshot says is named, and how it comes back."""
    path = folder / name
    size = path.stat().st_size
    if kept is None:
        path.unlink()
        left = 0
    else:
        left = range(size + 1)[kept] if kept == 0 else size - 1
        os.truncate(path, left)

    with pytest.raises(ArchiveError) as caught:
        restore(tmp_path, PART, state)
    assert str(caught.value) == (
        f"{path} has {left} bytes of the {size} that the recovery store knows; make the archive "
        f"of its session again with: fairline rebuild --session {SESSION}"
    )


def test_a_published_file_that_is_cut_off_is_told(tmp_path: Path) -> None:
    """A file of the part that is not to come again must be whole."""
    writer = PartWriter(tmp_path, PART, PartState(SESSION), now_s=0.0, rules=RULES)
    writer.write(FULL, 0.0)
    while not published(tmp_path):
        state = decode_state(writer.snapshot(0.0))
        time.sleep(0.005)
    writer.close()
    ((_, path),) = published_of_part(tmp_path / "archive", SESSION, PART)
    restore(tmp_path, PART, state)
    os.truncate(path, 300)

    with pytest.raises(ArchiveError, match=rf"{path} is not whole: it has 300 bytes"):
        restore(tmp_path, PART, state)


def test_a_compaction_that_was_cut_off_is_carried_out_first(tmp_path: Path) -> None:
    """What is checked are the files of after the change, as every reader sees them."""
    writer = PartWriter(tmp_path, PART, PartState(SESSION), now_s=0.0, rules=RULES)
    writer.write(FULL, 0.0)
    while not published(tmp_path):
        state = decode_state(writer.snapshot(0.0))
        time.sleep(0.005)
    writer.close()
    archive = tmp_path / "archive"
    ((_, old),) = published_of_part(archive, SESSION, PART)
    new = old.with_name(f"{SESSION}-merged-0001.parquet")
    old.replace(hidden(new))
    swap = Swap(str(old.parent.relative_to(archive)), (old.name,), (new.name,))
    (archive / PLAN).write_bytes(msgspec.json.encode(swap))
    old.write_bytes(b"PAR1")

    assert restore(tmp_path, PART, state) == state
    assert (published(tmp_path), (archive / PLAN).exists()) == ([0, 2, 4, 6, 8], False)


def test_a_file_that_is_made_again_may_be_cut_off(tmp_path: Path, state: PartState) -> None:
    """What is still staged is published over it."""
    path = tmp_path / "archive" / state.cut[0].place.folder / f"{SESSION}-{PART}-00000000.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"PAR1")

    writer = PartWriter(tmp_path, PART, state, now_s=0.0, rules=RULES)
    while path.read_bytes() == b"PAR1":
        writer.snapshot(0.0)
        time.sleep(0.005)
    writer.close()
    assert published(tmp_path) == [0, 2, 4, 6, 8]


def test_a_session_that_ended_well_goes_on(tmp_path: Path, state: PartState) -> None:
    """Its end published what the snapshot lists, so nothing is missing and nothing is taken back.

    Not even where a compaction gave the files other names since.
    """
    for path in publish_leftovers(tmp_path, SESSION):
        path.rename(path.with_name(f"{SESSION}-merged-{path.stem[-4:]}.parquet"))

    assert restore(tmp_path, PART, state) == PartState(SESSION, next_number=2)
    writer = PartWriter(tmp_path, PART, state, now_s=0.0, rules=RULES)
    writer.write([row(9)], 0.0)
    later = decode_state(writer.snapshot(0.0))
    writer.close()
    assert [file.number for file in later.open] == [2]
    publish_leftovers(tmp_path, SESSION)
    assert published(tmp_path) == [0, 1, 2, 4, 5, 6, 8, 9]


def test_an_end_that_was_cut_short_is_gone_on_with(
    tmp_path: Path, state: PartState, folder: Path
) -> None:
    """What is on record as ended and still staged is published, and not appended to."""
    whole = (folder / OPEN_FILE).read_bytes()
    publish_leftovers(tmp_path, SESSION)
    (
        tmp_path / "archive" / state.open[0].place.folder / f"{SESSION}-{PART}-00000001.parquet"
    ).unlink()
    folder.mkdir(parents=True)
    (folder / OPEN_FILE).write_bytes(whole)

    left = restore(tmp_path, PART, state)
    assert (left.open, left.cut) == ((), state.open)


@pytest.mark.parametrize("seq", [9, 2])
def test_a_store_older_than_the_end_is_told(tmp_path: Path, state: PartState, seq: int) -> None:
    """Rows that were published and are to come again, in old files or new, would be twice."""
    writer = PartWriter(tmp_path, PART, state, now_s=0.0, rules=RULES)
    writer.write([row(seq)], 0.0)
    writer.snapshot(0.0)
    writer.close()
    publish_leftovers(tmp_path, SESSION)

    with pytest.raises(ArchiveError) as caught:
        restore(tmp_path, PART, state)
    assert str(caught.value) == (
        f"the end of session {SESSION} published rows of rows-0 that the recovery store does not "
        "know, so it is older than the archive; make that again with: "
        f"fairline rebuild --session {SESSION}"
    )
