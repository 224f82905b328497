"""A model on a table of states: its scores, by phase and source, beside what it has to beat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from fusion.errors import ConfigError
from models.evaluation import baselines
from models.evaluation.chance import expected_calibration_error
from models.evaluation.scores import Pool, Score, brier, clustered_se, pool, score
from models.protocol import Model, Probabilities
from models.registry import is_fallback
from models.soundness import sound_prices
from models.training.state_table import Labels, Mask, StateTable
from models.training.tables import joined
from models.training.timed import LAST_MINUTES

CHUNK = 200_000
"""Rows priced at once, which bounds the memory a family needs."""

_BASELINES: dict[str, Callable[[StateTable], Probabilities]] = {
    "base_rate": baselines.base_rate,
    "leader_wins": baselines.leader_wins,
    "prior_alone": baselines.prior_alone,
}


class Published(msgspec.Struct, frozen=True):
    """A published probability and the model on the same rows, `late` in their last phase alone.

    `gain` is by how much the model's Brier score is lower, row by row, and `gain_se` the standard
    error of that difference, clustered by game: far smaller than that of either score.
    """

    published: Score
    model: Score
    published_late: Score | None
    model_late: Score | None
    gain: float
    gain_se: float


class Report(msgspec.Struct, frozen=True):
    """How good a model is on one table of states.

    `ece_by_chance` is the calibration error of a perfect model on as many games; `unpriced`
    counts rows that the model gave no price, which no score is about. `skipped` says how many
    rows of the file are in no score, by reason, those without a price among them.
    """

    league: str
    model: str
    fallback: bool
    seasons: tuple[int, ...]
    rows: int
    games: int
    unpriced: int
    brier: float
    brier_se: float
    log_loss: float
    log_loss_se: float
    ece: float
    ece_by_chance: float
    phases: dict[str, Score]
    sources: dict[str, Score]
    baselines: dict[str, Score]
    published: Published | None
    skipped: dict[str, int] = {}
    leagues: dict[str, Score] = {}

    @property
    def whole(self) -> Score:
        """The scores of all rows."""
        return msgspec.convert(self, Score, from_attributes=True)


class Judged(msgspec.Struct, frozen=True):
    """A report with what a diagram of it is drawn from."""

    report: Report
    pooled: Pool


def priced(model: Model, table: StateTable) -> Probabilities:
    """Return the prices of all states, some at a time."""
    prices = np.empty((table.rows, 3))
    for start in range(0, table.rows, CHUNK):
        rows = slice(start, start + CHUNK)
        chunk = {name: values[rows] for name, values in table.columns.items()}
        size = min(CHUNK, table.rows - start)
        prices[rows] = sound_prices(model.price(chunk), size).prices.probabilities
    return prices


def judge(model: Model, table: StateTable, league: str, *, three_way: bool) -> Judged:
    """Return how good the model is on a table that has rows of `league`.

    Raises:
        UnsoundPricesError: an answer of the model has not the shape of prices.
        ConfigError: the model priced no row.
    """
    return judge_all([(model, table)], league, three_way=three_way)


def judge_all(parts: Sequence[tuple[Model, StateTable]], league: str, *, three_way: bool) -> Judged:
    """Return how good several models are together, each on a table of its own.

    Raises:
        UnsoundPricesError: an answer of a model has not the shape of prices.
        ConfigError: the models priced no row.
    """
    prices = np.concatenate([priced(model, table) for model, table in parts])
    table = joined([table for _, table in parts])
    name = ", ".join(model.name for model, _ in parts)
    unpriced = np.isnan(prices[:, 0])
    if unpriced.all():
        msg = f"{name} has no price for any of {table.rows} rows of {league}"
        msg += f" ({_counts(table.skipped)} skipped); it is meant for {parts[0][0].valid}"
        raise ConfigError(msg)
    prices, table = prices[~unpriced], table.without(unpriced, "no price")

    def scored(of: Probabilities, rows: Mask) -> Score:
        return score(of[rows], table.outcome[rows], table.game[rows], three_way=three_way)

    def by(labels: Labels) -> dict[str, Score]:
        masks = {name: labels.of(name) for name in labels.names}
        return {name: scored(prices, mask) for name, mask in masks.items() if mask.any()}

    everything = np.ones(table.rows, dtype=np.bool_)
    pooled = pool(prices, table.outcome, table.game, three_way=three_way)
    total = scored(prices, everything)
    report = Report(
        league=league,
        model=name,
        fallback=any(is_fallback(model.name) for model, _ in parts),
        seasons=tuple(np.unique(table.season).tolist()),
        rows=total.rows,
        games=total.games,
        unpriced=int(unpriced.sum()),
        brier=total.brier,
        brier_se=total.brier_se,
        log_loss=total.log_loss,
        log_loss_se=total.log_loss_se,
        ece=total.ece,
        ece_by_chance=expected_calibration_error(pooled),
        phases=by(table.phase),
        sources=by(table.source),
        baselines={name: scored(of(table), everything) for name, of in _BASELINES.items()},
        published=None if three_way else _published(table, prices, scored),
        skipped=dict(table.skipped),
        leagues=by(table.league),
    )
    return Judged(report, pooled)


def _counts(skipped: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {reason}" for reason, count in skipped.items()) or "none"


def _published(
    table: StateTable, prices: Probabilities, scored: Callable[[Probabilities, Mask], Score]
) -> Published | None:
    theirs = baselines.published(table)
    rows = ~np.isnan(table.published)
    if not rows.any():
        return None
    late = rows & table.phase.of(LAST_MINUTES)
    losses = [brier(each, table.outcome, three_way=False)[rows] for each in (theirs, prices)]
    return Published(
        published=scored(theirs, rows),
        model=scored(prices, rows),
        published_late=scored(theirs, late) if late.any() else None,
        model_late=scored(prices, late) if late.any() else None,
        gain=float((losses[0] - losses[1]).mean()),
        gain_se=clustered_se(losses[0] - losses[1], table.game[rows]),
    )
