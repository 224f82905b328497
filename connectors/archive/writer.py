"""The writer of one part of the archive: rows are staged, converted beside, and then published.

    write ──> staged ──full or old──> cut ──thread──> converted ──next snapshot──> published
                                                                  ──the one behind it──> unstaged

A snapshot covers what was written before it. It is committed for certain only when the next one
is asked for, so a file is published by the snapshot behind the one that first listed it as cut,
and its staged rows are removed by the one behind that. Nothing is published at any other time, so
that whatever snapshot a crash goes back to, each row is in the archive once.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from connectors.archive.convert import convert
from connectors.archive.places import (
    StagedFile,
    archive_directory,
    converted_path,
    published_path,
    staged_path,
    staging_directory,
)
from connectors.archive.publish import publish
from connectors.archive.restore import PartState, Snapshot, encode_state, restore
from connectors.archive.schema import ArchiveItem
from connectors.archive.staging import RotationRules, Stage
from connectors.disk import disk_errors, sync_directory
from fusion.errors import ArchiveError

__all__ = ["PartWriter", "archive_directory"]

SYNCS_AT_ONCE = 4


class PartWriter:
    """Writes one part of a session; its numbers and file names are its own.

    Args:
        data_dir: The data directory.
        part: The part's key, such as `rows-0`, which may hold no other writer's files.
        begun: The state to go on from, which names the session; a bare one to begin with.
        now_s: Seconds of a clock that only rises, here and in the methods.
        rules: When a file is cut.
        executor: What converts; a thread of the writer's own where it is not given.

    Raises:
        ArchiveError: staging or archive do not agree with `begun`, or the disk refuses.
    """

    def __init__(
        self,
        data_dir: Path,
        part: str,
        begun: PartState,
        *,
        now_s: float,
        rules: RotationRules | None = None,
        executor: Executor | None = None,
    ) -> None:
        self.session = begun.session
        self._part = part
        self._archive = archive_directory(data_dir)
        self._folder = staging_directory(data_dir) / begun.session / part
        left = restore(data_dir, part, begun)
        self._syncs = ThreadPoolExecutor(SYNCS_AT_ONCE, "archive-sync")
        self._stage = Stage(self._folder, rules or RotationRules(), self._syncs, left.next_number)
        for file in left.open:
            self._stage.go_on(file, now_s)
        self._executor = executor or ThreadPoolExecutor(1, "archive")
        self._cut: dict[int, tuple[StagedFile, Future[None]]] = {}
        for file in left.cut:
            self._convert(file)
        self._listed = set(self._cut)
        self._published: list[StagedFile] = []

    def write(self, items: Iterable[ArchiveItem], now_s: float) -> None:
        """Stage rows.

        Raises:
            ArchiveError: the disk refuses, or a row has a value that no column takes.
        """
        for file in self._stage.append(items, now_s):
            self._convert(file)

    def snapshot(self, now_s: float) -> Snapshot:
        """Return the state behind all that was written; publish what the last one listed.

        Raises:
            ArchiveError: the disk refuses, or a file could not be converted. Its rows stay staged.
        """
        self._unstage()
        self._publish()
        self._stage.sync()
        for file in self._stage.cut_due(now_s):
            self._convert(file)
        self._listed = set(self._cut)
        cut = tuple(file for file, _ in self._cut.values())
        state = PartState(self.session, self._stage.next_number, self._stage.listed(), cut)
        return encode_state(state)

    def close(self) -> None:
        """Let go of the files and the thread. What no snapshot lists is lost."""
        # Waiting ends at once but for the file in work, which nobody else may begin meanwhile.
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._syncs.shutdown()
        self._stage.close()

    def _convert(self, file: StagedFile) -> None:
        self._cut[file.number] = file, self._executor.submit(self._convert_one, file)

    def _convert_one(self, file: StagedFile) -> None:
        staged = staged_path(self._folder, file.number, file.place)
        rows = convert(file.table, staged, converted_path(self._folder, file.number))
        # Parsing took several times the file, and the worker's process lives for weeks.
        pa.default_memory_pool().release_unused()
        if rows != file.rows:
            msg = (
                f"{staged} gave {rows} rows of the {file.rows} that were staged; make the archive "
                f"of its session again with: fairline rebuild --session {self.session}"
            )
            raise ArchiveError(msg)

    def _publish(self) -> None:
        """Publish what is converted and was listed by the last snapshot, which is committed."""
        for file, done in self._cut.values():
            if done.done():
                self._raise_failure(file, done)
                if file.number in self._listed:
                    self._published.append(file)
        for _ in self._syncs.map(self._publish_one, self._published):
            pass
        for file in self._published:
            del self._cut[file.number]

    def _publish_one(self, file: StagedFile) -> None:
        publish(
            converted_path(self._folder, file.number),
            published_path(self._archive, self.session, self._part, file.number, file.place),
        )

    def _unstage(self) -> None:
        """Remove the staged rows of what the last snapshot lists no more, as it is published."""
        with disk_errors(ArchiveError, "remove", self._folder):
            for file in self._published:
                staged_path(self._folder, file.number, file.place).unlink(missing_ok=True)
            if self._published:
                sync_directory(self._folder)
        self._published = []

    def _raise_failure(self, file: StagedFile, done: Future[None]) -> None:
        try:
            done.result()
        except ArchiveError:
            raise
        except (CancelledError, Exception) as error:
            staged = staged_path(self._folder, file.number, file.place)
            msg = f"{staged} was not converted: {error!r}; its rows are kept, start again"
            raise ArchiveError(msg) from error
