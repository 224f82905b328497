"""Training a league: hold seasons out, fit, score, mend, then fit to everything.

    table ──split──> past seasons ──fit──> coefficients ──price──> held-out seasons
                                                                    │
                              scores, calibration, error <──────────┘
    table ──fit──────────────────────────> the coefficients that are kept

The calibration and the error that are kept were measured on games the coefficients had not seen;
the coefficients that are kept have seen all of them, and are the better for it. Which rows count
is told by the key's recipe (`models.training.recipes`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
import numpy as np

from fusion.errors import ConfigError
from models.calibration import Calibration, calibrated, played_share
from models.coefficients.schema import CoefficientFile, Data, Fallback, Scores
from models.evaluation.report import Judged, judge, priced
from models.evaluation.scores import kept
from models.family import Family, Fitted
from models.protocol import Probabilities
from models.training.calibrate import best_calibration
from models.training.error import measured_error
from models.training.fit import fit
from models.training.licences import ORIGINS, Origin
from models.training.recipes import Recipe, recipe_of
from models.training.state_table import Mask, StateTable
from models.training.tables import Subject
from models.uncertainty import Uncertainty

HELD_OUT_SHARE = 0.12
"""At least so much of the games of a source is held out, in whole seasons where it has several."""

FALLBACKS: dict[str, tuple[str, ...]] = {"wnba": ("ncaawb",)}
"""Leagues without data of their own, by the coefficients that stand in for them."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_SCORES = Scores((), 0, 0, 0.0, 0.0, 0.0, 0.0)


class Split(NamedTuple):
    """Rows to fit to and rows held out; no game is in both."""

    fitted: Mask
    held_out: Mask


def eligible(table: StateTable, recipe: Recipe) -> Mask:
    """Return the rows that a recipe fits to, once nothing is held out.

    States of other sources than it knows, a user's own, all count.
    """
    rows = _within(table, recipe)
    known = sorted(recipe.sources.intersection(table.source.names))
    if known:
        rows &= np.any([table.source.of(name) for name in known], axis=0)
    return rows


def split(table: StateTable, recipe: Recipe) -> Split:
    """Return for each source its newest seasons as held out, or later games of a single season.

    Where the days of a single season are not known, every sixth game is held out. Of a source
    that is not fitted to, every season is held out of which nothing is fitted.
    """
    candidates = eligible(table, recipe)
    held = np.zeros(table.rows, dtype=np.bool_)
    for name in table.source.names:
        rows = candidates & table.source.of(name)
        if rows.any():
            held[rows] = _newest(table.take(rows))
    fitted = candidates & ~held
    other = _within(table, recipe) & ~candidates
    other &= ~np.isin(table.season, np.unique(table.season[fitted]))
    # A game of which two sources tell is on one side with all its rows.
    held &= ~np.isin(table.game, np.unique(table.game[fitted]))
    return Split(fitted, held | other)


def _within(table: StateTable, recipe: Recipe) -> Mask:
    rows: Mask = table.season >= recipe.first_season
    for name, value in recipe.only.items():
        rows &= table.columns[name] == value
    return rows


def _newest(table: StateTable) -> Mask:
    """Return which rows of one source are held out."""
    seasons = np.unique(table.season)
    if seasons.size == 1:
        if (table.day >= 0).all():
            latest = np.quantile(table.day, 1.0 - 2 * HELD_OUT_SHARE)
            return np.array(table.day > latest, dtype=np.bool_)
        return np.array(table.game % 6 == 0, dtype=np.bool_)
    for first in reversed(seasons[2:].tolist()):
        held = np.array(table.season >= first, dtype=np.bool_)
        if np.unique(table.game[held]).size >= HELD_OUT_SHARE * table.games:
            return held
    return np.array(table.season > seasons[0], dtype=np.bool_)


class Trained(NamedTuple):
    """A coefficient file, and how its formula did on the seasons held out before."""

    file: CoefficientFile
    held_out: Judged


def numbered(trained: Trained, version: int) -> Trained:
    """Return the same with another version, in the name of the model too."""
    file = msgspec.structs.replace(trained.file, version=version)
    name = f"{file.family}:{file.key}-{version}"
    report = msgspec.structs.replace(trained.held_out.report, model=name)
    return Trained(file, msgspec.structs.replace(trained.held_out, report=report))


def train(
    family: Family,
    table: StateTable,
    subject: Subject,
    version: int = 1,
    recipe: Recipe | None = None,
) -> Trained:
    """Return the coefficients of a subject, trained on all rows that count.

    Args:
        family: The formula.
        table: The states.
        subject: What they are of.
        version: That of the file.
        recipe: How to train; the one of the subject's key if left out.

    Raises:
        ConfigError: no row counts, or nothing is left to fit to or to judge by.
    """
    recipe = recipe or recipe_of(subject.key)
    parts = split(table, recipe)
    if not parts.fitted.any() or not parts.held_out.any():
        msg = f"the states of {subject.key} must hold several games that count, was"
        msg += f" {table.games} games, {int(eligible(table, recipe).sum())} rows that count of"
        msg += f" {table.rows}; see models/training/recipes.py for what counts"
        raise ConfigError(msg)
    past, future = table.take(parts.fitted), table.take(parts.held_out)
    trial = _file(family, past, subject, version, fit(family, past, recipe))
    prices, seen = _priced(family, trial, future)
    played = played_share(seen.columns)
    three_way = subject.league.three_way
    calibration = Calibration()
    if recipe.calibrate:
        calibration = best_calibration(prices, played, seen.outcome, seen.game, three_way=three_way)
    error = measured_error(calibrated(prices, played, calibration), played, seen.outcome, seen.game)
    # Without the calibration, which has seen these very games and would flatter itself on them.
    judged = judge(Fitted(family, trial), future, subject.key, three_way=three_way)
    everything = table.take(eligible(table, recipe))
    final = _file(family, everything, subject, version, fit(family, everything, recipe))
    final = msgspec.structs.replace(
        final,
        scores=kept(judged.report.whole, judged.report.seasons),
        calibration=calibration,
        error=error,
    )
    return Trained(final, judged)


def _priced(
    family: Family, file: CoefficientFile, table: StateTable
) -> tuple[Probabilities, StateTable]:
    """Return the prices of a table and the rows that have one."""
    prices = priced(Fitted(family, file), table)
    there = ~np.isnan(prices[:, 0])
    return prices[there], table.take(there)


def _file(
    family: Family,
    table: StateTable,
    subject: Subject,
    version: int,
    coefficients: dict[str, float | tuple[float, ...]],
) -> CoefficientFile:
    origin = ORIGINS.get(subject.key, Origin("a file of your own", "yours"))
    newest = int(table.day.max())
    day = (_EPOCH + timedelta(days=newest)).date().isoformat() if newest >= 0 else ""
    data = Data(
        source=origin.source,
        licence=origin.licence,
        seasons=tuple(np.unique(table.season).tolist()),
        newest=day,
        rows=table.rows,
        games=table.games,
        notice=origin.notice,
    )
    return CoefficientFile(
        key=subject.key,
        family=family.name,
        leagues=subject.leagues,
        version=version,
        data=data,
        scores=_NO_SCORES,
        coefficients=coefficients,
        calibration=Calibration(),
        error=Uncertainty(),
        fallback=Fallback(FALLBACKS.get(subject.key, ())),
    )
