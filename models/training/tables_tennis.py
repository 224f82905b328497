"""Tennis: the states of `tennis` files, player 1 as home."""

from __future__ import annotations

import numpy as np
import polars as pl

from fusion.leagues import League
from models.training.priors import two_way
from models.training.priors_tennis import from_rating
from models.training.state_table import StateTable, assembled, numbers, phases, require
from models.training.timed import two_way_outcome

NEEDED = (
    "season",
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
    "elo_p1_prob",
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
        "games_home": numbers(frame, "games1"),
        "games_away": numbers(frame, "games2"),
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
