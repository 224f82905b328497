"""The fair prices of the archive, beside what became of the games, as arrays."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from connectors.archive.connect import ask, connect, named_query
from fusion.leagues import LEAGUES, League
from models.evaluation.live import LivePrices
from models.evaluation.moments import Moment, seen
from models.training.state_table import labels

EVERY_DAY = 100_000
SPLIT = "split"

_MOMENT = Moment._fields
_AT = ("game_id", "recv_ns", "seq")


class Outcomes(NamedTuple):
    """Priced outcomes with a result, and how many games were left out for want of one.

    `open_games` have no result in the archive, `split_games` stand without a winner.
    """

    rows: pl.DataFrame
    open_games: int
    split_games: int


def read_prices(data_dir: Path, days: int = EVERY_DAY) -> pl.DataFrame:
    """Return what the named query `calibration` says of the newest `days` days of the archive.

    Rows of leagues that the configuration does not know are left out.

    Raises:
        ArchiveError: there is no archive, or it is damaged.
    """
    newest = "date > (SELECT max(date) FROM ticks) - $days::INTEGER"
    with connect(data_dir) as connection:
        answer = ask(
            connection, f"FROM ({named_query('calibration')}) WHERE {newest}", {"days": str(days)}
        )
    return pl.DataFrame(answer).filter(pl.col("league").is_in(list(LEAGUES)))


def with_results(rows: pl.DataFrame) -> Outcomes:
    """Return the rows of games that one outcome has won, and count the other games."""
    games = rows.unique("game_id")
    return Outcomes(
        rows.filter(pl.col("won").is_not_null()),
        games["result"].null_count(),
        int((games["result"] == SPLIT).sum()),
    )


def live_prices(rows: pl.DataFrame, league: League) -> LivePrices:
    """Return rows with results of one league; of a two-way game the row of home stands for both."""
    if not league.three_way:
        rows = rows.filter(pl.col("outcome") == "home")
    rows = rows.sort("recv_ns", "seq", "outcome")
    game = np.unique(rows["game_id"].to_numpy(), return_inverse=True)[1]
    return LivePrices(
        fair=rows["fair"].to_numpy(),
        mid=rows["mid"].fill_null(float("nan")).to_numpy(),
        won=rows["won"].cast(pl.Float64).to_numpy(),
        game=game.astype(np.int64),
        day=rows["date"].dt.epoch("d").cast(pl.Int64).to_numpy(),
        phase=seen(moments(rows), league).phase,
        model=labels(rows, "model", ""),
    )


def moments(rows: pl.DataFrame) -> list[Moment]:
    """Return where in the game each row was."""
    return [Moment(*row) for row in rows.select(_MOMENT).iter_rows()]


def triples(rows: pl.DataFrame, league: League) -> pl.DataFrame:
    """Return rows with results of one league, one a moment, with the columns home, draw and away.

    In two-way games `draw` is 0; a moment of a three-way game that has not all three is left out.
    """
    home = rows.filter(pl.col("outcome") == "home").rename({"fair": "home"})
    if not league.three_way:
        return home.with_columns(draw=pl.lit(0.0), away=1.0 - pl.col("home"))
    for outcome in ("draw", "away"):
        other = rows.filter(pl.col("outcome") == outcome)
        home = home.join(
            other.select(*_AT, pl.col("fair").alias(outcome)), on=_AT, maintain_order="left"
        )
    return home
