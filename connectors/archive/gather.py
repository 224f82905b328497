"""Rows from several files of a table into one, in the table's schema of today.

Columns that the table has no more are kept behind those it has; those that a file does not have
yet are null.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.archive.layout import Output
from connectors.archive.schema import Table
from connectors.archive.swap import hidden
from connectors.disk import disk_errors, whole_file
from fusion.errors import ArchiveError

GAME = "game_id"
ORDER = "seq"
GROUP_ROWS = 131_072


def read_columns(path: Path, names: Collection[str]) -> pa.Table:
    """Return those of some columns that a file has, text as plain text.

    Raises:
        ArchiveError: the file is damaged.
        FileNotFoundError: there is no such file.
    """
    with _damage(path), pq.ParquetFile(path) as file:
        rows = file.read([name for name in file.schema_arrow.names if name in names])
        return _plain_text(rows)


def count_rows(path: Path) -> int:
    """Return how many rows a file has, by its footer.

    Raises:
        ArchiveError: the file is damaged.
        FileNotFoundError: there is no such file.
    """
    with _damage(path):
        rows: int = pq.read_metadata(path).num_rows
        return rows


def common_schema(table: Table, paths: Iterable[Path]) -> pa.Schema:
    """Return the schema that takes all rows of some files.

    Raises:
        ArchiveError: a file is damaged.
        FileNotFoundError: there is no such file.
    """
    schemas = []
    for path in paths:
        with _damage(path):
            schemas.append(pq.read_schema(path))
    missing = {name for name in table.schema.names for each in schemas if name not in each.names}
    fields = [
        field.with_nullable(True) if field.name in missing else field for field in table.schema
    ]
    old: dict[str, pa.Field] = {}
    for each in schemas:
        for field in each:
            if field.name not in table.schema.names:
                old.setdefault(field.name, field.with_nullable(True))
    return pa.schema([*fields, *old.values()], metadata=table.schema.metadata)


def read_rows(path: Path, schema: pa.Schema) -> pa.Table:
    """Return the rows of a file in a schema of `common_schema`.

    Raises:
        ArchiveError: the file is damaged, or has a column of a type that does not become today's.
        FileNotFoundError: there is no such file.
    """
    with _damage(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        rows = file.read()
        columns = [
            rows.column(field.name).cast(field.type)
            if field.name in rows.column_names
            else pa.chunked_array([pa.nulls(rows.num_rows, field.type)])
            for field in schema
        ]
        return pa.Table.from_arrays(columns, schema=schema)


def gather(table: Table, folder: Path, outputs: Sequence[Output], apart: Collection[str]) -> None:
    """Write files of a layout under hidden names in `folder`, reading each source once.

    Rows are in the order of `seq`; those of one frame stay as they were.

    Raises:
        ArchiveError: a file is damaged, the disk refuses, or it gives back something else than
            what was written.
        FileNotFoundError: a source went away.
    """
    files = list(dict.fromkeys(file for output in outputs for file in output.sources))
    schema = common_schema(table, [folder / file for file in files])
    pieces: list[list[pa.Table]] = [[] for _ in outputs]
    for file in files:
        rows = read_rows(folder / file, schema)
        for output, found in zip(outputs, pieces, strict=True):
            if file in output.sources:
                found.append(_wanted(rows, output.game, apart))
    for output, found in zip(outputs, pieces, strict=True):
        _write_compared(_in_order(found), table, hidden(folder / output.file))
        found.clear()


def _wanted(rows: pa.Table, game: str | None, apart: Collection[str]) -> pa.Table:
    """Return the rows of one game, or without one those of the games that do not stand apart."""
    if GAME not in rows.column_names:
        return rows
    games = rows.column(GAME).cast(pa.string())
    if game is not None:
        return rows.filter(pc.equal(games, game))
    return rows.filter(pc.invert(pc.is_in(games, pa.array(sorted(apart), pa.string()))))


def _in_order(pieces: Sequence[pa.Table]) -> pa.Table:
    """Return pieces as one table by `seq`; rows of one frame stay in the order of the pieces."""
    rows = pa.concat_tables(pieces).unify_dictionaries()
    if ORDER not in rows.column_names:
        return rows
    order = rows.column(ORDER)
    if order.null_count or not pc.all(pc.greater_equal(order[1:], order[:-1])).as_py():
        rows = rows.take(pc.sort_indices(order))
    return rows


def _write_compared(rows: pa.Table, table: Table, path: Path) -> None:
    """Write rows to a file that appears whole, and compare it with them.

    Raises:
        ArchiveError: the disk refuses, or gives back something else than what was written.
    """
    with disk_errors(ArchiveError, "write", path), whole_file(path) as file:
        pq.write_table(
            rows, file, row_group_size=GROUP_ROWS, write_page_checksum=True, **table.parquet
        )
    if not _holds(path, rows):
        msg = f"{path} does not hold what was written to it; look at the health of the disk"
        raise ArchiveError(msg)


def _holds(path: Path, rows: pa.Table) -> bool:
    at = 0
    with _damage(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        for number in range(file.num_row_groups):
            group = file.read_row_group(number)
            if not _comparable(group).equals(_comparable(rows.slice(at, group.num_rows))):
                return False
            at += group.num_rows
    return bool(at == rows.num_rows)


def _plain_text(rows: pa.Table) -> pa.Table:
    """Return rows with text in place of dictionaries."""
    kinds = [
        each.value_type if pa.types.is_dictionary(each) else each for each in rows.schema.types
    ]
    columns = [column.cast(kind) for column, kind in zip(rows.columns, kinds, strict=True)]
    return pa.Table.from_arrays(columns, names=rows.column_names)


def _comparable(rows: pa.Table) -> pa.Table:
    """Return rows that are equal where all their bits are: without dictionaries and floats."""
    rows = _plain_text(rows).combine_chunks()
    columns = [
        pa.chunked_array([chunk.view(pa.int64()) for chunk in column.chunks], pa.int64())
        if pa.types.is_float64(column.type)
        else column
        for column in rows.columns
    ]
    return pa.Table.from_arrays(columns, names=rows.column_names)


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Tell which file it is that pyarrow cannot read."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, pa.ArrowException) as error:
        raise damaged(path, error) from error


def damaged(path: Path, why: object) -> ArchiveError:
    """Return the error of a file that cannot be read, with how to mend it."""
    return ArchiveError(
        f"{path} cannot be read: {why}; move it away, and make the rows of its session again with "
        "`fairline rebuild --session`"
    )
