"""`fairline slate`: which games have markets on a day, how each was matched, and what was not."""

from __future__ import annotations

import asyncio
import time
from datetime import date, datetime

import click
import msgspec

from cli.slate_table import print_slate
from flows.coverage import Coverage, take_coverage
from flows.settings import load_settings
from flows.venue import open_venue
from fusion.days import slate_day
from fusion.leagues import LEAGUES, League
from fusion.leagues import league as find


@click.command()
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="A day in US Eastern; today if left out.",
)
@click.option(
    "--league", "names", multiple=True, help="Only this league (may be given more than once)."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def slate(day: datetime | None, names: tuple[str, ...], as_json: bool) -> None:
    """Show the games of a day with their markets and tokens, and what was refused and why.

    Asks the configured venue once; FAIRLINE_VENUE=live asks ESPN and Polymarket.
    """
    settings = load_settings()
    leagues = [find(name) for name in names] or [LEAGUES[key] for key in settings.leagues]
    chosen = day.date() if day else date.fromisoformat(slate_day(time.time_ns()))
    with open_venue(settings) as venue:
        coverage = asyncio.run(take_coverage(settings, venue, leagues, chosen))
    if as_json:
        click.echo(msgspec.json.encode(coverage))
        return
    _print(coverage, leagues)


def _print(coverage: Coverage, leagues: list[League]) -> None:
    print_slate(coverage.slate)
    click.echo(f"\n{coverage.day:%A %Y-%m-%d}, US Eastern")
    click.echo(f"{'league':<26} {'games':>6} {'events':>6} {'matched':>7} {'markets':>7}")
    quiet = []
    for league, one in zip(leagues, coverage.leagues, strict=True):
        if not (one.games or one.events or one.notes):
            quiet.append(league.name)
            continue
        counts = f"{one.games:>6} {one.events:>6} {one.matched:>7} {one.markets:>7}"
        click.echo(f"{league.name:<26} {counts}")
        for note in one.notes:
            click.echo(f"    {note}")
    if quiet:
        click.echo(f"no games: {', '.join(quiet)}")
