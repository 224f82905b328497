"""How each key is trained: which rows count and how much, and what is not left to a fit.

A recipe is part of the coefficients: with it and the same states anybody gets the same file. What
is held fixed is what the rows of one league cannot tell, mostly because two coefficients do the
same work in them (the reversion of a lead and its spread), or because a larger league tells it
better. What the rows were found to say when they were left free stands beside each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Value = float | tuple[float, ...]
"""A coefficient: a number or several."""


class Recipe(NamedTuple):
    """How to train one key; the one without arguments fits all coefficients to all rows.

    `rows_per_game` rows of every game are taken, and games are left out where that is more than
    `most_rows` in all. `alike` are the games, whatever rows they have, or the rows. `sources` are
    those that are fitted to, all of them if empty; the others are still judged by. Earlier seasons
    than `first_season` are left out, and so are rows whose columns are not as `only` says. `held`
    are coefficients and what they are held at, `start` those that a fit starts from elsewhere than
    at the family's defaults. `calibrate` tells whether a calibration may be kept.
    """

    rows_per_game: int = 24
    most_rows: int = 60_000
    alike: Literal["games", "rows"] = "games"
    sources: frozenset[str] = frozenset()
    first_season: int = 0
    only: Mapping[str, float] = {}
    held: Mapping[str, Value] = {}
    start: Mapping[str, Value] = {}
    calibrate: bool = True


_WALK: Mapping[str, Value] = {"theta": 0.6, "floor": 0.3, "unsure": 0.7, "ball": 0.45}
"""Basketball: a few seasons cannot tell the reversion from the spread, nor the floor of the prior
from its fading, and few games have no prior. The ball was worth 0.43 to 0.55 points in most of the
last five minutes of NBA games 2015 to 2020 (standard errors 0.05 to 0.09), the other files do not
tell who has it."""

_BASKETBALL = Recipe(rows_per_game=8, most_rows=150_000, held=_WALK)
_FOOTBALL = Recipe(most_rows=100_000, held={"doubt": 0.25, "tilt": 0.3, "kickoff": 0.8})
_COLLEGE: Mapping[str, Value] = {**_FOOTBALL.held, "fade": 0.7, "kickoff": 1.2}
"""Football: what a prior is worth at the end is told by few games of overtime. Of college there is
one season: fits to four fifths of it gave a fading of 0.6 to 1.1, and did better on the fifth left
out with the one held here, between theirs and the NFL's (Brier better by 0.0002). A kickoff was
worth 0.9 points to who receives it (standard error 0.4) in the NFL of 2009 to 2015, and 1.7 (0.8)
in college, where more drives score; what is held is nearer to the points of drives."""
_TENNIS = Recipe(
    rows_per_game=12,
    most_rows=150_000,
    alike="rows",
    only={"best_of": 3.0},
    start={"spread_known": 0.15, "spread_unknown": 0.22},
)
"""Best of five is left out: the files have such matches of three and four sets and none of five,
from which a fit learns that leads are safe. Long matches count for more, as they do live."""

_CLUBS: Mapping[str, Value] = {
    "rise": 0.2419,
    "red_own": -0.4339,
    "red_other": 0.4725,
    "behind": 0.1419,
    "ahead": -0.09222,
}
"""The coefficients of clubs. On internationals of 2019 to 2021 they did no worse than their own
(log loss 0.5915 against 0.5919), and the files of internationals have no red cards."""

RECIPES: Mapping[str, Recipe] = {
    "nba": _BASKETBALL._replace(sources=frozenset({"pbp", "minute"}), first_season=2017),
    "ncaamb": _BASKETBALL,
    "wnba": _BASKETBALL._replace(held={**_WALK, "swing": 3.7, "fade": 0.8}),
    "nfl": _FOOTBALL._replace(sources=frozenset({"pbp", "quarter"}), alike="rows"),
    "cfb": _FOOTBALL._replace(held=_COLLEGE),
    "nhl": Recipe(),
    "mlb": Recipe(rows_per_game=18, most_rows=400_000, held={"fade": 0.318}, calibrate=False),
    "soccer": Recipe(rows_per_game=6, most_rows=150_000),
    "soccer_intl": Recipe(rows_per_game=6, most_rows=150_000, held=_CLUBS),
    "atp": _TENNIS._replace(held={"serve": 0.5577}),
    "wta": _TENNIS._replace(held={"serve": 0.24}),
    "cricket_ipl": Recipe(rows_per_game=60, alike="rows", held={"reach": 0.8}),
}
"""By the key of the coefficients. The WNBA's quarters say nothing of the last seconds (`swing`)
and 596 games little of how a prior fades: both are the NBA's. Plays before 2017 are of a slower
NBA with fewer threes, and quarters of 2021 to 2023 are games that the minutes have too. In the NFL
rows are alike, so that plays count for more than the four ends of quarters of as many games: on
plays of seasons that were left out the calibration error was 0.005 instead of 0.009. In cricket
`reach` is held: how far a level of scores lasts cannot be told from sixteen seasons of it."""


def recipe_of(key: str) -> Recipe:
    """Return the recipe of a key of coefficients; that of a league of a user's own is plain."""
    return RECIPES.get(key, Recipe())
