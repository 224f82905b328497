"""Tennis: the states of `tennis` files, player 1 as home."""

from __future__ import annotations

import numpy as np
import polars as pl

from fusion.leagues import League
from models.protocol import Floats
from models.training.priors import two_way
from models.training.priors_tennis import from_rating, over_sets
from models.training.ratings_tennis import Match, expected_by_earlier
from models.training.state_table import StateTable, assembled, days, numbers, phases, require
from models.training.timed import two_way_outcome

NEEDED = (
    "game_id",
    "best_of",
    "sets1",
    "sets2",
    "games1",
    "games2",
    "pts1",
    "pts2",
    "server",
    "tiebreak",
    "p1_won",
)

PLAYERS = ("p1", "p2")
"""Columns of names, by which matches without a rating find one."""


def table(frame: pl.DataFrame, league: League) -> StateTable:
    """Return the states of a file of tennis matches.

    Raises:
        ConfigError: a column is missing or holds something else than numbers.
    """
    require(frame, NEEDED, league.key)
    level = np.zeros(frame.height)
    sets_home, sets_away = numbers(frame, "sets1"), numbers(frame, "sets2")
    best_of, server = numbers(frame, "best_of"), numbers(frame, "server")
    rating = from_rating(numbers(frame, "elo_p1_prob"), best_of, league.key)
    # Neither player is at home, so that without ratings the chances are even.
    # A few earlier matches leave open nearly as much as none do: such a prior is not a known one.
    both = two_way((rating, _by_earlier(frame, best_of)), level + 1.0, league)
    prior = both._replace(known=np.where(np.isnan(rating), 0.0, 1.0))
    games = np.array([numbers(frame, "games1"), numbers(frame, "games2")])
    earlier = _earlier(frame["game_id"], np.array([sets_home, sets_away]), games)
    columns = {
        "lead": sets_home - sets_away,
        "home_score": sets_home,
        "away_score": sets_away,
        **prior.named(),
        "overtime": level,
        "in_break": level,
        "neutral": level,
        "sets_home": sets_home,
        "sets_away": sets_away,
        "games_home": games[0],
        "games_away": games[1],
        "earlier_home": earlier[0],
        "earlier_away": earlier[1],
        "best_of": best_of,
        "server": np.select([server == 1.0, server == 2.0], [1.0, -1.0], 0.0),
        "points_home": numbers(frame, "pts1"),
        "points_away": numbers(frame, "pts2"),
        "tiebreak": numbers(frame, "tiebreak"),
    }
    played = sets_home + sets_away
    chosen = [
        ("1st set", played == 0.0),
        ("deciding set", played == best_of - 1.0),
        ("2nd set", played == 1.0),
        ("later sets", played > 1.0),
    ]
    outcome = two_way_outcome(numbers(frame, "p1_won"))
    return assembled(frame, columns, outcome, phases(chosen, frame.height))


def _by_earlier(frame: pl.DataFrame, best_of: Floats) -> Floats:
    """Return the probability of player 1 by the earlier matches of the file, NaN where none.

    Matches without a day or a name are in no order, and neither rated nor learnt from.
    """
    if any(name not in frame.columns for name in PLAYERS):
        return np.full(frame.height, np.nan)
    rows = frame.select(
        pl.col("game_id"),
        days(frame).to_physical().alias("day"),
        *(pl.col(name).cast(pl.String) for name in PLAYERS),
    ).with_columns(won=numbers(frame, "p1_won"), expected=numbers(frame, "elo_p1_prob"))
    matches = rows.unique("game_id", keep="first", maintain_order=True).drop_nulls()
    said = expected_by_earlier([Match(*row[1:]) for row in matches.iter_rows()])
    each = matches.select("game_id").with_columns(said=said)
    found = rows.join(each, on="game_id", how="left", maintain_order="left")["said"]
    return over_sets(found.fill_null(np.nan).to_numpy(), best_of)


def _earlier(match: pl.Series, sets: Floats, games: Floats) -> Floats:
    """Return the games of both players in the sets before the one in play, shape (2, n).

    A row stands at the start of a game, so that the last game of a set has none: it is the most
    games that rows of the set have, and one more for who won it.
    """
    names = ("home", "away")
    rows = pl.DataFrame({"match": match, "home_sets": sets[0], "away_sets": sets[1]})
    rows = rows.with_columns(home=games[0], away=games[1])
    set_ = ("match", "home_sets", "away_sets")
    most = rows.group_by(set_).agg(pl.col(names).max())
    most = most.sort("match", pl.col("home_sets") + pl.col("away_sets"))
    before = most.with_columns(
        pl.col(name).cum_sum().over("match") - pl.col(name) + pl.col(f"{name}_sets")
        for name in names
    )
    found = rows.select(set_).join(
        before, on=set_, how="left", maintain_order="left", nulls_equal=True
    )
    return np.array([found[name].to_numpy() for name in names])
