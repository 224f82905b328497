"""An archive as runs that ended well leave it, for tests that ask it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

from connectors.archive.places import published_of_part
from connectors.archive.publish import publish_leftovers
from connectors.archive.restore import PartState
from connectors.archive.schema import ArchiveItem
from connectors.archive.writer import PartWriter, archive_directory

SESSION = "20261120T190501Z"


def write_rows(
    data_dir: Path, rows: Iterable[ArchiveItem], session: str = SESSION, part: str = ""
) -> list[Path]:
    """Write rows as a part of a session, from its beginning to its end; return the files.

    Where no part is named, it is the first that has no files.
    """
    archive = archive_directory(data_dir)
    names = (f"rows-{number}" for number in count())
    part = part or next(
        name for name in names if not any(published_of_part(archive, session, name))
    )
    writer = PartWriter(data_dir, part, PartState(session), now_s=0.0)
    writer.write(rows, 0.0)
    writer.snapshot(0.0)
    writer.close()
    return publish_leftovers(data_dir, session)
