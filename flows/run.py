"""One run: its settings, its session, its board, and the graph wired to them."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from bytewax.dataflow import Dataflow
from bytewax.inputs import Source

from connectors.archive.writer import ArchiveWriter
from connectors.journal.finished import mark_finished
from connectors.journal.sealer import Sealer
from connectors.journal.sealing import RemovalRules
from connectors.journal.writer import JournalWriter, journal_directory, new_session
from flows.board import Board, BoardSink
from flows.feeds import HubSource
from flows.graph import fairline
from flows.hub import Hub
from flows.overrides import read_overrides
from flows.price_models import open_registry
from flows.rules import join_rules, signal_rules
from flows.settings import Settings
from flows.sinks import ArchiveSink, HealSink, SignalSink
from fusion.frames import Frame
from fusion.healing import Heal

BYTES_PER_MB = 1024 * 1024


def signals_file(data_dir: Path, session: str) -> Path:
    """Return where the signals of a session are written, one JSON object a line."""
    return data_dir / "signals" / f"{session}.jsonl"


def wire(
    source: Source[Frame],
    settings: Settings,
    session: str,
    board: Board,
    *,
    ended: Callable[[], bool],
    heal: Callable[[Heal], None] = lambda _: None,
    data_dir: Path | None = None,
) -> Dataflow:
    """Return the graph over `source`, with sinks under `data_dir` or that of the settings.

    `ended` tells whether the source has ended well, so that the last rows are written too; `heal`
    asks for books again, where there is somebody to ask.
    """
    data_dir = data_dir or settings.data_dir

    def open_archive() -> ArchiveWriter:
        return ArchiveWriter(data_dir, session)

    return fairline(
        source,
        signals=SignalSink(signals_file(data_dir, session)),
        archive=ArchiveSink(open_archive, ended),
        records=ArchiveSink(open_archive, ended),
        board=BoardSink(board),
        heals=HealSink(heal),
        join_rules=join_rules(settings),
        signal_rules=signal_rules(settings),
        doubt_s=settings.healing.doubt_s,
        overrides=read_overrides(settings.slate.overrides),
        registry=open_registry(settings),
    )


class LiveRun:
    """A run against a venue. The session's folder is made when the flow is built."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.board = Board(measure_latency=True)
        self.hub = Hub(settings)

    @cached_property
    def session(self) -> str:
        """The name of the session: the time of its start."""
        return new_session(self.settings.data_dir, time.time_ns())

    def flow(self) -> Dataflow:
        """Return the live dataflow."""
        feeds = self.settings.feeds
        sealer = Sealer(self.settings.data_dir, RemovalRules(retention_s=feeds.keep_segments_s))
        source = HubSource(
            self.hub, self._open_journal, self.board, feeds.batch_frames, sealer=sealer
        )
        return wire(
            source,
            self.settings,
            self.session,
            self.board,
            ended=lambda: self.board.drained,
            heal=self.hub.heal,
        )

    def finish(self) -> None:
        """Put on record that the archive has all of the journal, where the run ended well."""
        if self.board.drained:
            mark_finished(self.settings.data_dir, self.session)

    def _open_journal(self) -> JournalWriter:
        directory = journal_directory(self.settings.data_dir) / self.session
        return JournalWriter(directory, self.settings.feeds.segment_mb * BYTES_PER_MB)
