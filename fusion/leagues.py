"""The leagues, read from `leagues.toml` beside this file when the module is imported.

A league is a table `[league.<key>]`; what it leaves out is as `[sport.<sport>]` says. A file of a
user's own is laid over it, table by table and key by key, so that a few lines add a league or
change one field of a known one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, get_args

import msgspec

from fusion.errors import ConfigError
from fusion.league import TEAM_SPORTS, League, Sport, in_season

__all__ = [
    "LEAGUES",
    "TEAM_SPORTS",
    "League",
    "Sport",
    "find_league",
    "in_season",
    "league",
    "league_of_code",
    "load_leagues",
    "use_leagues",
]

_BUILT_IN = "leagues.toml"
_Table = dict[str, Any]


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The tables of one file."""

    sport: dict[str, _Table] = {}
    league: dict[str, _Table] = {}


def load_leagues(text: str = "", what: str = "the leagues file") -> dict[str, League]:
    """Return the leagues Fairline knows, with those of `text` added or changed, by key.

    Args:
        text: TOML with tables `[league.<key>]` and `[sport.<sport>]`; `""` changes nothing.
        what: The name of the file, as errors tell it.

    Raises:
        ConfigError: the text is no such TOML, a league does not hold, or two leagues share a
            name; the message names the league, the key, and how to mend it.
    """
    built_in = _read(files("fusion").joinpath(_BUILT_IN).read_text("utf-8"), _BUILT_IN)
    own = _read(text, what)
    sports = _laid_over(built_in.sport, own.sport)
    rows = _laid_over(built_in.league, own.league)
    leagues = {
        key: _league(key, row, sports, what if key in own.league else _BUILT_IN)
        for key, row in rows.items()
    }
    _check_once("name", ((key, [key, *each.aliases]) for key, each in leagues.items()))
    _check_once("Polymarket code", ((key, each.codes) for key, each in leagues.items()))
    return leagues


def _read(text: str, what: str) -> _File:
    try:
        found = msgspec.convert(tomllib.loads(text), _File)
    except tomllib.TOMLDecodeError as error:
        msg = f"{what} is not TOML: {error}"
        raise ConfigError(msg) from error
    except msgspec.ValidationError as error:
        msg = f"{what} does not hold: {error}; a league is a table [league.<key>], what all"
        msg += " leagues of a sport share is one [sport.<sport>]"
        raise ConfigError(msg) from error
    strangers = sorted(found.sport.keys() - set(get_args(Sport)))
    if strangers:
        msg = f"{what} has [sport.{strangers[0]}]; use one of {', '.join(get_args(Sport))}"
        raise ConfigError(msg)
    return found


def _laid_over(below: dict[str, _Table], above: dict[str, _Table]) -> dict[str, _Table]:
    keys = [*below, *(key for key in above if key not in below)]
    return {key: below.get(key, {}) | above.get(key, {}) for key in keys}


def _league(key: str, row: _Table, sports: dict[str, _Table], what: str) -> League:
    if "key" in row:
        msg = f"league {key!r} in {what} has a `key`; take it out, the name of the table is the key"
        raise ConfigError(msg)
    try:
        shared = sports.get(str(row.get("sport")), {})
        return msgspec.convert({**shared, **row, "key": key}, League)
    except msgspec.ValidationError as error:
        msg = f"league {key!r} in {what} does not hold: {error}; docs/leagues.md tells each key"
        if any(isinstance(value, dict) for name, value in row.items() if name != "espn_params"):
            msg += ', and a key with a dot needs quotes: [league."eng.1"]'
        raise ConfigError(msg) from error


def _check_once(what: str, names: Iterable[tuple[str, Iterable[str]]]) -> None:
    owners: dict[str, str] = {}
    for key, own in names:
        for name in own:
            if name != name.strip().lower():
                msg = f"league {key!r} has the {what} {name!r}; write it in lower case"
                raise ConfigError(msg)
            if owners.setdefault(name, key) != key:
                msg = f"league {key!r} cannot have the {what} {name!r}, league {owners[name]!r}"
                msg += " has it; use another"
                raise ConfigError(msg)


LEAGUES: dict[str, League] = {}
_BY_CODE: dict[str, League] = {}
_BY_NAME: dict[str, League] = {}


def use_leagues(leagues: Mapping[str, League]) -> None:
    """Make `leagues` those of this process, once and before anything looks one up."""
    LEAGUES.clear()
    LEAGUES.update(leagues)
    _BY_CODE.clear()
    _BY_CODE.update({code: each for each in leagues.values() for code in each.codes})
    _BY_NAME.clear()
    _BY_NAME.update(_BY_CODE)
    _BY_NAME.update({alias: each for each in leagues.values() for alias in each.aliases})
    _BY_NAME.update(leagues)


use_leagues(load_leagues())


def league_of_code(code: str) -> League | None:
    """Return the league of a code of Polymarket, in any case, or None where it is none of ours."""
    return _BY_CODE.get(code.lower())


def find_league(name: str) -> League | None:
    """Return the league of a key, an alias or a Polymarket code in any case, or None."""
    return _BY_NAME.get(name.strip().lower())


def league(name: str) -> League:
    """Return the league of a key, an alias or a Polymarket code.

    Raises:
        ConfigError: `name` is no league; the message lists the keys.
    """
    found = find_league(name)
    if found is None:
        msg = f"no league is called {name!r}; use one of {', '.join(LEAGUES)}"
        raise ConfigError(msg)
    return found
