"""The families by name, as coefficient files name them."""

from __future__ import annotations

from collections.abc import Mapping

from models.families import baseball, basketball, cricket, football, hockey, soccer, tennis
from models.family import Family
from models.offline import AnyLeague

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
    "cricket": Family(
        "cricket",
        cricket.Coefficients,
        cricket.INPUTS,
        cricket.VALID,
        cricket.probabilities,
        cricket.BOUNDS,
    ),
}


def family_of(league: AnyLeague) -> Family:
    """Return the family that a league is trained with, the one that its `model` names.

    Raises:
        KeyError: it has none.
    """
    return FAMILIES[league.model]
