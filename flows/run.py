"""One run: its settings, its session, its board, and the graph wired to them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bytewax.dataflow import Dataflow
from bytewax.inputs import FixedPartitionedSource

from connectors.archive.publish import publish_leftovers
from connectors.folder_lock import folder_lock
from connectors.journal.drained import all_drained, mark_drained, mark_undrained
from connectors.journal.finished import mark_finished, mark_unfinished
from connectors.journal.hub_count import check_hub_count, record_hub_count
from connectors.journal.sealer import Sealer
from connectors.journal.sealing import RemovalRules
from connectors.journal.sessions import hub_folder
from connectors.journal.writer import JournalWriter, journal_directory
from flows.board import Board, BoardSink
from flows.cluster import check_processes
from flows.feeds import PREFIX, HubSource
from flows.graph import fairline
from flows.hubs import Hubs
from flows.overrides import read_overrides
from flows.price_models import open_registry
from flows.rules import join_rules, signal_rules
from flows.session import RunSession
from flows.settings import Settings
from flows.sinks import ArchiveSink, HealSink, SignalSink
from flows.window import Keep
from fusion.errors import ArchiveError
from fusion.frames import Frame
from fusion.healing import Heal
from fusion.share import hub_of

BYTES_PER_MB = 1024 * 1024


def signals_file(data_dir: Path, session: str) -> Path:
    """Return where the signals of a session are written, one JSON object a line."""
    return data_dir / "signals" / f"{session}.jsonl"


def wire(
    source: FixedPartitionedSource[Frame, Any],
    settings: Settings,
    session: Callable[[], str],
    board: Board,
    *,
    heal: Callable[[Heal], None] = lambda _: None,
    data_dir: Path | None = None,
    keep: Keep | None = None,
) -> Dataflow:
    """Return the graph over `source`, with sinks under `data_dir` or that of the settings.

    The partitions of `source` are hubs; rows are archived in as many parts. `heal` asks for books
    again, where there is somebody to ask. `keep` tells of a game and a row of it whether it is to
    reach the sinks.
    """
    data_dir = data_dir or settings.data_dir
    hubs = source.list_parts()
    return fairline(
        source,
        signals=SignalSink(partial(signals_file, data_dir), session),
        archive=ArchiveSink(data_dir, session, len(hubs)),
        records=ArchiveSink(data_dir, session, prefix="records"),
        board=BoardSink(board),
        heals=HealSink(heal, hubs),
        join_rules=join_rules(settings),
        signal_rules=signal_rules(settings),
        doubt_s=settings.healing.doubt_s,
        ended_s=settings.feeds.drop_ended_s,
        overrides=read_overrides(settings.slate.overrides),
        registry=open_registry(settings),
        keep=keep,
    )


class LiveRun:
    """A run against a venue, or what one of its processes has of it.

    The session begins when the worker builds the source.

    Raises:
        ConfigError: the processes of the run would not write one session, or the data directory
            was made for another number of hubs.
        JournalError: that number cannot be read.
    """

    def __init__(self, settings: Settings, processes: int = 1) -> None:
        check_processes(settings, processes)
        check_hub_count(settings.data_dir, settings.feeds.hubs)
        self.settings = settings
        self.board = Board(measure_latency=True)
        self.hubs = Hubs(settings, processes)
        self.session = RunSession(settings.data_dir, settings.feeds.session)
        self._strays = 0

    def flow(self, begun: Callable[[str], object] = lambda _: None) -> Dataflow:
        """Return the live dataflow; `begun` is called with the session's name once it is held."""
        feeds = self.settings.feeds
        rules = RemovalRules(retention_s=feeds.keep_segments_s)
        source = HubSource(
            self.hubs.hubs,
            self.session,
            self._open_journal,
            self.board,
            batch_frames=feeds.batch_frames,
            sealer=Sealer(self.settings.data_dir, rules),
            begun=begun,
        )
        return wire(source, self.settings, lambda: self.session.name, self.board, heal=self._heal)

    def finish(self) -> None:
        """Put on record which hubs of this process ended well; if all of the run did, finish it.

        To finish is to publish the rest of the archive and to put on record that it has all of the
        journal. Each process calls this when its writers are closed, so the last one finds all
        hubs on record. After a crash what is staged may not be committed, and nothing is done.
        """
        if not self.board.is_drained():
            return
        data_dir, session = self.settings.data_dir, self.session.name
        for name in self.board.drained:
            mark_drained(self._folder(session, int(name.removeprefix(PREFIX))))
        with folder_lock(journal_directory(data_dir), ArchiveError):
            if all_drained(self._folder(session, hub) for hub in range(len(self.hubs.hubs))):
                publish_leftovers(data_dir, session)
                mark_finished(data_dir, session)

    def _heal(self, wanted: Heal) -> None:
        """Hand a wish on to the hub of its game, which the engine has put into this process."""
        number = hub_of(wanted.game_id, len(self.hubs.hubs))
        if f"{PREFIX}{number}" in self.board.drained:
            self.hubs.hubs[number].heal(wanted)
            return
        self._strays += 1
        detail = f"{self._strays} came for books of hubs in other processes and were not heeded"
        self.board.warnings["heals"] = detail

    def _folder(self, session: str, hub: int) -> Path:
        folder = journal_directory(self.settings.data_dir) / session
        return folder if len(self.hubs.hubs) == 1 else hub_folder(folder, hub)

    def _open_journal(self, session: str, hub: int) -> tuple[Path, JournalWriter]:
        record_hub_count(self.settings.data_dir, len(self.hubs.hubs))
        folder = self._folder(session, hub)
        journal = JournalWriter(folder, self.settings.feeds.segment_mb * BYTES_PER_MB)
        mark_undrained(folder)
        mark_unfinished(self.settings.data_dir, session)
        return folder, journal
