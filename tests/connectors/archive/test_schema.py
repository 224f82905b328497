"""The tables' columns are a file format: names, order and types are pinned here."""

from __future__ import annotations

import pyarrow as pa

from connectors.archive.schema import SCHEMA_VERSION, TABLE_OF, TABLES
from fusion.levels import LevelBatch, LevelRow
from fusion.rows import BookRow, DeadLetter, GameRow, SignalRow, SlateRow, Tick

COLUMNS = {
    "ticks": (
        "seq int64!, recv_ns int64!, venue_ms int64, game_id id!, market_id id!, token_id id!, "
        "outcome id!, cause id!, bid double, ask double, bid_size double, ask_size double, "
        "home_score int64, away_score int64, period int64, clock_s double, state id, status id, "
        "fair double, fair_error double, cost double, fee double, edge double, "
        "lead_move double, held bool!, "
        "gate id!, score_age_s double, book_age_s double, link id!, link_reason id!, "
        "prior id!, model id!"
    ),
    "games": (
        "seq int64!, recv_ns int64!, game_id id!, start_ns int64!, home id!, away id!, state id!, "
        "status id!, completed bool!, home_score int64!, away_score int64!, period int64!, "
        "clock_s double, detail string!, winner id, espn_home_win double, told_home int64, "
        "told_away int64, disputed bool!"
    ),
    "signals": (
        "signal_id string!, transition id!, reason id!, seq int64!, recv_ns int64!, "
        "venue_ms int64, game_id id!, market_id id!, token_id id!, outcome id!, leg id!, "
        "delay_s int64!, fair double, fair_error double, cost double, fee double, edge double, "
        "size double, "
        "kelly double, "
        "bid double, ask double, home_score int64, away_score int64, period int64, "
        "clock_s double, score_age_s double, book_age_s double, link id!, prior id!, model id!"
    ),
    "books": (
        "seq int64!, recv_ns int64!, game_id id!, market_id id!, token_id id!, "
        "declared_checked int64!, declared_mismatches int64!, hash_checked int64!, "
        "hash_matched int64!, rest_checked int64!, rest_differed int64!"
    ),
    "slates": (
        "seq int64!, recv_ns int64!, game_id id!, event_slug id!, start_ns int64!, home id!, "
        "away id!, kind id!, selection id!, market_id id!, market_slug id!, token_id id!, "
        "outcome id!, evidence string!, reason id!, detail string!"
    ),
    "dead_letters": (
        "seq int64!, recv_ns int64!, source id!, reason id!, detail string!, excerpt string!"
    ),
    "levels": (
        "seq int64!, recv_ns int64!, venue_ms int64!, game_id id!, market_id id!, token_id id!, "
        "side id!, price double!, size double!, snapshot bool!"
    ),
}


def _written(schema: pa.Schema) -> str:
    """Return a schema as in `COLUMNS`: `id` is dictionary text, `!` is never null."""
    return ", ".join(
        f"{field.name} {'id' if pa.types.is_dictionary(field.type) else field.type}"
        f"{'' if field.nullable else '!'}"
        for field in schema
    )


def test_columns_are_pinned() -> None:
    """Every table has these columns, in this order, of these types."""
    assert {name: _written(table.schema) for name, table in TABLES.items()} == COLUMNS


def test_each_kind_of_row_has_its_table() -> None:
    """The rows' structs name their tables."""
    assert {row: table.name for row, table in TABLE_OF.items()} == {
        Tick: "ticks",
        GameRow: "games",
        SignalRow: "signals",
        BookRow: "books",
        SlateRow: "slates",
        DeadLetter: "dead_letters",
        LevelBatch: "levels",
    }
    assert [table.row for table in TABLES.values() if table.row is not table.item] == [LevelRow]


def test_lines_of_a_batch_have_lists() -> None:
    """A line of JSON has what the message had, before it is a row for each place."""
    assert _written(TABLES["levels"].staged) == (
        "seq int64!, recv_ns int64!, venue_ms int64!, date string!, league string!, "
        "game_id string!, market_id string!, snapshot bool!, token_ids list<item: string>!, "
        "sides list<item: string>!, prices list<item: int64>!, sizes list<item: int64>!"
    )


def test_every_file_tells_its_version() -> None:
    """Who reads files of two versions can tell them apart."""
    told = {name: table.schema.metadata[b"fairline.schema"] for name, table in TABLES.items()}

    assert SCHEMA_VERSION == 1
    assert told == dict.fromkeys(COLUMNS, b"1")


def test_encodings_of_ticks_are_pinned() -> None:
    """Rising columns are differences, sizes and fair prices plain, ids and prices dictionaries."""
    parquet = TABLES["ticks"].parquet
    assert parquet["column_encoding"] == {
        "seq": "DELTA_BINARY_PACKED",
        "recv_ns": "DELTA_BINARY_PACKED",
        "venue_ms": "DELTA_BINARY_PACKED",
        "score_age_s": "BYTE_STREAM_SPLIT",
        "book_age_s": "BYTE_STREAM_SPLIT",
    }
    plain = set(TABLES["ticks"].schema.names) - set(parquet["use_dictionary"])
    assert plain - set(parquet["column_encoding"]) == {
        "bid_size",
        "ask_size",
        "fair",
        "fair_error",
        "edge",
    }
    assert (parquet["compression"], parquet["compression_level"]) == ("zstd", 3)
