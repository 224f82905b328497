"""Which games are over, by their last rows in the table `games`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from connectors.archive.gather import read_columns
from connectors.archive.swap import reading

GAMES = "games"
OVER = "post"

DAYS_OPEN = 2
"""A game whose slate day is longer ago than this is over, whatever its last row says."""


def ended_games(root: Path, day: str, league: str, today: date) -> Callable[[str], bool]:
    """Return what tells of a game of one slate day and league whether it is over.

    `day` and `league` are names of folders of the archive in `root`, `today` is the slate day.

    Raises:
        ArchiveError: a file of the table is damaged.
        FileNotFoundError: one went away while it was read.
    """
    if (today - folder_date(day)).days > DAYS_OPEN:
        return lambda _: True
    with reading(root):
        paths = sorted((root / GAMES / day / league).glob("*.parquet"))
        pieces = [read_columns(path, ("game_id", "state", "recv_ns")) for path in paths]
    if not pieces:
        return lambda _: False
    rows = pa.concat_tables(pieces)
    # A game may go on after it was over, and in a later session: the latest row counts.
    rows = rows.take(pc.sort_indices(rows.column("recv_ns")))
    ids, states = (rows.column(name).to_pylist() for name in ("game_id", "state"))
    last = dict(zip(ids, states, strict=True))
    return lambda game: last.get(game) == OVER


def folder_date(name: str) -> date:
    """Return the day of a folder `date=YYYY-MM-DD`."""
    return date.fromisoformat(name.removeprefix("date="))
