"""What is known about teams beyond the payloads: the venue's codes, and other names.

Read from `team_codes.toml` and `team_names.toml` beside this file when the module is imported.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES, League
from fusion.names import is_college, name_key

_CODES = msgspec.convert(
    tomllib.loads(files("fusion").joinpath("team_codes.toml").read_text("utf-8")),
    dict[str, dict[str, tuple[str, ...]]],
)
_NAMES = msgspec.convert(
    tomllib.loads(files("fusion").joinpath("team_names.toml").read_text("utf-8")),
    dict[str, tuple[tuple[str, ...], ...]],
)


def venue_codes(league: League, espn_code: str) -> frozenset[str]:
    """Return the codes the venue may give the team that ESPN abbreviates `espn_code`.

    Empty for colleges, whose codes change by season and are no evidence.
    """
    if is_college(league) or not espn_code:
        return frozenset()
    own = espn_code.lower()
    return frozenset(_CODES.get(league.key, {}).get(espn_code.upper(), (own,)))


def canonical(key: str, league: League) -> str:
    """Return the first of the names that mean the same team as `key`, or `key` itself."""
    return _canonical_names(league.key).get(key, key)


def is_listed(key: str, league: League) -> bool:
    """Tell whether `key` is known as a name of one team."""
    return key in _canonical_names(league.key)


def variants(key: str, league: League) -> frozenset[str]:
    """Return all keys that mean the same team as `key`, itself among them."""
    first = canonical(key, league)
    return frozenset(
        {key} | {name for name, other in _canonical_names(league.key).items() if other == first}
    )


@cache
def _canonical_names(league_key: str) -> dict[str, str]:
    league = LEAGUES[league_key]
    table: dict[str, str] = {}
    for group in _NAMES.get(_section(league), ()):
        keys = [name_key(name, league) for name in group]
        for key in keys:
            if table.setdefault(key, keys[0]) != keys[0]:
                msg = f"team_names.toml gives {key!r} to two teams; take it out of one line"
                raise ConfigError(msg)
    return table


def _section(league: League) -> str:
    if is_college(league):
        return "college"
    return "soccer" if league.sport == "soccer" else league.key
