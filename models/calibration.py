"""Calibration: mending prices that are too sure or not sure enough, by how much was played.

A price is bent by the symmetric member of the beta family (Kull, Silva Filho and Flach, "Beta
calibration", AISTATS 2017, with a = b and c = 0),

    q_i = p_i^a / (p_home^a + p_draw^a + p_away^a),

with `a` a straight line between knots of the share of the game that was played. Being symmetric
it treats both sides alike, keeps 0, 1 and the order of prices, and being continuous in time it
makes no jump at the end of a period. The isotonic alternative is a map of the price of home alone,
for two-way prices; it is made symmetric too.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from models.protocol import Columns, Floats, Probabilities

GAMES_OF_SET = 6.0
BALLS_OF_INNINGS = 120.0


class Calibration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A fitted calibration; the one without arguments changes nothing.

    `played` are shares of the game, rising, and `power` the exponent at each of them (beta);
    `price` and `share` are rising prices of home and how often home won there (isotonic).
    """

    kind: Literal["none", "beta", "isotonic"] = "none"
    played: tuple[float, ...] = ()
    power: tuple[float, ...] = ()
    price: tuple[float, ...] = ()
    share: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Check what the types cannot say; a decoder turns what is raised into its own error."""
        _check("played", self.played, "power", self.power, needed=self.kind == "beta")
        _check("price", self.price, "share", self.share, needed=self.kind == "isotonic")
        if any(power <= 0.0 for power in self.power):
            msg = f"every `power` must be above 0, was {min(self.power)}"
            raise ValueError(msg)


def played_share(columns: Columns) -> Floats:
    """Return the share of regulation that was played, from 0 to 1; 1 in overtime.

    Of a cricket match it is that of the balls, of a tennis match that of the sets that there may
    be, a game being a sixth of one.
    """
    if "remaining_s" in columns:
        left = columns["remaining_s"] / columns["regulation_s"]
        played = 1.0 - left * (columns["overtime"] <= 0.0)
    elif "half" in columns:
        played = (columns["half"] + columns["outs"] / 3.0) / (2.0 * columns["innings"])
    elif "balls_left" in columns:
        played = (columns["chase"] + 1.0 - columns["balls_left"] / BALLS_OF_INNINGS) / 2.0
    else:
        # By the games of the player who is ahead, so that the end of a set is all of it.
        games = np.maximum(columns["games_home"], columns["games_away"])
        within = np.minimum(games / GAMES_OF_SET, 1.0)
        played = columns["sets_home"] + columns["sets_away"] + within
        played = played / columns["best_of"]
    share: Floats = np.minimum(np.maximum(played, 0.0), 1.0)
    return share


def calibrated(prices: Probabilities, played: Floats, by: Calibration) -> Probabilities:
    """Return prices as a calibration mends them; `played` is the share of the game, by row."""
    if by.kind == "beta":
        powers = prices ** np.interp(played, by.played, by.power)[:, None]
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float64)
    if by.kind == "isotonic":
        home = np.interp(prices[:, 0], by.price, by.share)
        away = np.interp(prices[:, 2], by.price, by.share)
        share = home / np.maximum(home + away, np.finfo(np.float64).tiny)
        share = np.where(np.isnan(prices[:, 0]), np.nan, share)
        return np.stack([share, share * 0.0, 1.0 - share], axis=1)
    return prices


def _check(
    name: str, places: tuple[float, ...], other: str, values: tuple[float, ...], *, needed: bool
) -> None:
    if len(places) != len(values) or (needed and not places):
        msg = f"`{name}` and `{other}` must be as long as each other, and not empty where they"
        msg += f" are used, was {len(places)} and {len(values)}"
        raise ValueError(msg)
    if list(places) != sorted(set(places)):
        msg = f"`{name}` must rise, was {list(places)}"
        raise ValueError(msg)
