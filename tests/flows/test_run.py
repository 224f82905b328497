from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from bytewax.testing import TestingSource, run_main
from payloads import espn_event, frame, scoreboard

from connectors.archive.publish import publish_leftovers
from connectors.journal.finished import FINISHED, finished_by, mark_unfinished
from flows.board import Board
from flows.run import LiveRun, signals_file, wire
from flows.sections import Feeds
from flows.settings import Settings
from fusion.errors import ConfigError
from fusion.healing import Heal
from fusion.share import hub_of


def test_describing_a_run_begins_no_session(tmp_path: Path) -> None:
    """The session begins with the source, which may go on with that of an earlier process."""
    run = LiveRun(Settings(data_dir=tmp_path / "data"))

    assert run.flow().flow_id == "fairline"
    assert not (tmp_path / "data").exists()


def test_sinks_write_under_the_data_directory(tmp_path: Path) -> None:
    """The wired graph puts the archive and the signals where they belong."""
    settings, board = Settings(data_dir=tmp_path), Board(measure_latency=False)
    source = TestingSource([frame(0, "espn:nba", scoreboard(espn_event()))])
    run_main(wire(source, settings, lambda: "s1", board))

    assert publish_leftovers(tmp_path, "s1") != []
    assert not signals_file(tmp_path, "s1").exists()
    assert [path.parent.name for path in tmp_path.glob("archive/games/*/*/s1-*.parquet")] == [
        "league=nba"
    ]
    assert list(board.games) == ["nba:401"]


def test_only_a_drained_session_counts_as_finished(tmp_path: Path) -> None:
    """A run that a step ended must be rebuilt from its journal, even if the feeds had ended."""
    run = LiveRun(Settings(data_dir=tmp_path))
    mark = tmp_path / "journal" / run.session.name / FINISHED

    run.finish()
    run.board.drained = {"hub-0": True, "hub-1": False}
    run.finish()
    assert not mark.exists()
    run.board.drained["hub-1"] = True
    run.finish()
    assert mark.read_text() == "drained\n"


TWO = Feeds(hubs=2, session="20261120T190000Z")


def drained(data_dir: Path, hub: int) -> LiveRun:
    """Return one of two processes, in which a hub has written and came to its end."""
    run = LiveRun(Settings(data_dir=data_dir, venue="live", feeds=TWO), processes=2)
    _, journal = run._open_journal(run.session.name, hub)
    journal.close()
    run.board.drained = {f"hub-{hub}": True}
    return run


def test_the_last_process_finishes_the_session(tmp_path: Path) -> None:
    """Before, hubs of others may still write; whoever finds all at their ends does it."""
    first, last = drained(tmp_path, 0), drained(tmp_path, 1)
    first.finish()
    between = finished_by(tmp_path, TWO.session)
    last.finish()

    assert (between, finished_by(tmp_path, TWO.session)) == (None, "drained")


def test_a_hub_that_goes_on_is_not_at_its_end(tmp_path: Path) -> None:
    """What an earlier run put on record does not count for this one."""
    for number in range(2):
        drained(tmp_path, number).finish()
    mark_unfinished(tmp_path, TWO.session)
    first, last = drained(tmp_path, 0), drained(tmp_path, 1)
    first.finish()

    assert finished_by(tmp_path, TWO.session) is None
    last.finish()
    assert finished_by(tmp_path, TWO.session) == "drained"


def test_processes_may_finish_at_once(tmp_path: Path) -> None:
    """Each row that is staged is published once, whoever comes first."""
    runs = [drained(tmp_path, number) for number in range(2)]
    source = TestingSource([frame(0, "espn:nba", scoreboard(espn_event()))])
    run_main(wire(source, runs[0].settings, lambda: TWO.session, Board(measure_latency=False)))
    threads = [Thread(target=run.finish) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert finished_by(tmp_path, TWO.session) == "drained"
    assert len(list(tmp_path.glob("archive/games/*/*/*.parquet"))) == 1


def test_a_directory_of_other_hubs_is_refused(tmp_path: Path) -> None:
    """Before anything is started."""
    drained(tmp_path, 0)

    with pytest.raises(ConfigError, match=r"was made with feeds\.hubs = 2, which cannot change"):
        LiveRun(Settings(data_dir=tmp_path))


def test_a_heal_of_another_process_is_counted(tmp_path: Path) -> None:
    """It is no error, and not passed over in silence."""
    run = drained(tmp_path, 0)
    for game_id in ("nba:401", "nba:404", "nba:405"):
        run._heal(Heal(0, 0, game_id, "check", ("7",), "a test"))

    assert [hub_of(game_id, 2) for game_id in ("nba:401", "nba:404", "nba:405")] == [0, 1, 1]
    assert run.board.warnings == {
        "heals": "2 came for books of hubs in other processes and were not heeded"
    }
