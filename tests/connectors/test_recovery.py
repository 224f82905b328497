"""The recovery store as files: what may be gone on with, what is damaged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from bytewax.recovery import init_db_dir

from connectors.journal.finished import mark_finished
from connectors.journal.sealing import remove_segment, seal_segment
from connectors.journal.writer import JournalWriter, journal_directory
from connectors.recovery import (
    SESSION,
    Stored,
    check_store,
    make_room,
    read_stored,
    recovery_directory,
    stored_session,
    why_anew,
    write_session,
)
from fusion.errors import RecoveryError
from fusion.frames import NS_PER_S, Frame

NAME = "20261118T190000Z"
HOUR_NS = 3600 * NS_PER_S
NOW_NS = 1_800_000_000 * NS_PER_S
SIX_HOURS_S = 21_600.0


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return a data directory with a store of two partitions, of a session without a journal."""
    store = recovery_directory(tmp_path)
    store.mkdir()
    init_db_dir(store, 2)
    write_session(tmp_path, NAME)
    return tmp_path


@pytest.fixture
def store(data_dir: Path) -> Path:
    """Return the store of the data directory."""
    return recovery_directory(data_dir)


def test_a_whole_store_passes(store: Path) -> None:
    """One that the engine made, with the partitions that are configured."""
    check_store(store, 2)


def refused(store: Path, partitions: int = 2) -> str:
    """Return why a store is refused, with its path left out."""
    with pytest.raises(RecoveryError) as caught:
        check_store(store, partitions)
    return str(caught.value).replace(f"{store}", "STORE")


ANEW = "begin a new session with: fairline run --new (the journal is kept)"


def test_other_partitions_than_configured_are_refused(store: Path) -> None:
    """The engine could not tell; here both ways out are named."""
    assert refused(store, 3) == (
        "the recovery store STORE was made with recovery.partitions = 2, now it is 3; set it back, "
        f"or {ANEW}"
    )


def test_a_missing_partition_is_refused(store: Path) -> None:
    """Half of the state would be gone without a word."""
    (store / "part-0.sqlite3").unlink()

    assert refused(store, 1) == (
        "the recovery store STORE is not whole: its 1 files say (partition, of) [(1, 2)]; put back "
        f"what is missing, or {ANEW}"
    )


def test_a_file_that_is_no_database_is_refused(store: Path) -> None:
    """What overwrote it is not read as state."""
    (store / "part-1.sqlite3").write_bytes(b"not a database" * 1000)

    assert refused(store) == (
        f"the recovery store STORE/part-1.sqlite3 cannot be used: file is not a database; {ANEW}"
    )


def test_a_foreign_database_is_refused(store: Path) -> None:
    """A database of somebody else is left alone."""
    (store / "part-0.sqlite3").unlink()
    with closing(sqlite3.connect(store / "part-0.sqlite3")) as foreign:
        foreign.execute("CREATE TABLE birds (name TEXT)")

    assert refused(store) == (
        f"the recovery store STORE/part-0.sqlite3 cannot be used: no such table: parts; {ANEW}"
    )


def test_a_torn_page_is_refused(store: Path) -> None:
    """Damage inside is found before the engine panics over it."""
    file = store / "part-0.sqlite3"
    content = bytearray(file.read_bytes())
    content[-4096:] = bytes(range(256)) * 16
    content[4096 * 6 : 4096 * 7] = b"\xff" * 4096
    file.write_bytes(content)

    assert refused(store).startswith("the recovery store STORE/part-0.sqlite3 ")


