"""Fitting the coefficients of a family: least log loss, by L-BFGS-B.

A few rows of each game, evenly spread over it, stand for it; the recipe says how many, and whether
games weigh the same or rows do. The start values are the family's defaults where the recipe has
no others, the gradient is numerical, nothing is random, so that the same table gives the same
coefficients.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy.optimize import minimize

from models.evaluation.scores import log_loss
from models.family import Bounds, Family
from models.protocol import Floats
from models.training.recipes import Recipe
from models.training.state_table import Codes, StateTable

MOST_ITERATIONS = 60
DIGITS = 4
"""Coefficients keep so many significant digits: the last ones of a fit depend on the machine, and
no season of games can tell them."""


class Layout(NamedTuple):
    """How a struct of coefficients lies in a vector: the fields and how many numbers each has.

    A size of 0 stands for a plain number.
    """

    fields: tuple[str, ...]
    sizes: tuple[int, ...]

    def vector(self, coefficients: msgspec.Struct) -> Floats:
        """Return the numbers of the coefficients, field by field."""
        values = [np.atleast_1d(getattr(coefficients, field)) for field in self.fields]
        return np.concatenate(values, dtype=np.float64)

    def values(self, vector: Floats) -> dict[str, Any]:
        """Return a number or a tuple of numbers for each field."""
        parts = np.split(vector, np.cumsum([max(size, 1) for size in self.sizes])[:-1])
        return {
            field: tuple(part.tolist()) if size else float(part[0])
            for field, size, part in zip(self.fields, self.sizes, parts, strict=True)
        }


def layout(coefficients: msgspec.Struct) -> Layout:
    """Return how the fields of a struct lie in a vector."""
    fields = coefficients.__struct_fields__
    found = [getattr(coefficients, field) for field in fields]
    return Layout(fields, tuple(len(value) if isinstance(value, tuple) else 0 for value in found))


def sample(table: StateTable, recipe: Recipe) -> tuple[StateTable, Floats]:
    """Return some rows of every game, at even distances, and their weights.

    Those of a game sum to 1, or to the number of its rows where rows are alike. Where that is
    more rows in all than the recipe allows, games are left out at even distances too.
    """
    priced = ~np.isnan(table.columns["lead"]) & ~np.isnan(table.columns["prior_home"])
    order = np.flatnonzero(priced)
    order = order[np.argsort(table.game[order], kind="stable")]
    games, counts = np.unique(table.game[order], return_counts=True)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    kept = np.minimum(counts, recipe.rows_per_game)
    stride = max(1.0, float(kept.sum()) / recipe.most_rows)
    chosen = np.unique((np.arange(0.0, games.size, stride)).astype(np.int64))
    rows: list[Codes] = []
    weights: list[Floats] = []
    for at in chosen.tolist():
        picks = ((np.arange(kept[at]) + 0.5) * counts[at] / kept[at]).astype(np.int64)
        rows.append(order[starts[at] + picks])
        whole = counts[at] if recipe.alike == "rows" else 1.0
        weights.append(np.full(picks.size, whole / picks.size))
    return table.take(np.concatenate(rows)), np.concatenate(weights)


def fit(family: Family, table: StateTable, recipe: Recipe | None = None) -> dict[str, Any]:
    """Return the coefficients of least log loss, as a number or a tuple for each field.

    Args:
        family: The formula.
        table: The states to fit to.
        recipe: How; all that is not bounded is fitted to all rows where left out.
    """
    recipe = recipe or Recipe()
    given = {**recipe.start, **recipe.held}
    first = msgspec.structs.replace(family.coefficients(), **given)
    where = layout(first)
    states, weights = sample(table, recipe)
    weights /= weights.sum()
    limits = _limits(family, where, recipe.held)

    def loss(vector: Floats) -> float:
        with_ = msgspec.convert(where.values(vector), family.coefficients)
        prices = family.probabilities(states.columns, with_)
        return float(np.nan_to_num(log_loss(prices, states.outcome), nan=1.0) @ weights)

    vector = where.vector(first)
    free = np.array([low is None or low != high for low, high in limits])
    if not free.any():
        return where.values(vector)
    scale = np.maximum(np.abs(vector), 0.1)

    def scaled_loss(scaled: Floats) -> float:
        whole = vector.copy()
        whole[free] = scaled * scale[free]
        return loss(whole)

    bounds = [
        (None if low is None else low / size, None if high is None else high / size)
        for (low, high), size, is_free in zip(limits, scale.tolist(), free, strict=True)
        if is_free
    ]
    found = minimize(
        scaled_loss,
        vector[free] / scale[free],
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": MOST_ITERATIONS, "ftol": 1e-10, "gtol": 1e-8, "eps": 1e-6},
    )
    best = vector.copy()
    best[free] = found.x * scale[free]
    best[free] = rounded(best[free])
    return where.values(best)


def rounded(values: Floats) -> Floats:
    """Return numbers with the digits that are kept."""
    return np.array([float(f"{value:.{DIGITS}g}") for value in values.tolist()])


def _limits(family: Family, where: Layout, held: Iterable[str]) -> Sequence[Bounds]:
    """Return the bounds of every number of the vector; two equal ones hold it fixed."""
    bounds = {**family.bounds, **dict.fromkeys(held, (0.0, 0.0))}
    limits: list[Bounds] = []
    for field, size in zip(where.fields, where.sizes, strict=True):
        limits += [bounds.get(field, (None, None))] * max(size, 1)
    return limits
