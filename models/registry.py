"""Which family prices which league, and pricing a mixed batch that never raises.

Tennis and mixed martial arts have no model yet: their rows have no price and say so in the
name, and no signal comes from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fusion.game import GameState
from fusion.leagues import LEAGUES, League, Sport
from models.brownian import Brownian
from models.goals import Goals
from models.hockey import Hockey
from models.innings import Innings
from models.protocol import Model, Prior, Probabilities

NO_MODEL = "none"
FAILED = "failed:"

_MODELS: dict[Sport, Model] = {
    "basketball": (_brownian := Brownian()),
    "football": _brownian,
    "hockey": Hockey(),
    "baseball": Innings(),
    "soccer": Goals(),
}


class Priced(NamedTuple):
    """A priced batch.

    `names` says per row which model priced it: `brownian-1`, `none` where the league has no
    model, `failed:brownian-1` where the model raised; the last two are NaN rows.
    """

    probabilities: Probabilities
    names: list[str]

    @property
    def failures(self) -> int:
        """How many rows a model raised on."""
        return sum(name.startswith(FAILED) for name in self.names)


def model_for(league: League) -> Model | None:
    """Return the model that prices a league, None where there is none."""
    return _MODELS.get(league.sport)


def price_batch(states: Sequence[GameState], priors: Sequence[Prior]) -> Priced:
    """Price states of any leagues; row i belongs to `states[i]` and `priors[i]`."""
    rows_of: dict[str, list[int]] = {}
    models: dict[str, Model] = {}
    names = [NO_MODEL] * len(states)
    for index, state in enumerate(states):
        league = LEAGUES.get(state.league)
        model = None if league is None else model_for(league)
        if model is not None:
            models[model.name] = model
            rows_of.setdefault(model.name, []).append(index)
    probabilities = np.full((len(states), 3), np.nan)
    for name, rows in rows_of.items():
        try:
            priced = models[name].price([states[i] for i in rows], [priors[i] for i in rows])
            probabilities[rows] = priced
        except Exception:  # noqa: BLE001 - a model, ours or a user's, never stops the flow
            name_of_rows = FAILED + name
        else:
            name_of_rows = name
        for index in rows:
            names[index] = name_of_rows
    return Priced(probabilities, names)
