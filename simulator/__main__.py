"""`python -m simulator`: play one evening and print where it is."""

from __future__ import annotations

from datetime import datetime
from typing import TextIO

import click
import msgspec

from fusion.errors import ConfigError
from simulator.faults import Script, read_script
from simulator.schedule import EXTRA_GAMES
from simulator.server import Address, serve


def tell(address: Address) -> None:
    """Print the addresses as one JSON line."""
    click.echo(msgspec.json.encode(address).decode())


def _script(faults: TextIO) -> Script:
    try:
        return read_script(faults.read())
    except (ConfigError, UnicodeDecodeError) as error:
        msg = f"{faults.name}: {error}"
        raise click.ClickException(msg) from error


@click.command()
@click.option("--seed", default=7, show_default=True, help="Everything random comes from it.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    default=240.0,
    show_default=True,
    help="Virtual seconds per second.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="Port to listen on; 0 is any.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="US Eastern day of the evening; today if not given.",
)
@click.option(
    "--extra-games",
    type=click.IntRange(0, EXTRA_GAMES),
    default=0,
    show_default=True,
    help="So many soccer matches more, each of six moneyline tokens.",
)
@click.option(
    "--faults",
    type=click.File(encoding="utf-8"),
    default=None,
    help="TOML file of what goes wrong; see docs/faults.md.",
)
@click.option("--linger", type=float, default=None, help="Exit so many seconds after the end.")
@click.option("--start-now", is_flag=True, help="Start without waiting for a client.")
@click.option("--watch-stdin", is_flag=True, help="Exit when standard input closes.")
def main(
    *,
    seed: int,
    speed: float,
    port: int,
    host: str,
    date: datetime | None,
    extra_games: int,
    faults: TextIO | None,
    linger: float | None,
    start_now: bool,
    watch_stdin: bool,
) -> None:
    """Play an evening of games as a local ESPN and Polymarket."""
    try:
        serve(
            seed=seed,
            speed=speed,
            host=host,
            port=port,
            date=None if date is None else f"{date:%Y-%m-%d}",
            extra_games=extra_games,
            script=None if faults is None else _script(faults),
            linger_s=linger,
            start_now=start_now,
            watch_stdin=watch_stdin,
            ready=tell,
        )
    except OSError as error:
        msg = f"cannot listen on {host}:{port}: {error.strerror}; name another, or 0 for any"
        raise click.ClickException(msg) from error


if __name__ == "__main__":
    main()
