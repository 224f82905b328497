"""`fairline recalibrate`: mend the fair prices of a league with what became of past ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
import numpy as np
import polars as pl

from cli.live_prices import moments, read_prices, triples, with_results
from flows.price_models import models_directory, read_coefficients, write_coefficients
from flows.settings import load_settings
from fusion.errors import ConfigError
from fusion.leagues import LEAGUES
from fusion.leagues import league as league_of
from models.coefficients.schema import CoefficientFile, read
from models.coefficients.shelf import built_in, newest
from models.evaluation.moments import seen
from models.family import Fitted
from models.offline import OFFLINE
from models.registry import Registry, is_fallback
from models.training.recalibrate import (
    REVERSIBLE,
    Mended,
    Played,
    mended,
    newest_games,
    next_file,
    undone,
)

_CODES = {"home": 0, "draw": 1, "away": 2}


@click.command()
@click.argument("league")
@click.option(
    "--archive",
    type=click.Path(path_type=Path),
    help="The data directory that holds the archive; the configured one if left out.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the coefficient file goes; models/ in the data directory if left out.",
)
@click.option("--force", is_flag=True, help="Write it also where it is no better.")
def recalibrate(league: str, *, archive: Path | None, out: Path | None, force: bool) -> None:
    """Fit the calibration of LEAGUE (or soccer, soccer_intl) to the archive's own prices.

    The coefficients stay as they are. What is fitted to the older games must save more log loss
    on the newest quarter than two standard errors; then it is fitted to all of them, and written
    as the next version, which a run takes at its next start.
    """
    settings = load_settings()
    directory = out or models_directory(settings.data_dir)
    files = _files(models_directory(settings.data_dir), directory)
    file = _newest_of(league, files)
    rows = _rows_of(file, files, with_results(read_prices(archive or settings.data_dir)).rows)
    three_way = rows["draw"].max() != 0.0
    played = _played(rows, files)
    days = rows["date"].cast(pl.String)
    held_out = rows.filter(np.isin(played.game, newest_games(np.unique(played.game))))
    seasons = tuple(held_out["date"].dt.year().unique().sort().to_list())
    found = mended(played, file, seasons, three_way=three_way)
    if not found.is_better and not force:
        msg = f"{file.key} is no better for it: {_worth(found)}; nothing was written, --force"
        msg += " writes it all the same"
        raise ConfigError(msg)
    version = 1 + max(each.version for each in files.values() if each.key == file.key)
    games = np.unique(played.game).size
    archived = f"the archive of {days.min()!s} to {days.max()!s}, {games:,} games"
    path = write_coefficients(directory, next_file(file, found, version, archived, str(days.max())))
    click.echo(
        f"{path}: {file.family}:{file.key}-{version}, calibrated on {archived}; {_worth(found)}."
        " A run prices with it from its next start on."
    )


def _files(*directories: Path) -> dict[str, CoefficientFile]:
    """Return every version there is, by the name that its prices bear."""
    texts = {name: text for each in directories for name, text in read_coefficients(each).items()}
    files = (*built_in().values(), *(read(text, name) for name, text in sorted(texts.items())))
    return {f"{each.family}:{each.key}-{each.version}": each for each in files}


def _newest_of(name: str, files: Mapping[str, CoefficientFile]) -> CoefficientFile:
    """Return the newest file of that key, or the one that prices the league of that name."""
    shelf = newest(files.values())
    if name in OFFLINE:
        msg = f"no scoreboard of {name!r} is read, so that no archive has prices to mend it by; fit"
        msg += " it to past games: fairline train"
        raise ConfigError(msg)
    if name in shelf:
        return shelf[name]
    league = league_of(name)
    model = Registry(shelf).model_for(league)
    if not isinstance(model, Fitted):
        msg = f"{league.key!r} has no model; use one of {', '.join(shelf)}"
        raise ConfigError(msg)
    if is_fallback(model.name):
        msg = f"{league.key!r} is priced with the coefficients of {model.file.key!r}; train its own"
        msg += " first: fairline train"
        raise ConfigError(msg)
    return model.file


def _rows_of(
    file: CoefficientFile, files: Mapping[str, CoefficientFile], rows: pl.DataFrame
) -> pl.DataFrame:
    """Return the moments that the coefficients of a file priced, in whichever version.

    Each has its share of the game, the number of the game by age, and the prices of all outcomes.
    """
    same = [
        name
        for name, each in files.items()
        if (each.key, each.coefficients) == (file.key, file.coefficients)
        and each.calibration.kind in REVERSIBLE
    ]
    rows = rows.filter(pl.col("model").is_in(same))
    begun = rows.group_by("game_id").agg(pl.col("recv_ns").min()).sort("recv_ns", "game_id")
    ages = begun.select("game_id").with_row_index("age")
    parts = []
    for (key,), part in rows.group_by("league", maintain_order=True):
        league = LEAGUES[str(key)]
        found = triples(part, league)
        parts.append(found.with_columns(played=pl.Series(seen(moments(found), league).played)))
    if not parts:
        msg = f"the archive has no game with a result that {' or '.join(same) or file.key} priced"
        msg += " in play; run on, and ask again"
        raise ConfigError(msg)
    return pl.concat(parts).join(ages, on="game_id", maintain_order="left")


def _played(rows: pl.DataFrame, files: Mapping[str, CoefficientFile]) -> Played:
    """Return rows as their formula priced them, each without the calibration of its version."""
    prices = rows.select("home", "draw", "away").to_numpy().astype(np.float64)
    played = rows["played"].to_numpy()
    for name in rows["model"].unique().to_list():
        mask = (rows["model"] == name).to_numpy()
        prices[mask] = undone(prices[mask], played[mask], files[name].calibration)
    return Played(
        prices=prices,
        played=played,
        outcome=rows["result"].replace_strict(_CODES, return_dtype=pl.Int64).to_numpy(),
        game=rows["age"].cast(pl.Int64).to_numpy(),
    )


def _worth(found: Mended) -> str:
    before, after = found.before, found.after
    return (
        f"on the newest {found.held_out_games} games, by what the older ones teach, log loss"
        f" {before.log_loss:.4f} becomes {after.log_loss:.4f} (saves {found.saved:.4f} ±"
        f" {found.saved_se:.4f}), calibration error {before.ece:.4f} becomes {after.ece:.4f}"
    )
