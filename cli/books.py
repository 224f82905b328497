"""`fairline books`: every book of a capture, rebuilt, and whether it agrees with the venue."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from connectors.journal.reader import read_frames
from connectors.journal.segment import SUFFIX
from connectors.polymarket.books import BookReport, rebuild_books
from connectors.polymarket.captures import read_capture
from fusion.frames import Frame

SHOWN_OF_TOKEN = 10
COLUMNS = (
    "token",
    "state",
    "bid",
    "ask",
    "levels",
    "frames",
    "best",
    "wrong",
    "hash",
    "right",
)


@click.command()
@click.argument("frames", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array of objects.")
def books(frames: tuple[Path, ...], as_json: bool) -> None:
    """Rebuild every book from FRAMES, in the order given.

    FRAMES are journals, files of frames as JSON lines, or recordings of the market socket; no
    slate is needed. `best` counts the settled batches whose declared best was compared with the
    book and `wrong` those that differed, `hash` the hashes compared and `right` those that agreed.
    """
    reports = rebuild_books(chain.from_iterable(map(_read, frames)))
    if as_json:
        click.echo(msgspec.json.encode(reports))
        return
    table = Table(show_edge=False, pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, justify="left" if column in {"token", "state"} else "right")
    for report in reports:
        table.add_row(*_row(report))
    Console().print(table)


def _read(path: Path) -> Iterator[Frame]:
    return read_frames(path) if path.is_dir() or path.suffix == SUFFIX else read_capture(path)


def _row(report: BookReport) -> Iterator[str]:
    yield f"{report.token_id[:SHOWN_OF_TOKEN]}…"
    yield f"{report.state} {report.reason}".strip()
    yield "" if report.best_bid is None else f"{report.best_bid:.4f}"
    yield "" if report.best_ask is None else f"{report.best_ask:.4f}"
    yield f"{report.bid_levels}+{report.ask_levels}"
    yield str(report.frames)
    yield str(report.declared_best_checked)
    yield str(report.declared_best_mismatches)
    yield str(report.hash_checked)
    yield str(report.hash_matched)
