"""`fairline calibration`: how good the fair prices were live, beside the market's own."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from cli.live_prices import (
    EVERY_DAY,
    live_prices,
    read_prices,
    with_results,
)
from flows.settings import load_settings
from fusion.leagues import LEAGUES
from fusion.leagues import league as league_of
from models.evaluation.live import LEAST_GAMES, LiveReport, LiveScore, live_report

FLAGGED = 3
"""The exit code of `--fail`; 1 and 2 are errors."""

DEFAULT_LIMIT = 0.05
DEFAULT_WINDOW_DAYS = 7
SHOWN_WINDOWS = 7


@click.command()
@click.option(
    "--archive",
    type=click.Path(path_type=Path),
    help="The data directory that holds the archive; the configured one if left out.",
)
@click.option("--league", "names", multiple=True, help="Only this league; repeatable.")
@click.option(
    "--days",
    type=click.IntRange(1, EVERY_DAY),
    default=EVERY_DAY,
    help="Only the newest days of the archive.",
)
@click.option(
    "--limit",
    type=click.FloatRange(0.0, 1.0),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="A league is flagged whose calibration error exceeds that of chance by more.",
)
@click.option(
    "--window",
    type=click.IntRange(1, EVERY_DAY),
    default=DEFAULT_WINDOW_DAYS,
    show_default=True,
    help="The days of a rolling score.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array on the last line.")
@click.option("--fail", is_flag=True, help=f"Exit with {FLAGGED} when a league is flagged.")
@click.pass_context
def calibration(
    context: click.Context,
    *,
    archive: Path | None,
    names: tuple[str, ...],
    days: int,
    limit: float,
    window: int,
    as_json: bool,
    fail: bool,
) -> None:
    """Score the fair prices that were given live against the results, and against the market.

    Of every change of a scoreboard in play: the fair price, the market's mid, and what came true.
    Games without a result in the archive are left out, and counted. The tables show the newest
    windows, the JSON has all.
    """
    data_dir = archive or load_settings().data_dir
    wanted = {league_of(name).key for name in names} or LEAGUES.keys()
    reports = _reports(data_dir, wanted, days, limit, window)
    if as_json:
        click.echo(msgspec.json.encode(reports).decode())
    elif not reports:
        click.echo(f"no game with a result was priced in play in {data_dir}")
    else:
        for report in reports:
            _show(report, window)
    if fail and any(report.flagged for report in reports):
        context.exit(FLAGGED)


def _reports(
    data_dir: Path, wanted: Iterable[str], days: int, limit: float, window: int
) -> list[LiveReport]:
    reports = []
    for (key,), rows in sorted(read_prices(data_dir, days).group_by("league", maintain_order=True)):
        if key not in wanted:
            continue
        league = LEAGUES[str(key)]
        found = with_results(rows)
        left_out = (found.open_games, found.split_games)
        prices = live_prices(found.rows, league)
        if not prices.fair.size:
            click.echo(f"{key}: none of {sum(left_out)} games has a result yet", err=True)
            continue
        reports.append(
            live_report(
                league.key,
                prices,
                three_way=league.three_way,
                limit=limit,
                window_days=window,
                left_out=left_out,
            )
        )
    return reports


def _show(report: LiveReport, window: int) -> None:
    console = Console()
    parts = {"all": report.whole, **report.phases}
    parts |= {f"by {name}": score for name, score in report.models.items()}
    newest = list(report.windows.items())[-SHOWN_WINDOWS:]
    parts |= {f"{window} days to {day}": score for day, score in newest}
    console.print(f"[bold]{report.league}[/bold], now by {report.current}", highlight=False)
    console.print(_fair(parts))
    if report.whole.market is None:
        console.print("no row has both sides of a live book: nothing to compare with")
    else:
        console.print(_beside_market(parts))
    console.print(
        f"{report.open_games} games without a result and {report.split_games} without a winner"
        " are left out",
        highlight=False,
    )
    console.print(_verdict(report) + "\n", highlight=False, markup=False)


def _fair(parts: dict[str, LiveScore]) -> Table:
    table = _table("fair prices", ("rows", "games", "Brier", "calibration", "by chance"))
    for name, each in parts.items():
        table.add_row(
            name,
            f"{each.rows:,}",
            f"{each.games:,}",
            *_numbers(each.brier, each.ece, each.ece_by_chance),
        )
    return table


def _beside_market(parts: dict[str, LiveScore]) -> Table:
    names = ("rows", "Brier fair", "mid", "fair less mid", "±", "calibr. fair", "mid")
    table = _table("beside the market's mid, where there is one", names)
    for name, each in parts.items():
        both = each.market
        if both is not None:
            table.add_row(
                name,
                f"{both.rows:,}",
                *_numbers(both.brier_fair, both.brier_mid, both.difference, both.difference_se),
                *_numbers(both.ece_fair, both.ece_mid),
            )
    return table


def _table(title: str, names: Iterable[str]) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    table.add_column("")
    for name in names:
        table.add_column(name, justify="right")
    return table


def _numbers(*values: float) -> list[str]:
    return ["-" if isnan(value) else f"{value:.4f}" for value in values]


def _verdict(report: LiveReport) -> str:
    now = report.models[report.current]
    told = f"calibration error of {report.current} {now.ece:.4f}, by chance {now.ece_by_chance:.4f}"
    if report.flagged:
        return (
            f"FLAGGED: {told}: more than {report.limit:g} beyond chance. Stop its signals with"
            f' `stopped = ["{report.league}"]` under [signals] in fairline.toml, and mend it with'
            f" `fairline recalibrate {report.league}`."
        )
    if now.games < LEAST_GAMES:
        return f"not judged: {told}; {LEAST_GAMES} games are needed to tell, was {now.games}"
    return f"holds: {told}: not more than {report.limit:g} beyond chance"
