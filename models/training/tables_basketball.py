"""Basketball: the states of `nba`, `wnba` and `ncaam` files."""

from __future__ import annotations

import numpy as np
import polars as pl

from fusion.leagues import League
from models.families.basketball import Coefficients
from models.prior import FLOOR
from models.training.priors import PriorColumns, two_way
from models.training.priors_basketball import candidates
from models.training.ratings_basketball import Game, expected_by_earlier
from models.training.state_table import StateTable, assembled, days, numbers, require
from models.training.timed import clocked, score_names, timed_phases, two_way_outcome

NEEDED = ("game_id", "period", "remaining_s", "home_won")

RATED = frozenset({"ncaamb"})
"""Leagues whose games without a line have a prior from the earlier games of the file."""

TEAMS = ("home", "away")
"""Columns of names, by which such games find one."""


def table(frame: pl.DataFrame, league: League) -> StateTable:
    """Return the states of a file of basketball games.

    Raises:
        ConfigError: a column is missing or holds something else than numbers.
    """
    require(frame, (*NEEDED, *score_names(frame)), league.key)
    prior = two_way(candidates(frame, league), numbers(frame, "neutral"), league)
    if league.key in RATED and set(TEAMS) <= set(frame.columns):
        prior = _rated(frame, prior)
    left_s, period = numbers(frame, "remaining_s"), numbers(frame, "period")
    columns = clocked(frame, prior, league, left_s, period)
    columns["possession"] = np.sign(np.nan_to_num(numbers(frame, "poss")))
    phase = timed_phases(columns, league)
    return assembled(frame, columns, two_way_outcome(numbers(frame, "home_won")), phase)


def _rated(frame: pl.DataFrame, prior: PriorColumns) -> PriorColumns:
    """Return the prior with what earlier games say where nobody knew the strengths.

    It counts as known by as much as the spread of strengths is smaller than where nobody knows.
    Games without a day or a name are in no order, and neither rated nor learnt from.
    """
    rows = frame.select(
        pl.col("game_id"),
        days(frame).to_physical().alias("day"),
        *(pl.col(name).cast(pl.String) for name in TEAMS),
    ).with_columns(
        line=-numbers(frame, "home_spread"),
        margin=numbers(frame, "final_home") - numbers(frame, "final_away"),
    )
    games = rows.unique("game_id", keep="first", maintain_order=True).drop_nulls()
    said = expected_by_earlier([Game(*row[1:]) for row in games.iter_rows()])
    each = games.select("game_id").with_columns(chance=said.home, unsure=said.variance)
    found = rows.join(each, on="game_id", how="left", maintain_order="left")
    chance, unsure = (found[name].fill_null(np.nan).to_numpy() for name in ("chance", "unsure"))
    here = (prior.known <= 0.0) & ~np.isnan(chance)
    home = np.where(here, np.clip(chance, FLOOR, 1.0 - FLOOR), prior.home)
    known = np.where(here, np.maximum(1.0 - unsure / Coefficients().unsure ** 2, 0.0), prior.known)
    return PriorColumns(home, prior.draw, 1.0 - home, known)
