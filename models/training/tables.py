"""A file of past states as a table of one league: which file is whose, and whose rows count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import polars as pl

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES, League, Sport
from fusion.leagues import league as league_of
from models.training import (
    tables_baseball,
    tables_basketball,
    tables_football,
    tables_hockey,
    tables_soccer,
    tables_tennis,
)
from models.training.state_table import StateTable

Maker = Callable[[pl.DataFrame, League], StateTable]

_MAKERS: Mapping[Sport, Maker] = {
    "basketball": tables_basketball.table,
    "football": tables_football.table,
    "hockey": tables_hockey.table,
    "soccer": tables_soccer.table,
    "baseball": tables_baseball.table,
    "tennis": tables_tennis.table,
}


class Subject(NamedTuple):
    """What coefficients are fitted to and judged on.

    `key` is that of the coefficient file; `league` gives the rules; `codes` are what the column
    `league` of a file may say; `leagues` are the keys of the leagues the coefficients are for.
    """

    key: str
    league: League
    codes: frozenset[str]
    leagues: tuple[str, ...]


_CLUBS = {"eng.1": "ENG1", "esp.1": "ESP1", "ger.1": "GER1", "ita.1": "ITA1", "fra.1": "FRA1"}
_TOURS = {"atp": "ATP", "wta": "WTA"}
_FILE_CODES = {"ncaamb": "ncaam"}


def subjects(name: str) -> tuple[Subject, ...]:
    """Return what a league's key or alias, or the name of a file of states, stands for.

    Raises:
        ConfigError: no league, alias or file has that name, or it has no files of states.
    """
    if name in {"soccer", "soccer_intl"}:
        return (_soccer(name),)
    if name == "tennis":
        return tuple(_plain(LEAGUES[key]) for key in _TOURS)
    league = league_of(name)
    if league.sport not in _MAKERS:
        msg = f"{league.key!r} has no model; use one of {', '.join(_known())}"
        raise ConfigError(msg)
    return (_plain(league),)


def state_table(frame: pl.DataFrame, subject: Subject) -> StateTable:
    """Return the rows of a file of states that are the subject's.

    Raises:
        ConfigError: a column is missing, or no row is of its leagues.
    """
    own = frame
    if "league" in frame.columns:
        own = frame.filter(pl.col("league").cast(pl.String).is_in(sorted(subject.codes)))
    if own.is_empty():
        found = []
        if "league" in frame.columns:
            found = sorted(frame["league"].cast(pl.String).unique().drop_nulls().to_list())
        msg = f"the file has no rows of {subject.key}, its `league` was {', '.join(found) or '-'};"
        msg += (
            f" give the league that it is of, or rows of one of {', '.join(sorted(subject.codes))}"
        )
        raise ConfigError(msg)
    return _MAKERS[subject.league.sport](own, subject.league)


def _soccer(name: str) -> Subject:
    if name == "soccer":
        return Subject(name, LEAGUES["eng.1"], frozenset(_CLUBS.values()), tuple(_CLUBS))
    return Subject(name, LEAGUES["fifa.world"], frozenset({name}), ("fifa.world",))


def _plain(league: League) -> Subject:
    """Return the subject of a league; that of a soccer league has only its own rows."""
    code = _CLUBS.get(league.key) or _TOURS.get(league.key)
    code = code or _FILE_CODES.get(league.key, league.key)
    codes = frozenset({code, code.lower(), code.upper(), league.key, *league.aliases})
    key = "soccer" if league.key in _CLUBS else league.key
    return Subject(key, league, codes, tuple(_CLUBS) if key == "soccer" else (league.key,))


def _known() -> list[str]:
    return [key for key, league in LEAGUES.items() if league.sport in _MAKERS]
