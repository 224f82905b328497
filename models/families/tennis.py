"""Tennis: how strong the players are, judged from the prior and the score, and what it is worth.

The strength of player 1 over player 2 (`models.families.tennis_tables`) is not known: before the
match it is normal, with a mean that gives the prior and a standard deviation that says how much
the prior leaves open, far more where it is only a league's rate. The score then tells which
strengths are likely, by the rule of Bayes: every game won shifts the belief, a game on the other's
serve most. The price is the chance of the match, averaged over the strengths that are left, an
exact sum over a grid. Fitted exponents on the evidence came out at 1: nothing had to be bent.

The evidence is the games of the whole match and the points in play: with those of the set in play
alone a lead of 5-0 would be forgotten at the end of its set, and the price jump.

Trained on tennis_pointbypoint by Jeff Sackmann / Tennis Abstract, licensed under CC BY-NC-SA 4.0:
what is trained on it is for non-commercial use only.

Tried, and of no use on 2015 beside the games: the points that either player won on serve, a level
of serve by the surface, a spread by the surface (each at most 0.0005 of the Brier score).

Left out: the ten points of the tie break that ends a deciding set at the Grand Slams since 2022
count as seven, and a deciding set played on at 6-6 is taken as from 5-5.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import msgspec
import numpy as np
from scipy.special import logit

from models.families.tennis_scores import places
from models.families.tennis_tables import MATCHES, OVER, STRENGTHS, Whole, tables
from models.protocol import Floats

INPUTS: tuple[str, ...] = (
    "prior_home",
    "prior_known",
    "sets_home",
    "sets_away",
    "games_home",
    "games_away",
    "earlier_home",
    "earlier_away",
    "best_of",
    "server",
    "points_home",
    "points_away",
    "tiebreak",
)
VALID = (
    "Tennis singles in play, best of three or five sets, a tie break at 6-6 in every set; fitted"
    " to best of three sets at ATP and WTA tournaments 2011 to 2015."
)

BOUNDS: dict[str, tuple[float, float]] = {
    "serve": (0.1, 0.9),
    "spread_known": (0.07, 0.5),
    "spread_unknown": (0.07, 0.6),
}
"""Spreads below the step of the grid would make sums of the steps."""

BLOCK = 1024
"""Rows priced at once, so that a block with all its strengths stays in the cache."""

_ODDS = np.linspace(-5.5, 5.5, 221)
_CELLS_PER_ODDS = 20.0
_MEANS = np.linspace(-1.1, 1.1, 221)
_SURE = 1e-9


class Coefficients(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fitted to the ATP tour, best of three sets, 2011 to 2015.

    `serve` is the log odds of a point on serve between equals, 0.636 of the points;
    `spread_known` and `spread_unknown` are the standard deviations of the strength around a prior
    that somebody made and around a league's rate, in log odds of a point.
    """

    serve: float = 0.5577
    spread_known: float = 0.1401
    spread_unknown: float = 0.2026


def probabilities(columns: Mapping[str, Floats], with_: Coefficients) -> Floats:
    """Return the chances of player 1, a draw (0) and player 2, shape (n, 3).

    A row without a prior is NaN. Counts that no match has are cut to the nearest that one has.
    """
    size = columns["prior_home"].size
    result = np.empty((size, 3))
    for start in range(0, size, BLOCK):
        rows = slice(start, start + BLOCK)
        whole = columns if size <= BLOCK else {name: columns[name][rows] for name in columns}
        home = _home(whole, with_)
        result[rows, 0], result[rows, 1], result[rows, 2] = home, home * 0.0, 1.0 - home
    return result


def _home(columns: Mapping[str, Floats], with_: Coefficients) -> Floats:
    found = tables(with_.serve)
    at = places(columns)
    known = columns["prior_known"] > 0.0
    spread = np.where(known, with_.spread_known, with_.spread_unknown)
    mean = _mean(columns["prior_home"], 2 * known + at.need - min(MATCHES), with_)
    off = (STRENGTHS - mean[:, None]) / spread[:, None]
    belief = found.games.take(at.games, axis=0)
    belief += found.points.take(at.points, axis=0)
    belief -= 0.5 * off * off
    belief -= np.maximum.reduce(belief, axis=1, keepdims=True)
    likely = np.exp(belief, out=belief)
    match = found.set_won.take(at.set_, axis=0)
    match *= found.swing.take(at.match, axis=0)
    match += found.lost.take(at.match, axis=0)
    home = np.einsum("ij,ij->i", likely, match) / np.add.reduce(likely, axis=1)
    # Won to the last bit, and NaN without a prior.
    over = OVER.take(at.match)
    home = np.where(np.isnan(over), home, over + 0.0 * home)
    chance: Floats = np.minimum(np.maximum(home, 0.0), 1.0)
    return chance


def _mean(prior: Floats, row: Whole, with_: Coefficients) -> Floats:
    """Return the mean strength that gives a prior at 0-0, between two points of a table."""
    odds = logit(np.minimum(np.maximum(prior, _SURE), 1.0 - _SURE))
    place = np.minimum(np.maximum((odds - _ODDS[0]) * _CELLS_PER_ODDS, 0.0), _ODDS.size - 1.0)
    # A row without a prior is NaN by its weight; any cell, here the last, will do for it.
    cell = np.fmin(place, _ODDS.size - 2.0).astype(np.int64)
    table = _means(with_)
    at = row * _ODDS.size + cell
    below = table.take(at)
    mean: Floats = below + (place - cell) * (table.take(at + 1) - below)
    return mean


@lru_cache(maxsize=64)
def _means(with_: Coefficients) -> Floats:
    """Return mean strengths by log odds of the prior, a row for each (known, three sets to win)."""
    rows = []
    for spread in (with_.spread_unknown, with_.spread_known):
        likely = np.exp(-0.5 * ((STRENGTHS - _MEANS[:, None]) / spread) ** 2)
        likely /= likely.sum(axis=1, keepdims=True)
        for need in (2, 3):
            match = likely @ tables(with_.serve).match(need)
            rows.append(np.interp(_ODDS, logit(np.clip(match, _SURE, 1.0 - _SURE)), _MEANS))
    return np.stack(rows)
