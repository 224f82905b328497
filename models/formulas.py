"""The families by name, as coefficient files name them."""

from __future__ import annotations

from collections.abc import Mapping

from fusion.leagues import Sport
from models.families import baseball, basketball, football, hockey, soccer, tennis
from models.family import Family

FAMILIES: Mapping[str, Family] = {
    "basketball": Family(
        "basketball",
        basketball.Coefficients,
        basketball.INPUTS,
        basketball.VALID,
        basketball.probabilities,
        basketball.BOUNDS,
    ),
    "football": Family(
        "football",
        football.Coefficients,
        football.INPUTS,
        football.VALID,
        football.probabilities,
        football.BOUNDS,
    ),
    "hockey": Family(
        "hockey",
        hockey.Coefficients,
        hockey.INPUTS,
        hockey.VALID,
        hockey.probabilities,
        hockey.BOUNDS,
    ),
    "soccer": Family(
        "soccer",
        soccer.Coefficients,
        soccer.INPUTS,
        soccer.VALID,
        soccer.probabilities,
        soccer.BOUNDS,
    ),
    "baseball": Family(
        "baseball",
        baseball.Coefficients,
        baseball.INPUTS,
        baseball.VALID,
        baseball.probabilities,
        baseball.BOUNDS,
    ),
    "tennis": Family(
        "tennis",
        tennis.Coefficients,
        tennis.INPUTS,
        tennis.VALID,
        tennis.probabilities,
        tennis.BOUNDS,
    ),
}


def family_of(sport: Sport) -> Family:
    """Return the family that leagues of a sport are trained with; it is called as the sport.

    Raises:
        KeyError: the sport has none.
    """
    return FAMILIES[sport]
