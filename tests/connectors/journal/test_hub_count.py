from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest

from connectors.journal.hub_count import HUBS, check_hub_count, hub_count, record_hub_count
from connectors.journal.sessions import journal_directory
from connectors.journal.writer import JournalWriter, new_session
from fusion.errors import ConfigError, JournalError


def test_a_new_directory_takes_any_number(tmp_path: Path) -> None:
    """Also one with a session that has its name and nothing else yet."""
    new_session(tmp_path, 1)

    assert hub_count(tmp_path) is None
    check_hub_count(tmp_path, 5)


def test_the_number_is_kept(tmp_path: Path) -> None:
    """It can be recorded again, and no other can."""
    record_hub_count(tmp_path, 3)
    record_hub_count(tmp_path, 3)

    assert hub_count(tmp_path) == 3
    for refuse in (check_hub_count, record_hub_count):
        with pytest.raises(ConfigError) as caught:
            refuse(tmp_path, 2)
        assert str(caught.value) == (
            f"{tmp_path} was made with feeds.hubs = 3, which cannot change, was 2: set it back, "
            "or name another data_dir for what comes from now on"
        )
    assert hub_count(tmp_path) == 3


def test_a_directory_that_says_nothing_was_made_for_one(tmp_path: Path) -> None:
    """One hub leaves no record, as those before there were several did not."""
    record_hub_count(tmp_path, 1)
    JournalWriter(journal_directory(tmp_path) / "session").close()

    assert not (journal_directory(tmp_path) / HUBS).exists()
    assert hub_count(tmp_path) == 1
    with pytest.raises(ConfigError, match=r"was made with feeds\.hubs = 1, which cannot change"):
        record_hub_count(tmp_path, 2)


def test_threads_record_it_at_once(tmp_path: Path) -> None:
    """As the workers of a new run do."""
    at_once, failures = Barrier(4), list[Exception]()

    def record() -> None:
        at_once.wait()
        try:
            record_hub_count(tmp_path, 2)
        except (ConfigError, JournalError) as error:
            failures.append(error)

    threads = [Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (failures, hub_count(tmp_path)) == ([], 2)


@pytest.mark.parametrize("told", ["", "0", "two", "-1"])
def test_a_record_that_is_no_number_is_told(tmp_path: Path, told: str) -> None:
    """The message says what belongs there."""
    record_hub_count(tmp_path, 2)
    (journal_directory(tmp_path) / HUBS).write_text(told)

    with pytest.raises(JournalError, match=rf"must say how many hubs .*, was '{told}'; write the"):
        hub_count(tmp_path)
