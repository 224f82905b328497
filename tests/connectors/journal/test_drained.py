from __future__ import annotations

from pathlib import Path

import pytest

from connectors.journal.drained import all_drained, mark_drained, mark_undrained
from connectors.journal.sessions import hub_folder
from connectors.journal.writer import JournalWriter
from fusion.errors import JournalError


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Return the folders of two hubs that have written."""
    made = [hub_folder(tmp_path, hub) for hub in range(2)]
    for folder in made:
        JournalWriter(folder).close()
    return made


def test_a_session_is_drained_when_all_its_hubs_are(folders: list[Path]) -> None:
    """A mark may be set twice and be taken back, also where there is none."""
    told = [all_drained(folders)]
    for step in (mark_drained, mark_drained, mark_undrained, mark_undrained, mark_drained):
        step(folders[1])
        told.append(all_drained(folders))
    mark_drained(folders[0])
    told.append(all_drained(folders))
    mark_undrained(folders[1])
    told.append(all_drained(folders))

    assert told == [False, False, False, False, False, False, True, False]


def test_a_hub_without_its_folder_cannot_be_marked(tmp_path: Path) -> None:
    """It has written nothing."""
    with pytest.raises(JournalError, match=r"^cannot write .*/hub-3/drained: No such file"):
        mark_drained(hub_folder(tmp_path, 3))
