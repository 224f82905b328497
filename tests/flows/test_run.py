from __future__ import annotations

from pathlib import Path

from bytewax.testing import TestingSource, run_main
from payloads import espn_event, frame, scoreboard

from connectors.journal.finished import FINISHED
from flows.board import Board
from flows.run import LiveRun, signals_file, wire
from flows.settings import Settings


def test_session_is_made_with_the_flow(tmp_path: Path) -> None:
    """A live run names its session when the flow is built, and makes its journal's folder."""
    run = LiveRun(Settings(data_dir=tmp_path / "data"))
    assert not (tmp_path / "data").exists()

    flow = run.flow()

    assert flow.flow_id == "fairline"
    assert (tmp_path / "data" / "journal" / run.session).is_dir()


def test_sinks_write_under_the_data_directory(tmp_path: Path) -> None:
    """The wired graph puts the archive and the signals where they belong."""
    settings, board = Settings(data_dir=tmp_path), Board(measure_latency=False)
    source = TestingSource([frame(0, "espn:nba", scoreboard(espn_event()))])
    run_main(wire(source, settings, "s1", board, ended=lambda: True))

    assert signals_file(tmp_path, "s1").read_bytes() == b""
    assert [path.parent.name for path in tmp_path.glob("archive/games/*/*/s1-*.parquet")] == [
        "league=nba"
    ]
    assert list(board.games) == ["nba:401"]


def test_only_a_drained_session_counts_as_finished(tmp_path: Path) -> None:
    """A run that a step ended must be rebuilt from its journal, even if the feeds had ended."""
    run = LiveRun(Settings(data_dir=tmp_path))
    run.flow()
    mark = tmp_path / "journal" / run.session / FINISHED

    run.finish()
    assert not mark.exists()
    run.board.drained = True
    run.finish()
    assert mark.exists()