def test_room_is_made_for_a_store(store: Path) -> None:
    """The old one goes with its session and its logs; what is not ours stays."""
    (store / "part-0.sqlite3-wal").touch()
    (store / "notes").touch()
    make_room(store)

    assert [path.name for path in store.iterdir()] == ["notes"]


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (None, "there is no session to go on with"),
        (Stored(NAME, None), None),
        (
            Stored(NAME, "rebuilt"),
            f"session {NAME} was finished from its journal, and its state is behind",
        ),
        (Stored(NAME, "drained"), f"session {NAME} ended before its first frame"),
        (Stored(NAME, "drained", 10 * HOUR_NS), None),
        (Stored(NAME, "drained", 4 * HOUR_NS + 1), None),
        (Stored(NAME, "drained", 4 * HOUR_NS), f"session {NAME} ended 6.0 h ago"),
        (Stored(NAME, "drained", 11 * HOUR_NS), None),
    ],
)
def test_what_is_gone_on_with(stored: Stored | None, expected: str | None) -> None:
    """What was cut off always, what was drained for six hours, what was rebuilt never."""
    assert why_anew(stored, 10 * HOUR_NS, SIX_HOURS_S) == expected


def journaled(data_dir: Path, hub: str = ".", last_ns: int = NOW_NS) -> Path:
    """Journal two frames of the store's session; return the folder."""
    folder = journal_directory(data_dir) / NAME / hub
    writer = JournalWriter(folder)
    writer.append([Frame(0, NOW_NS - 1, "clock", b""), Frame(1, last_ns, "clock", b"")])
    writer.close()
    return folder


def test_a_session_that_was_cut_off_is_found(data_dir: Path) -> None:
    """Its state is that of the store, and it is not finished."""
    journaled(data_dir)

    assert read_stored(data_dir) == Stored(NAME, None)


def test_a_drained_session_tells_its_last_frame(data_dir: Path) -> None:
    """The latest of all hubs counts."""
    journaled(data_dir, "hub-0", NOW_NS + 2)
    journaled(data_dir, "hub-1", NOW_NS + 1)
    mark_finished(data_dir, NAME)

    assert read_stored(data_dir) == Stored(NAME, "drained", NOW_NS + 2)


def test_a_sealed_session_tells_its_last_frame(data_dir: Path) -> None:
    """The journal may have moved into the archive since."""
    folder = journaled(data_dir, last_ns=NOW_NS + 3)
    remove_segment(seal_segment(folder / "00000001.fjl", data_dir / "archive"))
    mark_finished(data_dir, NAME)

    assert list(folder.glob("*.fjl")) == []
    assert read_stored(data_dir) == Stored(NAME, "drained", NOW_NS + 3)


def test_a_session_without_frames_has_no_last_one(data_dir: Path) -> None:
    """It was opened, and nothing came."""
    JournalWriter(journal_directory(data_dir) / NAME).close()
    mark_finished(data_dir, NAME)

    assert read_stored(data_dir) == Stored(NAME, "drained", None)


def test_a_rebuilt_session_is_told(data_dir: Path) -> None:
    """Who finished it stands in its journal."""
    journaled(data_dir)
    mark_finished(data_dir, NAME, by="rebuild")

    assert read_stored(data_dir) == Stored(NAME, "rebuilt")


def test_a_store_whose_journal_is_gone_is_of_no_use(data_dir: Path) -> None:
    """There is nothing to read the rest from."""
    assert (stored_session(data_dir), read_stored(data_dir)) == (NAME, None)


@pytest.mark.parametrize("content", [b"", b"\n", b"../..", b"\xff\xfe", b"two words", b"/", b"\0"])
def test_what_is_no_session_is_none(data_dir: Path, content: bytes) -> None:
    """A torn or foreign name leads nowhere."""
    (recovery_directory(data_dir) / SESSION).write_bytes(content)

    assert stored_session(data_dir) is None


def test_a_name_without_partitions_is_no_store(tmp_path: Path) -> None:
    """A store whose files are gone has nothing to go on with, and neither has none."""
    found = [stored_session(tmp_path)]
    recovery_directory(tmp_path).mkdir()
    (recovery_directory(tmp_path) / SESSION).write_text(NAME)
    found.append(stored_session(tmp_path))

    assert found == [None, None]


def test_the_session_of_a_store_can_be_written_again(data_dir: Path) -> None:
    """A run that begins anew in a store takes the place of the one before."""
    write_session(data_dir, f"{NAME}-01")

    assert stored_session(data_dir) == f"{NAME}-01"
