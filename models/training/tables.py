"""A file of past states as a table of one league: which file is whose, and whose rows count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES, League, Sport
from fusion.leagues import league as league_of
from models.offline import OFFLINE, AnyLeague, OfflineLeague
from models.registry import NATIONAL_TEAMS
from models.training import (
    tables_baseball,
    tables_basketball,
    tables_cricket,
    tables_football,
    tables_hockey,
    tables_soccer,
    tables_tennis,
)
from models.training.state_table import Labels, StateTable, labels

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
    `league` of a file may say, in capitals or not; `leagues` are the keys of the leagues the
    coefficients are for.
    """

    key: str
    league: AnyLeague
    codes: frozenset[str]
    leagues: tuple[str, ...]

    @property
    def wanted(self) -> list[str]:
        """The codes in lower case and in order."""
        return sorted({code.lower() for code in self.codes})


OTHER_LEAGUES = "other leagues"

PLACES = frozenset(
    {
        "remaining_s",
        "period",
        "half",
        "sets_home",
        "sets_away",
        "games_home",
        "games_away",
        "chase",
        "balls_left",
    }
)
"""Columns that say where a game stands, without which there is no price."""

_CLUB_FILE, _NATIONS_FILE, _TOURS_FILE = "soccer", "soccer_intl", "tennis"
_CLUBS = {"eng.1": "ENG1", "esp.1": "ESP1", "ger.1": "GER1", "ita.1": "ITA1", "fra.1": "FRA1"}
_TOURS = ("atp", "wta")
_FILE_CODES = {"ncaamb": "ncaam"}


def subjects(name: str) -> tuple[Subject, ...]:
    """Return what a league's key or alias, or the name of a file of states, stands for.

    Raises:
        ConfigError: no league, alias or file has that name, or it has no files of states.
    """
    name = name.strip().lower()
    if name in {_CLUB_FILE, _NATIONS_FILE}:
        return (_soccer(name),)
    if name == _TOURS_FILE:
        return tuple(_plain(LEAGUES[key]) for key in _TOURS)
    if name in OFFLINE:
        return (_offline(OFFLINE[name]),)
    try:
        league = league_of(name)
    except ConfigError as error:
        msg = f"no league or file of states is called {name!r}; use one of {', '.join(_known())}"
        raise ConfigError(msg) from error
    if league.sport not in _MAKERS:
        msg = f"{league.key!r} has no model; use one of {', '.join(_known())}"
        raise ConfigError(msg)
    return (_plain(league),)


def title(name: str) -> str:
    """Return what a report calls a league, by its key, or a file of several by its name.

    Raises:
        ConfigError: no league, alias or file has that name.
    """
    name = name.strip().lower()
    own = name in {_CLUB_FILE, _NATIONS_FILE, _TOURS_FILE, *OFFLINE}
    return name if own else league_of(name).key


def with_rows(frame: pl.DataFrame, candidates: Sequence[Subject]) -> tuple[Subject, ...]:
    """Return the subjects that a file has rows of; if it has none, the first, to be told of it.

    Raises:
        ConfigError: there are several subjects, and the file does not say which row is whose.
    """
    if len(candidates) > 1 and not frame.is_empty() and not _names_leagues(frame):
        keys = " or ".join(each.key for each in candidates)
        msg = f"the file has no column 'league' that tells {keys} apart; give one of them"
        raise ConfigError(msg)
    found = tuple(each for each in candidates if not _own_rows(frame, each).is_empty())
    return found or tuple(candidates[:1])


def state_table(frame: pl.DataFrame, subject: Subject) -> StateTable:
    """Return the rows of a file of states that are the subject's and can be priced and judged.

    The others are counted by reason: those of other leagues, without a known result, game, score
    or place in the game.

    Raises:
        ConfigError: a column is missing, or no row is of its leagues.
    """
    own = _own_rows(frame, subject)
    if own.is_empty():
        msg = f"the file has no rows of {subject.key}: "
        if frame.is_empty():
            msg += "it is empty"
        else:
            words = frame["league"].cast(pl.String).unique().drop_nulls()
            msg += f"its `league` was {', '.join(sorted(words.to_list())) or '-'}"
        msg += f"; give the league that it is of, or rows of one of {', '.join(subject.wanted)}"
        raise ConfigError(msg)
    table = _made(own, subject.league)
    others = frame.height - own.height
    table = table._replace(
        league=labels(own, "league", subject.key),
        skipped={**table.skipped, OTHER_LEAGUES: others} if others else table.skipped,
    )
    return _usable(table)


