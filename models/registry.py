"""Which model prices which league, and pricing a mixed batch that never raises.

A league is priced by a user's own model if there is one, else by the coefficients fitted for it.
Club soccer shares one file and national teams another. A league without data of its own falls
back to the coefficients of another one: it has a price, whose name begins with `fallback:`, so
that whoever decides can leave it alone. Mixed martial arts have no model: `none`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from fusion.errors import ConfigError
from fusion.frames import NS_PER_S
from fusion.game import GameState, Team
from fusion.leagues import LEAGUES, League
from fusion.signals import FALLBACK
from models.coefficients.schema import CoefficientFile
from models.coefficients.shelf import Shelf, built_in
from models.family import Fitted
from models.formulas import FAMILIES
from models.frame import settle
from models.inputs import columns
from models.offline import AnyLeague
from models.protocol import Columns, Floats, Model, Prior, Probabilities
from models.soundness import Sound, sound_prices

NO_MODEL = "none"
FAILED = "failed:"

NATIONAL_TEAMS = ("fifa.", "uefa.nations", "caf.nations")
"""How the keys of competitions of national teams begin."""

_CLUBS, _NATIONS = "soccer", "soccer_intl"
_FALLBACKS: dict[str, str] = {
    "basketball": "nba",
    "football": "nfl",
    "hockey": "nhl",
    "baseball": "mlb",
    "tennis": "atp",
}
"""The coefficients of a league of a user's own that no file names."""


_EVEN = Prior(home=0.4, draw=0.2, away=0.4, source="market")
_SUMMER_NS = 1_720_000_000 * NS_PER_S


class Priced(NamedTuple):
    """A priced batch.

    `names` says per row which model priced it: `basketball:nba-1`, `none` where the league has no
    model, `failed:<name>` where the model raised or its answer was no price; both are NaN rows.
    `error` is the standard error of the price of home, NaN where it is unknown.
    """

    probabilities: Probabilities
    names: list[str]
    error: Floats

    @property
    def failures(self) -> int:
        """How many rows a model failed on."""
        return sum(name.startswith(FAILED) for name in self.names)


def is_fallback(name: str) -> bool:
    """Tell whether the model of this name was fitted for another league than it prices."""
    return name.startswith(FALLBACK)


class Registry:
    """The models of all leagues.

    Args:
        shelf: The coefficients by key.
        own: A user's own models by league key; they come before any coefficients.
    """

    def __init__(self, shelf: Shelf, own: Mapping[str, Model] | None = None) -> None:
        self._shelf = shelf
        self._found: dict[str, Model | None] = dict(own or {})
        self._shared: dict[str, Model] = {}

    def model_for(self, league: AnyLeague) -> Model | None:
        """Return the model that prices a league, None where there is none.

        Raises:
            ConfigError: its coefficient file names no family, or has not its coefficients.
        """
        if league.key not in self._found:
            model = _fitted(self._shelf, league)
            # Leagues that share a file share its model, so that they are priced at once.
            self._found[league.key] = model and self._shared.setdefault(model.name, model)
        return self._found[league.key]

    def check(self) -> None:
        """Make the model of every coefficient file, so that a wrong one is told at the start.

        Raises:
            ConfigError: a file names no family, or has not its coefficients.
        """
        for file in self._shelf.values():
            _model(file)

    def price(self, states: Sequence[GameState], priors: Sequence[Prior]) -> Priced:
        """Price states of any leagues; row i belongs to `states[i]` and `priors[i]`."""
        rows = len(states)
        batch = Priced(np.full((rows, 3), np.nan), [NO_MODEL] * rows, np.full(rows, np.nan))
        open_rows: dict[int, tuple[Model, dict[str, list[int]]]] = {}
        for row, (state, prior) in enumerate(zip(states, priors, strict=True)):
            league = LEAGUES.get(state.league)
            model = None if league is None else self.model_for(league)
            if model is None or league is None:
                continue
            batch.names[row] = model.name
            settled = settle(state, prior, league)
            if settled is not None:
                batch.probabilities[row] = settled
                batch.error[row] = 0.0 if state.phase == "post" else np.nan
            elif id(model) in open_rows:
                open_rows[id(model)][1].setdefault(league.key, []).append(row)
            else:
                open_rows[id(model)] = (model, {league.key: [row]})
        for model, by_league in open_rows.values():
            _price(batch, model, by_league, states, priors)
        return batch

    def warm(self, leagues: Iterable[str]) -> None:
        """Price made-up games in play of each league, so that no live price is the first.

        Some families make tables when they are first asked, which takes up to 0.1 s.
        """
        states = [state for key in leagues for state in _made_up(LEAGUES[key])]
        self.price(states, [_EVEN] * len(states))


