"""`fairline replay`: recorded frames through the same graph as live."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from flows.replay import replay as replay_frames
from flows.settings import load_settings


@click.command()
@click.argument("frames", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The data directory to write; an earlier replay in it is replaced.",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Threads that share the games; the result is the same.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on the last line.")
def replay(frames: Path, out: Path, workers: int, as_json: bool) -> None:
    r"""Run FRAMES through the same graph as live.

    FRAMES is a data directory, a session of its journal, or a .jsonl or .jsonl.gz file of lines

    \b
    {"recv_ns": int, "source": str, "payload": "verbatim text"}
    """
    counts = replay_frames(frames, load_settings(data_dir=out), workers=workers)
    if as_json:
        click.echo(msgspec.json.encode(counts))
        return
    table = Table(show_header=False, box=None)
    for name, value in msgspec.structs.asdict(counts).items():
        table.add_row(name, f"{value:,}")
    Console().print(table)
    click.echo(f"look at it: fairline query --archive {out} 'FROM signals'")
