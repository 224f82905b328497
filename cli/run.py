"""`fairline run`: the live dataflow with recovery, kept running."""

from __future__ import annotations

import sys

import click

from flows.settings import load_settings
from flows.supervisor import FLOW, supervise


@click.command()
@click.option("-w", "--workers", type=click.IntRange(min=1), help="Worker threads of the run.")
@click.option(
    "-p",
    "--processes",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes of the run on this host, each with so many workers.",
)
@click.option("--new", is_flag=True, help="Begin a new session, where one could be gone on with.")
def run(workers: int | None, processes: int, new: bool) -> None:
    """Run the dataflow, start it again when it dies, and go on where it was.

    SIGTERM and Ctrl-C drain it. The exit code is that of the last run, 128 and more for a signal;
    docs/recovery.md has the table.
    """
    sys.exit(
        supervise(
            load_settings(),
            module=FLOW,
            workers=workers,
            new=new,
            processes=processes,
            tell=lambda line: click.echo(f"fairline: {line}", err=True),
        )
    )
