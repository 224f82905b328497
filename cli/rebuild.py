"""`fairline rebuild`: the archive of a session, made again from its journal."""

from __future__ import annotations

import click

from flows.rebuild import rebuild as rebuild_session
from flows.settings import load_settings


@click.command()
@click.option("--session", required=True, help="A folder of the journal, `20261120T190501Z`.")
def rebuild(session: str) -> None:
    """Make the archive and the signals of a session again from its journal.

    The journal is the truth: what a crash kept from the archive is in it. A run does this by
    itself for sessions that were cut off. With other coefficients than the run had, prices differ.
    """
    made = rebuild_session(session, load_settings())
    told = f"{made.frames:,} frames gave {made.ticks:,} ticks in {made.files} files"
    click.echo(f"{made.session}: {told}")
