"""Whether every file of the archive can be read to its end, and what lies about that should not."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.archive.frames import TABLE as FRAMES
from connectors.archive.names import parse_name
from connectors.archive.places import archive_directory, staging_directory
from connectors.archive.swap import reading

BATCH_ROWS = 65_536


class Files(msgspec.Struct, frozen=True):
    """The files of an archive: how many were read, and which are damaged, with the reason."""

    read: int
    damaged: dict[Path, str]
    problems: tuple[str, ...]


def read_all(data_dir: Path) -> Files:
    """Read every Parquet file of the archive, page by page, with its checksums where it has any."""
    root = archive_directory(data_dir)
    read = 0
    damaged: dict[Path, str] = {}
    problems: list[str] = []
    with reading(root):
        for path in sorted(root.glob("*/date=*/league=*/*.parquet")):
            read += 1
            try:
                with pq.ParquetFile(path, page_checksum_verification=True) as file:
                    for _ in file.iter_batches(BATCH_ROWS):
                        pass
            except (OSError, pa.ArrowException) as error:
                damaged[path] = str(error)
                problems.append(f"{path} cannot be read: {error}; {_mend(root, path)}")
    return Files(read, damaged, tuple(problems))


def _mend(root: Path, path: Path) -> str:
    if path.relative_to(root).parts[0] == FRAMES:
        return "restore it from a copy, or remove it if its segment is still in the journal"
    name = parse_name(path.name)
    session = name.session if name else "<session>"
    return f"make it again with: fairline rebuild --session {session}"


def left_over(data_dir: Path, session: str | None, in_use: Collection[str]) -> list[str]:
    """Return what sessions that are not `in_use` have left on the way into the archive.

    That is one session, or all where it is None.
    """
    problems = []
    for folder in sorted(staging_directory(data_dir).glob("*/")):
        files = [path for path in folder.rglob("*") if path.is_file()]
        if files and session in {None, folder.name} and folder.name not in in_use:
            problems.append(
                f"{folder} holds {len(files)} files of rows that were not published; start the run "
                f"again, or make them with: fairline rebuild --session {folder.name}"
            )
    return problems


def without_journal(data_dir: Path, known: Collection[str]) -> list[str]:
    """Return the sessions that have rows in the archive and are none of the `known` ones."""
    names = archive_directory(data_dir).glob("*/date=*/league=*/*.parquet")
    found = {name.session for name in (parse_name(path.name) for path in names) if name}
    return sorted(found.difference(known))