BUILT_IN = Registry(built_in())
"""The models that come with Fairline."""


def price_batch(
    states: Sequence[GameState], priors: Sequence[Prior], registry: Registry = BUILT_IN
) -> Priced:
    """Price states of any leagues; row i belongs to `states[i]` and `priors[i]`."""
    return registry.price(states, priors)


def _price(
    batch: Priced,
    model: Model,
    by_league: Mapping[str, list[int]],
    states: Sequence[GameState],
    priors: Sequence[Prior],
) -> None:
    """Put the prices of a model into the rows of its games in play."""
    rows = [row for each in by_league.values() for row in each]
    try:
        answer = _asked(model, by_league, states, priors)
    except Exception:  # noqa: BLE001 - a model, ours or a user's, never stops the flow
        failed = rows
    else:
        # The usual batch is of one league in play, and a slice is filled faster than a list.
        whole = len(by_league) == 1 and len(rows) == len(states)
        at = slice(None) if whole else rows
        batch.probabilities[at], batch.error[at] = answer.prices
        sound = answer.rows.tolist()
        failed = [row for row, is_sound in zip(rows, sound, strict=True) if not is_sound]
    for row in failed:
        batch.names[row] = FAILED + model.name


def _asked(
    model: Model,
    by_league: Mapping[str, list[int]],
    states: Sequence[GameState],
    priors: Sequence[Prior],
) -> Sound:
    parts = [
        columns([states[row] for row in rows], [priors[row] for row in rows], LEAGUES[key])
        for key, rows in by_league.items()
    ]
    return sound_prices(model.price(_joined(parts)), sum(map(len, by_league.values())))


def _joined(parts: Sequence[Columns]) -> Columns:
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _made_up(league: League) -> list[GameState]:
    """Return games at the start of play: in baseball the rules depend on the day."""
    state = GameState(
        game_id=f"{league.key}:warm",
        league=league.key,
        start_ns=0,
        home=Team("1", "HOM", "Home"),
        away=Team("2", "AWY", "Away"),
        phase="in",
        status="in_progress",
        completed=False,
        home_score=0,
        away_score=0,
        period=1,
        clock_s=0.0,
    )
    return [state, msgspec.structs.replace(state, start_ns=_SUMMER_NS)]


def _fitted(shelf: Shelf, league: AnyLeague) -> Model | None:
    """Return the fitted model of a league, or that of another league which stands in for it."""
    if not league.model:
        return None
    for file in shelf.values():
        if league.key in file.leagues:
            return _model(file)
    if league.model == "soccer":
        nations = league.key.startswith(NATIONAL_TEAMS)
        shared = shelf.get(_NATIONS if nations else _CLUBS)
        return None if shared is None else _model(shared)
    for file in shelf.values():
        if league.key in file.fallback.for_:
            return _model(file, FALLBACK)
    other = shelf.get(_FALLBACKS.get(league.model, ""))
    return None if other is None else _model(other, FALLBACK)


def _model(file: CoefficientFile, prefix: str = "") -> Model:
    if file.family not in FAMILIES:
        msg = f"coefficients {file.key!r} are of the family {file.family!r}; use one of"
        msg += f" {', '.join(FAMILIES)}"
        raise ConfigError(msg)
    try:
        return Fitted(FAMILIES[file.family], file, prefix)
    except msgspec.ValidationError as error:
        msg = f"coefficients {file.key!r}, version {file.version}, are not those of the family"
        msg += f" {file.family}: {error}; write them again with `fairline train`"
        raise ConfigError(msg) from error
