"""Cricket: the states of `cricket_ipl` files, the side that bats first as home."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import polars as pl

from models.families.cricket import USUAL_PAR
from models.protocol import Floats
from models.training.priors import PriorColumns
from models.training.priors_cricket import from_rating, unrated
from models.training.state_table import StateTable, assembled, days, numbers, phases, require
from models.training.timed import two_way_outcome

NEEDED = ("game_id", "innings", "balls_left", "runs", "wickets", "target", "bat_first_won")

RECENT = 0.02
"""How far a total moves the par of the games after it."""

PLAYERS_RULE = 2023
PAR_SINCE = 180.0
"""Since 2023 a batter may come for a bowler: first innings came to 183 in that season, in the one
before to 171. A file that begins later begins with this par, other ones with the usual."""

_POWERPLAY, _DEATH = 84.0, 30.0
"""Balls left after six overs, and before the last five."""


def table(frame: pl.DataFrame) -> StateTable:
    """Return the states of a file of cricket matches of twenty overs.

    Raises:
        ConfigError: a column is missing or holds something else than numbers.
    """
    require(frame, NEEDED, "cricket_ipl")
    chase = numbers(frame, "innings") - 1.0
    runs, target = numbers(frame, "runs"), numbers(frame, "target")
    home = np.where(chase > 0.0, target - 1.0, runs)
    away = np.where(chase > 0.0, runs, 0.0)
    balls_left = numbers(frame, "balls_left")
    level = np.zeros(frame.height)
    columns = {
        "lead": home - away,
        "home_score": home,
        "away_score": away,
        **_prior(numbers(frame, "elo_bat_first_prob")).named(),
        "overtime": level,
        "in_break": level,
        "neutral": level,
        "chase": chase,
        "balls_left": balls_left,
        "wickets": numbers(frame, "wickets"),
        "par": _par(frame, np.where(chase > 0.0, target - 1.0, np.nan)),
    }
    parts = (("powerplay", balls_left > _POWERPLAY), ("middle", balls_left > _DEATH))
    chosen = [
        (f"{innings} {name}", rows & (chase == number))
        for number, innings in enumerate(("1st", "chase"))
        for name, rows in (*parts, ("last overs", balls_left <= _DEATH))
    ]
    outcome = two_way_outcome(numbers(frame, "bat_first_won"))
    return assembled(frame, columns, outcome, phases(chosen, frame.height))


def _prior(rating: Floats) -> PriorColumns:
    missing = np.isnan(rating)
    home = np.where(missing, unrated(), from_rating(rating))
    return PriorColumns(home, home * 0.0, 1.0 - home, np.where(missing, 0.0, 1.0))


def _par(frame: pl.DataFrame, total: Floats) -> Floats:
    """Return what first innings came to before the day of each row, the latest the most.

    A row without a day has the one that the file begins with.
    """
    games = (
        pl.DataFrame({"day": days(frame), "game": frame["game_id"], "total": total})
        .group_by("day", "game")
        .agg(pl.col("total").fill_nan(None).max())
        .drop_nulls("day")
        .sort("day", "game")
    )
    season = numbers(frame, "season")
    first = season[~np.isnan(season)].min(initial=np.inf)
    begins = par = PAR_SINCE if PLAYERS_RULE <= first < np.inf else USUAL_PAR
    by_day = {}
    for day, group in groupby(games.iter_rows(), key=lambda row: row[0]):
        by_day[day] = par
        for _, _, came_to in group:
            par += RECENT * (came_to - par) if came_to is not None else 0.0
    found = pl.DataFrame(
        {"day": list(by_day), "par": list(by_day.values())},
        schema={"day": pl.Date, "par": pl.Float64},
    )
    rows = pl.DataFrame({"day": days(frame)})
    joined = rows.join(found, on="day", how="left", maintain_order="left")["par"]
    return np.array(joined.fill_null(begins).to_numpy(), dtype=np.float64)
