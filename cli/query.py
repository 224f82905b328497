"""`fairline query`: ask the archive in SQL."""

from __future__ import annotations

import csv
import io
import itertools
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
import pyarrow as pa
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from connectors.archive.connect import ask, connect, named_query, query_names
from flows.settings import load_settings
from fusion.errors import ArchiveError

SHOWN_ROWS = 40
_ID_WIDTH = 18
_TEXT_WIDTH = 60
_BORDER_WIDTH = 3

_EXAMPLES = """\b
Examples:
  fairline query "SELECT game_id, count(*) FROM ticks GROUP BY ALL"
  fairline query --name game_timeline --param game_id=nba:401810000 --csv
"""

_to_json = msgspec.json.Encoder(decimal_format="number").encode


@click.command(epilog=_EXAMPLES)
@click.argument("sql", required=False)
@click.option(
    "--archive",
    "data_dir",
    type=click.Path(path_type=Path),
    default=None,
    help="The data directory that holds the archive; the configured one if left out.",
)
@click.option("--json", "form", flag_value="json", help="Print one JSON array of objects.")
@click.option("--csv", "form", flag_value="csv", help="Print CSV with a header.")
@click.option("--name", type=click.Choice(query_names()), help="Ask a query that comes with it.")
@click.option("--param", "params", multiple=True, metavar="KEY=VALUE", help="Fill in $KEY.")
def query(
    sql: str | None,
    data_dir: Path | None,
    form: str | None,
    name: str | None,
    params: tuple[str, ...],
) -> None:
    """Ask the archive one SQL question.

    The views are ticks, levels, games, signals, books, slates, dead_letters, frames (of sealed
    segments) and results (of games that are over). SQL of `-` is read from standard input.
    """
    if (sql is None) == (name is None):
        msg = "give either the SQL or --name"
        raise click.UsageError(msg)
    text = named_query(name) if name else sys.stdin.read() if sql == "-" else sql
    try:
        with connect(data_dir or load_settings().data_dir) as connection:
            answer = ask(connection, text or "", dict(map(_parameter, params)))
    except ArchiveError as error:
        raise click.ClickException(str(error)) from error
    if form == "json":
        click.echo(_as_json(answer))
    elif form == "csv":
        click.echo(_as_csv(answer), nl=False)
    else:
        _show(answer)


def _parameter(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        msg = f"--param takes KEY=VALUE, was {text!r}"
        raise click.UsageError(msg)
    return key, value


def _names(answer: pa.Table) -> list[str]:
    """Return the columns' names, the later ones of equal name numbered (`n`, `n_1`)."""
    names: list[str] = []
    for name in answer.column_names:
        numbered = (f"{name}_{number}" for number in itertools.count(1))
        names.append(next(n for n in itertools.chain([name], numbered) if n not in names))
    return names


def _rows(answer: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Yield the rows as Python values, instants as ISO 8601 text with all their digits."""
    columns = []
    for column in answer.columns:
        if pa.types.is_timestamp(column.type):
            texts = column.cast(pa.string()).to_pylist()
            columns.append([text and text.replace(" ", "T") for text in texts])
        else:
            columns.append(column.to_pylist())
    return zip(*columns, strict=True)


def _as_json(answer: pa.Table) -> bytes:
    names = _names(answer)
    return _to_json([dict(zip(names, row, strict=True)) for row in _rows(answer)])


def _as_csv(answer: pa.Table) -> str:
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(_names(answer))
    lines.writerows(map(_csv_cell, row) for row in _rows(answer))
    return text.getvalue()


def _csv_cell(value: Any) -> str:
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if missing else _plain(value)


def _show(answer: pa.Table) -> None:
    """Print the first rows as a table, in several blocks of columns where one is too wide."""
    console = Console()
    names = _names(answer)
    rows = [list(map(_cell, row)) for row in _rows(answer.slice(0, SHOWN_ROWS))]
    widths = [
        min(_TEXT_WIDTH, max(len(text) for text in (name, *(row[at] for row in rows))))
        for at, name in enumerate(names)
    ]
    for block in _blocks(widths, console.width):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for at in block:
            numeric = pa.types.is_integer(kind := answer.column(at).type) or _is_real(kind)
            table.add_column(Text(names[at]), justify="right" if numeric else "left")
        for row in rows:
            table.add_row(*(Text(row[at]) for at in block))
        console.print(table)
    console.print(_footer(answer.num_rows))


def _is_real(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _cell(value: Any) -> str:
    """Return a value for reading: noise of floats cut, the middle of a long id left out."""
    if value is None:
        return "NULL"
    if isinstance(value, float):
        return f"{value:.10g}"
    text = _plain(value)
    if isinstance(value, str) and len(text) > _ID_WIDTH and text.isalnum():
        return f"{text[:8]}…{text[-8:]}"
    return text


def _plain(value: Any) -> str:
    """Return a value as text: what is nested as JSON, all else as Python writes it."""
    return _to_json(value).decode() if isinstance(value, list | dict | bytes | bool) else str(value)


def _blocks(widths: list[int], width: int) -> Iterator[list[int]]:
    """Yield the columns, by index, in runs that fit into `width` characters."""
    block: list[int] = []
    used = 0
    for at, column in enumerate(widths):
        if block and used + column + _BORDER_WIDTH > width:
            yield block
            block, used = [], 0
        block.append(at)
        used += column + _BORDER_WIDTH
    yield block


def _footer(count: int) -> str:
    if count > SHOWN_ROWS:
        return f"{count - SHOWN_ROWS:,} more of {count:,} rows; --json or --csv prints all"
    return f"{count:,} row{'' if count == 1 else 's'}"
