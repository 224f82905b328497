"""Past states of games as models read them, with what became of the games."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from fusion.errors import ConfigError
from models.protocol import Columns, Floats

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Labels(NamedTuple):
    """A label a row: `names[codes[i]]` is that of row i."""

    codes: Codes
    names: tuple[str, ...]

    def of(self, name: str) -> Mask:
        """Return which rows bear a label."""
        wanted = self.names.index(name) if name in self.names else -1
        return np.equal(self.codes, wanted)


class StateTable(NamedTuple):
    """States of past games, one row each; all arrays have the same length.

    `outcome` is 0, 1 or 2 for home, draw and away; `game` counts the games from 0; `phase` is the
    part of the game and `source` where the row is from; `published` is a probability of home
    that somebody else published for the same row, NaN where there is none; `day` is that of the
    game in days since 1970, -1 where it is not known.
    """

    columns: Columns
    outcome: Codes
    game: Codes
    season: Codes
    phase: Labels
    source: Labels
    published: Floats
    day: Codes

    @property
    def rows(self) -> int:
        """How many states there are."""
        return self.outcome.size

    @property
    def games(self) -> int:
        """How many games the states are of."""
        return np.unique(self.game).size

    def take(self, rows: Mask | Codes) -> StateTable:
        """Return the rows that a mask or their numbers choose."""
        return StateTable(
            columns={name: values[rows] for name, values in self.columns.items()},
            outcome=self.outcome[rows],
            game=self.game[rows],
            season=self.season[rows],
            phase=Labels(self.phase.codes[rows], self.phase.names),
            source=Labels(self.source.codes[rows], self.source.names),
            published=self.published[rows],
            day=self.day[rows],
        )


def require(frame: pl.DataFrame, names: Sequence[str], what: str) -> None:
    """Check that a file of states has the columns a table is made of.

    Raises:
        ConfigError: columns are missing; the message names them and all that are needed.
    """
    missing = [name for name in names if name not in frame.columns]
    if missing:
        msg = f"the states of {what} have no column {', '.join(map(repr, missing))}; they need"
        msg += f" {', '.join(names)} (missing values are allowed), was {', '.join(frame.columns)}"
        raise ConfigError(msg)


def numbers(frame: pl.DataFrame, name: str) -> Floats:
    """Return a column as numbers; NaN where the value is missing, or the whole column is.

    Raises:
        ConfigError: the column holds something else than numbers.
    """
    if name not in frame.columns:
        return np.full(frame.height, np.nan)
    try:
        column = frame[name].cast(pl.Float64)
    except pl.exceptions.PolarsError as error:
        msg = f"column {name!r} of the states must hold numbers, was {frame[name].dtype}"
        raise ConfigError(msg) from error
    return np.array(column.fill_null(np.nan).to_numpy(), dtype=np.float64)


def labels(frame: pl.DataFrame, name: str, otherwise: str) -> Labels:
    """Return a column of words as labels; `otherwise` stands where there is none."""
    if name not in frame.columns:
        return Labels(np.zeros(frame.height, dtype=np.int64), (otherwise,))
    words = frame[name].cast(pl.String).fill_null(otherwise)
    names = words.unique().sort()
    codes = words.replace_strict(names, pl.Series(range(names.len())), return_dtype=pl.Int64)
    return Labels(np.array(codes.to_numpy(), dtype=np.int64), tuple(names.to_list()))


def phases(chosen: Sequence[tuple[str, Mask]], rows: int) -> Labels:
    """Return the label of the first mask that a row is in; the last of them takes the rest."""
    codes = np.full(rows, len(chosen) - 1, dtype=np.int64)
    for code in range(len(chosen) - 1, -1, -1):
        codes[chosen[code][1]] = code
    return Labels(codes, tuple(name for name, _ in chosen))


def assembled(
    frame: pl.DataFrame, columns: Mapping[str, Floats], outcome: Codes, phase: Labels
) -> StateTable:
    """Return the table of a frame whose columns and outcomes are known."""
    games = frame["game_id"].cast(pl.String)
    _, game = np.unique(games.to_numpy(), return_inverse=True)
    days = frame["date"].cast(pl.Date).dt.epoch("d") if "date" in frame.columns else None
    missing = np.full(frame.height, -1, dtype=np.int64)
    return StateTable(
        columns=columns,
        outcome=outcome,
        game=game.astype(np.int64),
        season=np.array(frame["season"].cast(pl.Int64).to_numpy(), dtype=np.int64),
        phase=phase,
        source=labels(frame, "source", "states"),
        published=numbers(frame, "pub_home_wp"),
        day=missing if days is None else np.array(days.fill_null(-1).to_numpy(), dtype=np.int64),
    )
