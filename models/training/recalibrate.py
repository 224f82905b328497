"""Mending a calibration with prices that were given live, and keeping the formula as it is.

    archived prices ──undo──> the formula's own ──older games──> exponents ──newest games──> better?
                                               └──all games───────────────────────────────> new file

The archive holds prices with the calibration of the version that gave them. Where that version has
the coefficients of the newest one, its calibration can be undone, and all of these rows tell of
one formula. What is fitted takes the place of the old calibration; it is of the beta kind, which
can be undone again.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec
import numpy as np

from fusion.errors import ConfigError
from models.calibration import Calibration, calibrated
from models.coefficients.schema import CoefficientFile, Scores
from models.evaluation.live import LEAST_GAMES
from models.evaluation.scores import clustered_se, kept, log_loss, score
from models.protocol import Floats, Probabilities
from models.training.calibrate import beta
from models.training.state_table import Codes, Mask

GAMES_FOR_KNOTS = 300
"""With fewer games one exponent is fitted for the whole game, instead of one for each knot."""

HELD_OUT_SHARE = 0.25
"""The newest games, which say whether what the older ones taught is of use."""

REVERSIBLE = frozenset({"none", "beta"})
"""Calibrations that can be undone; an isotonic one has made several prices one."""

_ON_TOP = "; calibrated on "


class Played(NamedTuple):
    """Prices of games with results as the formula gave them, before any calibration.

    `prices` has shape (n, 3), `played` is the share of the game; `outcome` is 0, 1 or 2 and
    `game` numbers the games by age, the oldest 0.
    """

    prices: Probabilities
    played: Floats
    outcome: Codes
    game: Codes

    def take(self, rows: Mask) -> Played:
        """Return the rows that a mask chooses."""
        return Played(self.prices[rows], self.played[rows], self.outcome[rows], self.game[rows])


class Mended(NamedTuple):
    """A new calibration, and what it is worth on the newest games.

    `saved` is the log loss it saves there, in nats a row, against the calibration it would take
    the place of, with the standard error `saved_se`; both were fitted without these games.
    """

    calibration: Calibration
    held_out_games: int
    saved: float
    saved_se: float
    before: Scores
    after: Scores

    @property
    def is_better(self) -> bool:
        """Whether it saves more than two standard errors, which chance seldom does."""
        return self.saved > 2.0 * self.saved_se


def undone(prices: Probabilities, played: Floats, by: Calibration) -> Probabilities:
    """Return prices as they were before a calibration, of one of the kinds in `REVERSIBLE`."""
    if by.kind == "none":
        return prices
    powers = prices ** (1.0 / np.interp(played, by.played, by.power))[:, None]
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)


def mended(
    rows: Played, newest: CoefficientFile, seasons: tuple[int, ...], *, three_way: bool
) -> Mended:
    """Return the calibration that the rows ask for.

    Args:
        rows: Prices that the coefficients of `newest` gave.
        newest: The file whose calibration it would take the place of.
        seasons: The years of the newest quarter of the games.
        three_way: Whether a draw is an outcome of its own.

    Raises:
        ConfigError: there are fewer than `LEAST_GAMES` games.
    """
    games = np.unique(rows.game)
    if games.size < LEAST_GAMES:
        msg = f"{newest.key} needs {LEAST_GAMES} games with results that these coefficients priced"
        msg += f" in play, was {games.size}; run on, and ask again"
        raise ConfigError(msg)
    held = np.isin(rows.game, newest_games(games))
    future = rows.take(held)
    trial = _fitted(rows.take(~held))
    before = calibrated(future.prices, future.played, newest.calibration)
    after = calibrated(future.prices, future.played, trial)
    saved = log_loss(before, future.outcome) - log_loss(after, future.outcome)
    return Mended(
        calibration=_fitted(rows),
        held_out_games=newest_games(games).size,
        saved=float(saved.mean()),
        saved_se=clustered_se(saved, future.game),
        before=_scores(before, future, seasons, three_way),
        after=_scores(after, future, seasons, three_way),
    )


def newest_games(games: Codes) -> Codes:
    """Return the newest quarter of games that are numbered by age."""
    return games[-round(games.size * HELD_OUT_SHARE) :]


def next_file(
    newest: CoefficientFile, by: Mended, version: int, archive: str, last_day: str
) -> CoefficientFile:
    """Return the file with a new calibration, which says what it was calibrated on."""
    source = newest.data.source.partition(_ON_TOP)[0] + _ON_TOP + archive
    data = msgspec.structs.replace(newest.data, source=source, newest=last_day)
    return msgspec.structs.replace(
        newest, version=version, data=data, scores=by.after, calibration=by.calibration
    )


def _fitted(rows: Played) -> Calibration:
    """Return a beta calibration, with one exponent where there are few games."""
    if np.unique(rows.game).size >= GAMES_FOR_KNOTS:
        return beta(rows.prices, rows.played, rows.outcome)
    # At a single time all rows share the exponent of the first knot.
    flat = beta(rows.prices, rows.played * 0.0, rows.outcome)
    return Calibration("beta", played=flat.played[:1], power=flat.power[:1])


def _scores(
    prices: Probabilities, rows: Played, seasons: tuple[int, ...], three_way: bool
) -> Scores:
    return kept(score(prices, rows.outcome, rows.game, three_way=three_way), seasons)
