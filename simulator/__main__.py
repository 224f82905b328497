"""`python -m simulator`: play one evening and print where it is."""

from __future__ import annotations

from datetime import datetime

import click
import msgspec

from simulator.server import Address, serve


def tell(address: Address) -> None:
    """Print the addresses as one JSON line."""
    click.echo(msgspec.json.encode(address).decode())


@click.command()
@click.option("--seed", default=7, show_default=True, help="Everything random comes from it.")
@click.option("--speed", default=240.0, show_default=True, help="Virtual seconds per second.")
@click.option("--port", default=0, show_default=True, help="Port to listen on; 0 is any.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="US Eastern day of the evening; today if not given.",
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
    linger: float | None,
    start_now: bool,
    watch_stdin: bool,
) -> None:
    """Play an evening of games as a local ESPN and Polymarket."""
    serve(
        seed=seed,
        speed=speed,
        host=host,
        port=port,
        date=None if date is None else f"{date:%Y-%m-%d}",
        linger_s=linger,
        start_now=start_now,
        watch_stdin=watch_stdin,
        ready=tell,
    )


if __name__ == "__main__":
    main()
