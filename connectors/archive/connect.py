"""The archive as a database: one view a table, and named queries, in DuckDB.

Views are made and questions are answered under the lock of `connectors.archive.swap`, so that an
answer never has a row twice, or lacks it, because files are compacted at this moment.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import duckdb
import pyarrow as pa

from connectors.archive.frames import SCHEMA as FRAMES_SCHEMA
from connectors.archive.frames import TABLE as FRAMES
from connectors.archive.places import archive_directory
from connectors.archive.schema import TABLES, Table
from connectors.archive.swap import reading
from fusion.errors import ArchiveError

_SQL_TYPES = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.string(): "VARCHAR",
    pa.binary(): "BLOB",
}
_PARTITION_TYPES = {"date": "DATE", "league": "VARCHAR"}
_ROOT = "archive_folder"
"""The macro that tells a connection and its cursors which archive they read."""

_DEFAULT = re.compile(r"^-- \$(\w+) = (\S+): ", re.MULTILINE)
"""How the head of a query tells what a parameter is where it is left out."""

RESULTS = "results"
"""The one view that is no table: what became of every game that is over."""

_MEND = "its rows can be made again from the journal"

VIEWS = (*TABLES, FRAMES, RESULTS)


def connect(data_dir: Path) -> duckdb.DuckDBPyConnection:
    """Return a DuckDB connection with one view a table, and `results`, made of them.

    A view has the columns of its rows, also while no file holds any; `date` is a DATE, `league`
    a VARCHAR even where it looks like a number. `frames` are those of sealed segments. Files
    written later are seen where the view had a file already; connect anew otherwise. SQL on the
    connection reads the archive and nothing else, times are UTC, and no setting can be changed.
    Give each thread its own `.cursor()`. Ask with `ask`: what is asked of the connection itself
    may meet files that are being exchanged, and lack their rows.

    Raises:
        ArchiveError: there is no such directory, or a file of the archive is damaged; the
            message names it.
    """
    if not data_dir.is_dir():
        msg = f"{data_dir} is no directory; run ./scripts/run to make an archive, or name another"
        raise ArchiveError(msg)
    root = archive_directory(data_dir).resolve()
    with reading(root):
        connection = _with_views(root)
    connection.execute("SET TimeZone = 'UTC'")
    # The views' pattern is checked as it is written, the files it finds as they are called.
    allowed = ", ".join(map(_quoted, (str(root), glob.escape(str(root)))))
    connection.execute(f"SET allowed_directories = [{allowed}]")
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _with_views(root: Path) -> duckdb.DuckDBPyConnection:
    views = {table.name: _view(table, root) for table in TABLES.values()}
    views[FRAMES] = _frames_view(root)
    views[RESULTS] = f"CREATE VIEW {RESULTS} AS {_sql_beside('results.sql')}"
    connection = duckdb.connect()
    for name, view in views.items():
        try:
            connection.execute(view)
        except duckdb.Error as error:
            connection.close()
            mend = "restore it from a copy" if name == FRAMES else _MEND
            msg = f"cannot read the archive in {root}: {error}; move the damaged file away, {mend}"
            raise ArchiveError(msg) from error
    connection.execute(f"CREATE MACRO {_ROOT}() AS {_quoted(str(root))}")
    return connection


def ask(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, str] | None = None
) -> pa.Table:
    """Return the answer to one SELECT (or SHOW, DESCRIBE, SUMMARIZE) as an Arrow table.

    `parameters` fill the `$names` in `sql`; one that is left out is what the head of the SQL says,
    in a line `-- $name = value: what it means`.

    Raises:
        ArchiveError: the SQL is no single question, is wrong, or meets a damaged file.
    """
    try:
        kinds = [statement.type for statement in connection.extract_statements(sql)]
        if kinds != [duckdb.StatementType.SELECT]:
            msg = "the archive answers one SELECT at a time, and changes by nothing else"
            raise ArchiveError(msg)
        filled = dict(_DEFAULT.findall(sql)) | dict(parameters or {})
        ((root,),) = connection.execute(f"SELECT {_ROOT}()").fetchall()
        with reading(Path(root)):
            return connection.sql(sql, params=filled).to_arrow_table()
    except duckdb.Error as error:
        msg = f"{error}\nViews: {', '.join(VIEWS)}; DESCRIBE one to see its columns"
        raise ArchiveError(msg) from error


def query_names() -> list[str]:
    """Return the names of the queries that come with Fairline."""
    folder = files("connectors.archive").joinpath("queries")
    return sorted(path.name.removesuffix(".sql") for path in folder.iterdir())


def named_query(name: str) -> str:
    """Return the SQL of a named query; its parameters stand in it as `$game_id` and the like.

    Raises:
        ArchiveError: no query has that name; the message lists those there are.
    """
    if name not in query_names():
        msg = f"no query is called {name!r}; use one of {', '.join(query_names())}"
        raise ArchiveError(msg)
    return _sql_beside("queries", f"{name}.sql")


def _sql_beside(*path: str) -> str:
    return files("connectors.archive").joinpath(*path).read_text("utf-8")


def _view(table: Table, root: Path) -> str:
    """Return the statement that makes a table's view.

    The rows without a file come first in the union: they fix the columns and their types, so
    that a file from before a column existed gives NULL there.
    """
    columns = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in _columns(table).items())
    view = f"CREATE VIEW {table.name} AS SELECT {columns} WHERE false"
    pattern = f"{table.name}/date=*/league=*/*.parquet"
    if not any(root.glob(pattern)):
        return view
    hive_types = ", ".join(f"'{name}': {kind}" for name, kind in _PARTITION_TYPES.items())
    found = _quoted(f"{glob.escape(str(root))}/{pattern}")
    return (
        f"{view} UNION ALL BY NAME SELECT * FROM read_parquet({found}, hive_partitioning = true, "  # noqa: S608 - DDL takes no parameters, and the path is quoted
        f"hive_types = {{{hive_types}}}, union_by_name = true)"
    )


def _frames_view(root: Path) -> str:
    """Return the statement that makes the view of the frames in sealed segments."""
    kinds = {field.name: _sql_type(field.type) for field in FRAMES_SCHEMA} | {"date": "DATE"}
    pattern = f"{FRAMES}/date=*/league=*/journal-*.parquet"
    if not any(root.glob(pattern)):
        columns = ", ".join(f'NULL::{kind} AS "{name}"' for name, kind in kinds.items())
        return f"CREATE VIEW {FRAMES} AS SELECT {columns} WHERE false"
    columns = ", ".join(f'"{name}"' for name in kinds)
    found = _quoted(f"{glob.escape(str(root))}/{pattern}")
    return (
        f"CREATE VIEW {FRAMES} AS SELECT {columns} FROM read_parquet({found}, "  # noqa: S608 - DDL takes no parameters, and the path is quoted
        "hive_partitioning = true, hive_types = {'date': DATE, 'league': VARCHAR})"
    )


def _columns(table: Table) -> dict[str, str]:
    """Return a view's columns with their SQL types, in the order of the row's fields."""
    return {
        name: _PARTITION_TYPES.get(name) or _sql_type(table.schema.field(name).type)
        for name in table.row.__struct_fields__
    }


def _sql_type(kind: pa.DataType) -> str:
    return _SQL_TYPES[kind.value_type if pa.types.is_dictionary(kind) else kind]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
