"""Converting: a staged file of JSON lines becomes a Parquet file of its table.

Reading and writing release the interpreter's lock, so that a thread can convert beside a worker.
A level's price and size come as the integers of the book and become dollars and shares here.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
import pyarrow.parquet as pq

from connectors.archive.schema import TABLES, Table
from connectors.disk import disk_errors, whole_file
from fusion.errors import ArchiveError
from fusion.levels import LevelBatch
from fusion.market import PRICE_ONE, SIZE_ONE

BLOCK_BYTES = 4 * 1024 * 1024
"""How much is parsed at once: the fastest of 1, 4 and 36 MB. A line that is longer takes its own
way."""

_EXPLODED = {"token_id": "token_ids", "side": "sides", "price": "prices", "size": "sizes"}


def convert(table_name: str, staged: Path, parquet: Path) -> int:
    """Write the rows of a staged file to `parquet`, which appears whole; return how many.

    Raises:
        ArchiveError: a line is no row of the table, or the disk refuses.
    """
    table = TABLES[table_name]
    rows = _read(table, staged)
    with (
        disk_errors(ArchiveError, "write", parquet),
        # It gets another name soon; lost before that, it is converted once more.
        whole_file(parquet, sync_name=False) as file,
    ):
        pq.write_table(rows, file, **table.parquet)
    count: int = rows.num_rows
    return count


def _read(table: Table, staged: Path) -> pa.Table:
    """Return the rows of a staged file in the schema of the table."""
    with disk_errors(ArchiveError, "read", staged):
        size = staged.stat().st_size
        try:
            try:
                lines = _parse(table, staged, BLOCK_BYTES)
            except pa.ArrowInvalid:
                lines = _parse(table, staged, max(size, BLOCK_BYTES) + 1)
            return _rows(table, lines.combine_chunks())
        except (pa.ArrowException, ValueError) as error:
            msg = (
                f"{staged} holds what is no row of {table.name}: {error}; refuse it on arrival, "
                "and make the session again with `fairline rebuild --session "
                f"{staged.parent.parent.name}`"
            )
            raise ArchiveError(msg) from error


def _parse(table: Table, staged: Path, block_bytes: int) -> pa.Table:
    return pj.read_json(
        staged,
        read_options=pj.ReadOptions(use_threads=False, block_size=block_bytes),
        parse_options=pj.ParseOptions(
            explicit_schema=table.staged, unexpected_field_behavior="error"
        ),
    )


def _rows(table: Table, lines: pa.Table) -> pa.Table:
    """Return parsed lines as rows; whole columns, so that a file has one dictionary of each."""
    columns = _exploded(lines) if table.item is LevelBatch else lines
    for field in table.schema:
        if not field.nullable and columns[field.name].null_count:
            msg = f"{field.name} is missing or null in a line"
            raise ValueError(msg)
    return columns.select(table.schema.names).cast(table.schema)


def _exploded(batches: pa.Table) -> pa.Table:
    """Return one row for each place of the lists of every batch."""
    parents = pc.list_parent_indices(batches["prices"])
    alone = batches.drop_columns(list(_EXPLODED.values())).take(parents)
    for one, many in _EXPLODED.items():
        alone = alone.append_column(one, pc.list_flatten(batches[many]))
    for name, unit in (("price", PRICE_ONE), ("size", SIZE_ONE)):
        place = alone.schema.get_field_index(name)
        in_units = pc.divide(alone[name].cast(pa.float64()), float(unit))
        alone = alone.set_column(place, name, in_units)
    return alone
