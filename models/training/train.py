"""Training a league: hold seasons out, fit, score, mend, then fit to everything.

    table ──split──> past seasons ──fit──> coefficients ──price──> held-out seasons
                                                                    │
                              scores, calibration, error <──────────┘
    table ──fit──────────────────────────> the coefficients that are kept

The calibration and the error that are kept were measured on games the coefficients had not seen;
the coefficients that are kept have seen all of them, and are the better for it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
import numpy as np

from models.calibration import Calibration, calibrated, played_share
from models.coefficients.schema import CoefficientFile, Data, Fallback, Scores
from models.evaluation.report import Judged, Report, judge, priced
from models.family import Family, Fitted
from models.protocol import Probabilities
from models.training.calibrate import best_calibration
from models.training.error import measured_error
from models.training.fit import fit
from models.training.licences import ORIGINS, Origin
from models.training.state_table import Mask, StateTable
from models.training.tables import Subject
from models.uncertainty import Uncertainty

HELD_OUT_SHARE = 0.15
"""At least so much of the games is held out, in whole seasons where there are several."""

FALLBACKS: dict[str, tuple[str, ...]] = {"ncaamb": ("ncaawb",)}
"""Leagues without data of their own, by the coefficients that stand in for them."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NO_SCORES = Scores((), 0, 0, 0.0, 0.0, 0.0, 0.0)


class Split(NamedTuple):
    """Rows to fit to and rows held out; no game is in both."""

    fitted: Mask
    held_out: Mask


def split(table: StateTable) -> Split:
    """Return the newest seasons as held out, or the later games of a single season.

    Where the days of a single season are not known, every sixth game is held out.
    """
    seasons = np.unique(table.season)
    if seasons.size > 1:
        for first in reversed(seasons[1:].tolist()):
            held = table.season >= first
            if np.unique(table.game[held]).size >= HELD_OUT_SHARE * table.games:
                return Split(~held, held)
        return Split(table.season == seasons[0], table.season != seasons[0])
    if (table.day >= 0).all():
        held = table.day > np.quantile(table.day, 1.0 - 2 * HELD_OUT_SHARE)
    else:
        held = table.game % 6 == 0
    return Split(~held, held)


class Trained(NamedTuple):
    """A coefficient file, and how its formula did on the seasons held out before."""

    file: CoefficientFile
    held_out: Judged


def train(family: Family, table: StateTable, subject: Subject, version: int) -> Trained:
    """Return the coefficients of a subject, trained on all rows of the table."""
    parts = split(table)
    past, future = table.take(parts.fitted), table.take(parts.held_out)
    trial = _file(family, table, subject, version, fit(family, past))
    prices, seen = _priced(family, trial, future)
    played = played_share(seen.columns)
    three_way = subject.league.three_way
    calibration = best_calibration(prices, played, seen.outcome, seen.game, three_way=three_way)
    error = measured_error(calibrated(prices, played, calibration), played, seen.outcome, seen.game)
    trial = msgspec.structs.replace(trial, calibration=calibration, error=error)
    judged = judge(Fitted(family, trial), future, subject.key, three_way=three_way)
    start = msgspec.convert(trial.coefficients, family.coefficients)
    final = _file(family, table, subject, version, fit(family, table, start))
    final = msgspec.structs.replace(
        final, scores=_scores(judged.report), calibration=calibration, error=error
    )
    return Trained(final, judged)


def _scores(report: Report) -> Scores:
    return Scores(
        seasons=report.seasons,
        rows=report.rows,
        games=report.games,
        brier=round(report.brier, 5),
        brier_se=round(report.brier_se, 5),
        log_loss=round(report.log_loss, 5),
        ece=round(report.ece, 5),
    )


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
