"""How far off a price may be, given its prior: the standard error that goes with it.

It is an error on the scale of log-odds that was measured on games nobody trained on (see
`models.training.error`), by the share of the game that was played; as a probability it is widest
at one half and nothing at 0 and 1. That nobody knew the strengths of the sides is not in it:
`models.doubt` has the range of priors for that.
"""

from __future__ import annotations

import msgspec
import numpy as np

from models.protocol import Floats


class Uncertainty(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The standard error of log-odds at rising shares of the game; NaN prices if empty."""

    played: tuple[float, ...] = ()
    log_odds: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Check what the types cannot say; a decoder turns what is raised into its own error."""
        if len(self.played) != len(self.log_odds) or list(self.played) != sorted(set(self.played)):
            msg = "`played` must rise and be as long as `log_odds`, was"
            msg += f" {list(self.played)} and {list(self.log_odds)}"
            raise ValueError(msg)
        if any(error < 0.0 for error in self.log_odds):
            msg = f"`log_odds` must not be below 0, was {min(self.log_odds)}"
            raise ValueError(msg)


def standard_error(home: Floats, played: Floats, by: Uncertainty) -> Floats:
    """Return the standard error of prices of home as probabilities, NaN where it is unknown."""
    if not by.played:
        return np.full(home.shape, np.nan)
    error: Floats = home * (1.0 - home) * np.interp(played, by.played, by.log_odds)
    return error
