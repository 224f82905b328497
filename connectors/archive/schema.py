"""The archive's tables: one per kind of row, their columns as Parquet keeps them.

A column is named and typed by the struct in `fusion.rows`: int is int64, float float64, and
text is a dictionary where few values repeat. `date` and `league` are no columns of a file but
its folders, `date=YYYY-MM-DD/league=<league>`; readers put them back. Levels come as batches, one
a message, and are a row a level in the file.

The encodings are those that gave the smallest files at full speed on synthetic ticks (28 bytes a
tick against 32 with dictionaries throughout): what rises by small steps is stored as differences,
what seldom repeats is stored plainly, ages byte by byte, and all else by dictionary.
"""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa

from fusion.levels import LevelBatch, LevelRow
from fusion.rows import BookRow, DeadLetter, GameRow, Row, SignalRow, SlateRow, Tick

SCHEMA_VERSION = 1
"""Raised when a column changes its name, its type or its meaning; a new column does not."""

PARTITIONS = ("date", "league")

ArchiveItem = Row | LevelBatch
"""What can be staged: a row, or a batch of them."""

_FREE_TEXT = frozenset({"signal_id", "detail", "excerpt", "evidence"})
_PLAIN = _FREE_TEXT | {"bid_size", "ask_size", "size", "fair", "fair_error", "edge", "kelly"}
_ENCODINGS = {
    "seq": "DELTA_BINARY_PACKED",
    "recv_ns": "DELTA_BINARY_PACKED",
    "venue_ms": "DELTA_BINARY_PACKED",
    "score_age_s": "BYTE_STREAM_SPLIT",
    "book_age_s": "BYTE_STREAM_SPLIT",
}
_DICTIONARY = pa.dictionary(pa.int32(), pa.string())
_ARROW = {int: pa.int64(), float: pa.float64(), bool: pa.bool_(), str: _DICTIONARY}


class Table(msgspec.Struct, frozen=True):
    """One table: its name, the struct of its rows, and how a file keeps it.

    `schema` is that of a file, without the partitions; `parquet` are the options of
    `pyarrow.parquet.write_table`. `staged` are the columns of its JSON lines, which are those of
    `item`: the row itself, or a batch of rows.
    """

    name: str
    row: type[Row | LevelRow]
    item: type[ArchiveItem]
    schema: pa.Schema
    staged: pa.Schema
    parquet: dict[str, Any]


def _table(
    name: str, row: type[Row | LevelRow], item: type[ArchiveItem], plain: frozenset[str] = _PLAIN
) -> Table:
    hints = get_type_hints(row)
    columns = [_field(column, hints[column]) for column in hints if column not in PARTITIONS]
    schema = pa.schema(columns, {"fairline.schema": str(SCHEMA_VERSION)})
    encodings = {name: _ENCODINGS[name] for name in schema.names if name in _ENCODINGS}
    return Table(
        name=name,
        row=row,
        item=item,
        schema=schema,
        staged=_staged(item),
        parquet={
            "compression": "zstd",
            "compression_level": 3,
            "use_dictionary": [c for c in schema.names if c not in plain | encodings.keys()],
            "column_encoding": encodings,
        },
    )


def _staged(item: type[ArchiveItem]) -> pa.Schema:
    """Return the columns of an item's JSON lines: the reader of JSON knows no dictionaries."""
    hints = get_type_hints(item)
    fields = (_field(name, hint) for name, hint in hints.items())
    return pa.schema([field.with_type(_decoded(field.type)) for field in fields])


def _decoded(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_list(kind):
        return pa.list_(_decoded(kind.value_type))
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _field(name: str, hint: Any) -> pa.Field:
    parts = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
    nullable = type(None) in parts
    (plain,) = (part for part in parts if part is not type(None))
    if name in _FREE_TEXT:
        return pa.field(name, pa.string(), nullable)
    return pa.field(name, _arrow(plain), nullable)


def _arrow(hint: Any) -> pa.DataType:
    if get_origin(hint) is tuple:
        return pa.list_(_arrow(get_args(hint)[0]))
    return _DICTIONARY if get_origin(hint) is Literal else _ARROW[hint]


_ROWS: dict[str, type[Row]] = {
    "ticks": Tick,
    "games": GameRow,
    "signals": SignalRow,
    "books": BookRow,
    "slates": SlateRow,
    "dead_letters": DeadLetter,
}
TABLES: dict[str, Table] = {name: _table(name, row, row) for name, row in _ROWS.items()}
TABLES["levels"] = _table("levels", LevelRow, LevelBatch)

TABLE_OF: dict[type[ArchiveItem], Table] = {table.item: table for table in TABLES.values()}
"""The table of what is staged."""
