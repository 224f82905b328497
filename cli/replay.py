"""`fairline replay`: recorded frames through the same graph as live."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from cli.replay_progress import replay_bar
from connectors.journal.span import first_ns
from flows.recorded import Passed
from flows.replay import Manner, Replayed
from flows.replay import replay as replay_frames
from flows.settings import load_settings
from flows.window import Window, parse_moment
from fusion.leagues import LEAGUES


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
@click.option(
    "--speed",
    type=click.FloatRange(0, min_open=True),
    help="Play it at so many times its own speed; 1 is as it was.",
)
@click.option(
    "--as-fast-as-possible", is_flag=True, help="Wait for nothing. The default without --speed."
)
@click.option("--from", "since", metavar="TIME", help="Keep what came of frames from TIME on.")
@click.option("--until", metavar="TIME", help="Read no frame of TIME or later.")
@click.option(
    "--game",
    "games",
    metavar="ID",
    multiple=True,
    help="Keep this game (`nba:401810686`) or league (`nba:`) only; may be given several times.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on the last line.")
def replay(  # noqa: PLR0917  (one argument an option)
    frames: Path,
    out: Path,
    workers: int,
    speed: float | None,
    as_fast_as_possible: bool,
    since: str | None,
    until: str | None,
    games: tuple[str, ...],
    as_json: bool,
) -> None:
    r"""Run FRAMES through the same graph as live.

    FRAMES is a data directory, a session of its journal, or a .jsonl or .jsonl.gz file of lines

    \b
    {"recv_ns": int, "source": str, "payload": "verbatim text"}

    in order of their times. A TIME is ISO 8601, or HH:MM of that night; without a zone it is UTC.
    Frames before --from are played too, as fast as can be, so that the rows that are kept are
    those of the whole night.
    """
    if speed is not None and as_fast_as_possible:
        msg = "--speed and --as-fast-as-possible exclude each other; give one of them"
        raise click.UsageError(msg)
    window = _window(frames, since, until, games)
    manner = Manner(speed=speed, window=window, workers=workers)
    settings = load_settings(data_dir=out)
    with _shown(frames, window, as_json=as_json) as passed:
        counts = replay_frames(frames, settings, manner, passed)
    if as_json:
        click.echo(msgspec.json.encode(counts))
        return
    _print_table(counts)
    click.echo(f"look at it: fairline query --archive {out} 'FROM signals'")


def _window(frames: Path, since: str | None, until: str | None, games: tuple[str, ...]) -> Window:
    """Return what is to be kept, as it was typed."""
    for game in games:
        league, colon, _ = game.partition(":")
        if not colon or league not in LEAGUES:
            known = ", ".join(sorted(LEAGUES))
            msg = f"a game is `<league>:<ESPN event>`, a league `<league>:`, was {game!r} ({known})"
            raise click.BadParameter(msg, param_hint="--game")
    from_ns, until_ns = _moment(frames, "--from", since), _moment(frames, "--until", until)
    if from_ns is not None and until_ns is not None and until_ns <= from_ns:
        msg = f"must be behind --from {since}, was {until}"
        raise click.BadParameter(msg, param_hint="--until")
    return Window(from_ns, until_ns, frozenset(games))


def _moment(frames: Path, option: str, typed: str | None) -> int | None:
    if typed is None:
        return None
    try:
        return parse_moment(typed, first_ns(frames) or 0)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from error


@contextmanager
def _shown(frames: Path, window: Window, *, as_json: bool) -> Iterator[Passed]:
    """Show how a replay goes where somebody looks at a terminal."""
    console = Console(stderr=True)
    if as_json or not console.is_terminal:
        yield lambda _, __: None
        return
    with replay_bar(frames, window, console) as passed:
        yield passed


def _print_table(counts: Replayed) -> None:
    table = Table(show_header=False, box=None)
    for name, value in msgspec.structs.asdict(counts).items():
        table.add_row(name, f"{value:,}")
    Console().print(table)
