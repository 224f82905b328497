"""Tennis: the states of `tennis` files, player 1 as home."""

from __future__ import annotations

import numpy as np
import polars as pl

from fusion.leagues import League
from models.protocol import Floats
from models.training.priors import two_way
from models.training.priors_tennis import from_rating
from models.training.state_table import StateTable, assembled, numbers, phases, require
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
    prior = two_way((rating,), level + 1.0, league)
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
