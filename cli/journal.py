"""`fairline journal`: what may have to be done by hand to the frames on record."""

from __future__ import annotations

from pathlib import Path

import click

from connectors.journal.repair import repair_segment


@click.group()
def journal() -> None:
    """Look after the journal, in which every frame is on record."""


@journal.command()
@click.argument(
    "segments",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
def repair(segments: tuple[Path, ...]) -> None:
    """Keep all that can be read of damaged SEGMENTS, files of the journal that end in .fjl.

    Where frames are lost, a gap is put on record, so that a replay trusts no book across it. The
    damaged file is kept beside the repaired one. Segments without damage stay as they are.
    """
    for segment in segments:
        repaired = repair_segment(segment)
        if repaired.damaged is None:
            click.echo(f"{segment} is sound: {repaired.frames:,} frames")
            continue
        for lost in repaired.lost:
            told = "an unknown number of" if lost.frames is None else f"{lost.frames:,}"
            click.echo(f"{segment}: lost {told} frames in {lost.size:,} bytes at {lost.offset:,}")
        click.echo(
            f"{segment}: {repaired.frames:,} frames on record now, {repaired.damaged} is as it was"
        )