def _made(frame: pl.DataFrame, league: AnyLeague) -> StateTable:
    if isinstance(league, OfflineLeague):
        return tables_cricket.table(frame)
    return _MAKERS[league.sport](frame, league)


def joined(tables: Sequence[StateTable]) -> StateTable:
    """Return the tables of several subjects of one file as one, with the columns all have."""
    if len(tables) == 1:
        return tables[0]
    names = [name for name in tables[0].columns if all(name in each.columns for each in tables)]
    first_game = np.cumsum([0, *(int(each.game.max(initial=-1)) + 1 for each in tables)])
    return StateTable(
        columns={name: np.concatenate([each.columns[name] for each in tables]) for name in names},
        outcome=np.concatenate([each.outcome for each in tables]),
        game=np.concatenate(
            [each.game + first for each, first in zip(tables, first_game[:-1], strict=True)]
        ),
        season=np.concatenate([each.season for each in tables]),
        phase=Labels.joined([each.phase for each in tables]),
        source=Labels.joined([each.source for each in tables]),
        published=np.concatenate([each.published for each in tables]),
        day=np.concatenate([each.day for each in tables]),
        league=Labels.joined([each.league for each in tables]),
        skipped=_skipped(tables),
    )


def _skipped(tables: Sequence[StateTable]) -> dict[str, int]:
    """Return the counts of all; a row is of another league if it is in none of the tables."""
    total: Counter[str] = Counter()
    for table in tables:
        total.update(table.skipped)
    whole = tables[0].rows + sum(tables[0].skipped.values())
    total[OTHER_LEAGUES] -= (len(tables) - 1) * whole
    return {reason: count for reason, count in total.items() if count}


def _names_leagues(frame: pl.DataFrame) -> bool:
    return "league" in frame.columns and frame["league"].null_count() < frame.height


def _own_rows(frame: pl.DataFrame, subject: Subject) -> pl.DataFrame:
    """Return the rows of the subject; all of a file that does not say whose its rows are."""
    if not _names_leagues(frame):
        return frame
    words = pl.col("league").cast(pl.String).str.strip_chars().str.to_lowercase()
    return frame.filter(words.is_in(subject.wanted))


def _usable(table: StateTable) -> StateTable:
    """Return the rows that can be priced and judged, the others counted."""
    table = table.without(table.outcome < 0, "no result")
    table = table.without(table.game < 0, "no game")
    table = table.without(np.isnan(table.columns["lead"]), "no score")
    places = [values for name, values in table.columns.items() if name in PLACES]
    nowhere = np.any([np.isnan(values) for values in places], axis=0)
    return table.without(nowhere, "no place in the game")


def _soccer(name: str) -> Subject:
    if name == _CLUB_FILE:
        return Subject(name, LEAGUES["eng.1"], frozenset(_CLUBS.values()), tuple(_CLUBS))
    return Subject(name, LEAGUES["fifa.world"], frozenset({name}), ("fifa.world",))


def _plain(league: League) -> Subject:
    """Return the subject of a league; that of a soccer league has only its own rows."""
    code = _CLUBS.get(league.key) or _FILE_CODES.get(league.key, league.key)
    codes = {code, league.key, *league.codes, *league.aliases}
    if league.sport == "soccer" and league.key.startswith(NATIONAL_TEAMS):
        whole = _soccer(_NATIONS_FILE)
        return whole._replace(league=league, codes=whole.codes | codes)
    key = _CLUB_FILE if league.key in _CLUBS else league.key
    return Subject(key, league, frozenset(codes), tuple(_CLUBS) if key != league.key else (key,))


def _offline(league: OfflineLeague) -> Subject:
    return Subject(league.key, league, frozenset({league.key, *league.codes}), (league.key,))


def _known() -> list[str]:
    leagues = (key for key, league in LEAGUES.items() if league.sport in _MAKERS)
    return [*leagues, _CLUB_FILE, _NATIONS_FILE, _TOURS_FILE, *OFFLINE]
