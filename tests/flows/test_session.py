from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest

from connectors.journal.finished import mark_finished, unfinished_sessions
from connectors.journal.writer import JournalWriter, journal_directory
from flows.session import RunSession
from fusion.errors import RecoveryError
from fusion.frames import Frame


def written(data_dir: Path, name: str) -> None:
    """Leave a session with a frame."""
    writer = JournalWriter(journal_directory(data_dir) / name)
    writer.append([Frame(0, 1, "clock", b"")])
    writer.close()


def test_all_threads_write_one_new_session(tmp_path: Path) -> None:
    """Who asks first makes the session; the others get its name."""
    session, names, at_once = RunSession(tmp_path), [], Barrier(4)

    def ask() -> None:
        at_once.wait()
        names.append(session.name)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(names) == 4
    assert [path.name for path in journal_directory(tmp_path).iterdir()] == [session.name]
    assert set(names) == {session.name}


def test_a_told_name_is_taken(tmp_path: Path) -> None:
    """All processes of one run write the session they were told."""
    assert RunSession(tmp_path, "20261121T010203Z").name == "20261121T010203Z"


def test_a_resumed_session_is_unfinished_again(tmp_path: Path) -> None:
    """A session that ended well and goes on will have rows that are not in the archive yet."""
    written(tmp_path, "one")
    mark_finished(tmp_path, "one")
    session = RunSession(tmp_path)
    session.resume("one")

    assert session.name == "one"
    assert unfinished_sessions(tmp_path) == ["one"]


def test_a_session_that_was_rebuilt_is_not_gone_on_with(tmp_path: Path) -> None:
    """The store would write once more what the rebuild has written."""
    written(tmp_path, "one")
    mark_finished(tmp_path, "one", by="rebuild")

    with pytest.raises(RecoveryError) as caught:
        RunSession(tmp_path).resume("one")
    assert str(caught.value) == (
        "the archive of session one was made again from its journal, which the recovery store "
        "does not know; begin a new session with: fairline run --new"
    )


def test_a_session_without_its_journal_is_not_gone_on_with(tmp_path: Path) -> None:
    """The journal is where the rest of the session is."""
    with pytest.raises(RecoveryError, match=r"journal .*/journal/one is gone; bring it back, or"):
        RunSession(tmp_path).resume("one")


def test_parts_of_one_run_go_on_with_one_session(tmp_path: Path) -> None:
    """A store that was put together of two is refused."""
    written(tmp_path, "one")
    written(tmp_path, "two")
    session = RunSession(tmp_path)
    session.resume("one")
    session.resume("one")

    with pytest.raises(RecoveryError, match=r"^the recovery store goes on with session two, this"):
        session.resume("two")
