"""Past states of games as models read them, with what became of the games."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from fusion.errors import ConfigError
from models.protocol import Columns, Floats

Codes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_WORDS = {"true": "1", "false": "0", "": None}
_DATE_LETTERS = 10


class Labels(NamedTuple):
    """A label a row: `names[codes[i]]` is that of row i."""

    codes: Codes
    names: tuple[str, ...]

    def of(self, name: str) -> Mask:
        """Return which rows bear a label."""
        wanted = self.names.index(name) if name in self.names else -1
        return np.equal(self.codes, wanted)

    def take(self, rows: Mask | Codes) -> Labels:
        """Return the labels of the rows that a mask or their numbers choose."""
        return Labels(self.codes[rows], self.names) if self.names else self

    @staticmethod
    def joined(parts: Sequence[Labels]) -> Labels:
        """Return the labels of several tables one after another."""
        names = tuple(dict.fromkeys(name for part in parts for name in part.names))
        codes = [np.array([names.index(each) for each in part.names])[part.codes] for part in parts]
        return Labels(np.concatenate(codes), names)


UNLABELLED = Labels(np.zeros(0, dtype=np.int64), ())
"""The labels of a table whose rows have none."""

NONE_SKIPPED: Mapping[str, int] = MappingProxyType({})


class StateTable(NamedTuple):
    """States of past games, one row each; all arrays have the same length.

    `outcome` is 0, 1 or 2 for home, draw and away, -1 where it is not known; `game` counts the
    games from 0, -1 where the file names none; `season` is 0 where it is not known; `phase` is the
    part of the game and `source` where the row is from; `published` is a probability of home
    that somebody else published for the same row, NaN where there is none; `day` is that of the
    game in days since 1970, -1 where it is not known. `league` is what the file calls the league,
    and `skipped` says how many rows of the file are not in the table, by reason.
    """

    columns: Columns
    outcome: Codes
    game: Codes
    season: Codes
    phase: Labels
    source: Labels
    published: Floats
    day: Codes
    league: Labels = UNLABELLED
    skipped: Mapping[str, int] = NONE_SKIPPED

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
            phase=self.phase.take(rows),
            source=self.source.take(rows),
            published=self.published[rows],
            day=self.day[rows],
            league=self.league.take(rows),
            skipped=self.skipped,
        )

    def without(self, rows: Mask, reason: str) -> StateTable:
        """Return the other rows; these are counted as skipped for the reason, if there are any."""
        count = int(rows.sum())
        if not count:
            return self
        skipped = {**self.skipped, reason: self.skipped.get(reason, 0) + count}
        return self.take(~rows)._replace(skipped=skipped)


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

    Numbers written as words count, and so do `true` and `false`; an infinite one is missing.

    Raises:
        ConfigError: the column holds something else than numbers.
    """
    if name not in frame.columns:
        return np.full(frame.height, np.nan)
    column = frame[name]
    try:
        if not column.dtype.is_numeric():
            # A category would be cast to its number in the list of categories.
            words = column.cast(pl.String).str.strip_chars().str.to_lowercase()
            column = words.replace(_WORDS)
        values = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    except pl.exceptions.PolarsError as error:
        msg = f"column {name!r} of the states must hold numbers, was {frame[name].dtype}"
        raise ConfigError(msg) from error
    return np.where(np.isfinite(values), values, np.nan)


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
    game = frame["game_id"].cast(pl.String).rank("dense").cast(pl.Int64) - 1
    day = days(frame)
    return StateTable(
        columns=columns,
        outcome=outcome,
        game=_codes(game),
        season=_seasons(frame, day),
        phase=phase,
        source=labels(frame, "source", "states"),
        published=_published(frame),
        day=_codes(day.dt.epoch("d")),
    )


def _codes(column: pl.Series) -> Codes:
    return np.array(column.fill_null(-1).to_numpy(), dtype=np.int64)


def days(frame: pl.DataFrame) -> pl.Series:
    """Return the dates of the games, null where there is none or it cannot be read."""
    if "date" not in frame.columns:
        return pl.Series([None] * frame.height, dtype=pl.Date)
    dates = frame["date"]
    if not dates.dtype.is_temporal():
        dates = dates.cast(pl.String).str.head(_DATE_LETTERS).str.to_date("%Y-%m-%d", strict=False)
    return dates.cast(pl.Date)


def _seasons(frame: pl.DataFrame, day: pl.Series) -> Codes:
    """Return the seasons; in a file without them, the years of the games."""
    if "season" in frame.columns:
        return np.nan_to_num(numbers(frame, "season")).astype(np.int64)
    return np.array(day.dt.year().fill_null(0).to_numpy(), dtype=np.int64)


def _published(frame: pl.DataFrame) -> Floats:
    home = numbers(frame, "pub_home_wp")
    return np.where((home >= 0.0) & (home <= 1.0), home, np.nan)
