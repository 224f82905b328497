"""The archive's tables: one per kind of row, their columns as Parquet keeps them.

A column is named and typed by the struct in `fusion.rows`: int is int64, float float64, and
text is a dictionary where few values repeat. `date` and `league` are no columns of a file but
its folders, `date=YYYY-MM-DD/league=<league>`; readers put them back.

The encodings are those that gave the smallest files at full speed on synthetic ticks (28 bytes a
tick against 32 with dictionaries throughout): what rises by small steps is stored as differences,
what seldom repeats is stored plainly, ages byte by byte, and all else by dictionary.
"""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import pyarrow as pa

from fusion.rows import BookRow, DeadLetter, GameRow, Row, SignalRow, SlateRow, Tick

PARTITIONS = ("date", "league")

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
    `pyarrow.parquet.write_table`.
    """

    name: str
    row: type[Row]
    schema: pa.Schema
    parquet: dict[str, Any]


def _table(name: str, row: type[Row]) -> Table:
    hints = get_type_hints(row)
    schema = pa.schema(
        [_field(column, hints[column]) for column in hints if column not in PARTITIONS]
    )
    return Table(
        name=name,
        row=row,
        schema=schema,
        parquet={
            "compression": "zstd",
            "compression_level": 3,
            "use_dictionary": [c for c in schema.names if c not in _PLAIN | _ENCODINGS.keys()],
            "column_encoding": {c: _ENCODINGS[c] for c in schema.names if c in _ENCODINGS},
        },
    )


def _field(name: str, hint: Any) -> pa.Field:
    parts = get_args(hint) if get_origin(hint) in {Union, types.UnionType} else (hint,)
    nullable = type(None) in parts
    (plain,) = (part for part in parts if part is not type(None))
    if name in _FREE_TEXT:
        return pa.field(name, pa.string(), nullable)
    if get_origin(plain) is Literal:
        return pa.field(name, _DICTIONARY, nullable)
    return pa.field(name, _ARROW[plain], nullable)


_ROWS: dict[str, type[Row]] = {
    "ticks": Tick,
    "games": GameRow,
    "signals": SignalRow,
    "books": BookRow,
    "slates": SlateRow,
    "dead_letters": DeadLetter,
}
TABLES: dict[str, Table] = {name: _table(name, row) for name, row in _ROWS.items()}
TABLE_OF: dict[type[Row], Table] = {table.row: table for table in TABLES.values()}
