"""What two sets of rows are compared by: their number, and a digest that knows no order.

DuckDB streams over the files; the digest is the sum of the hashes of the rows, so that a row that
is there twice is not the same as one that is not there. Digests of two versions of DuckDB may
differ: both sides are always made now.
"""

from __future__ import annotations

import glob
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from connectors.archive.gather import damaged
from connectors.archive.schema import TABLES, Table
from connectors.disk import disk_errors
from fusion.errors import ArchiveError
from fusion.rows import SignalRow

Place = tuple[str, str]
"""A day and a league."""


class Digest(NamedTuple):
    """How many rows, and the sum of their hashes."""

    rows: int
    digest: int


def file_digests(
    table: Table, files: Sequence[Path], columns: Sequence[str]
) -> dict[Place, Digest]:
    """Return the digests of the rows in some files of a table, by day and league.

    `columns` are those that count, without day and league.

    Raises:
        ArchiveError: a file is damaged.
    """
    if not files:
        return {}
    source = (
        "read_parquet($files, hive_partitioning = true, union_by_name = true, "
        "hive_types = {'date': VARCHAR, 'league': VARCHAR})"
    )
    parameters = {"files": [glob.escape(str(path)) for path in files]}
    with duckdb.connect() as connection:
        return _digests(connection, table, source, columns, parameters)


def signal_digests(
    path: Path, columns: Sequence[str]
) -> tuple[dict[Place, Digest], tuple[int, ...]]:
    """Return the digests of a file of signals, one JSON object a line, and its broken lines.

    Lines are counted from 1.

    Raises:
        ArchiveError: the file cannot be read.
    """
    table = TABLES["signals"]
    decode = msgspec.json.Decoder(SignalRow).decode
    rows: list[dict[str, Any]] = []
    broken: list[int] = []
    with disk_errors(ArchiveError, "read", path):
        lines = path.read_bytes().splitlines()
    for number, line in enumerate(lines, 1):
        try:
            rows.append(msgspec.structs.asdict(decode(line)))
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            broken.append(number)
    given = pa.Table.from_pylist(rows, schema=table.staged)
    with duckdb.connect() as connection:
        connection.register("given", given)
        return _digests(connection, table, "given", columns, {}), tuple(broken)


def known_columns(table: Table, files: Sequence[Path]) -> list[str]:
    """Return those columns of a table that all of some files have.

    Raises:
        ArchiveError: a file is damaged.
    """
    columns = list(table.schema.names)
    for path in files:
        try:
            names = pq.read_schema(path).names
        except (OSError, pa.ArrowException) as error:
            raise damaged(path, error) from error
        columns = [name for name in columns if name in names]
    return columns


def _digests(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    source: str,
    columns: Sequence[str],
    parameters: dict[str, list[str]],
) -> dict[Place, Digest]:
    names = ", ".join(f'"{name}"' for name in columns)
    sql = (
        f"SELECT date, league, count(*), sum(hash({names})::HUGEINT) "  # noqa: S608 - the names are the schema's
        f"FROM {source} GROUP BY ALL"
    )
    try:
        found = connection.execute(sql, parameters).fetchall()
    except duckdb.Error as error:
        msg = (
            f"cannot read the rows of {table.name}: {error}; ask which file is damaged with: "
            "fairline archive verify"
        )
        raise ArchiveError(msg) from error
    return {(day, league): Digest(rows, int(total)) for day, league, rows, total in found}
