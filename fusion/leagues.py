"""The leagues, read from `leagues.toml` beside this file when the module is imported."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Literal

import msgspec

from fusion.errors import ConfigError

Sport = Literal["basketball", "football", "hockey", "baseball", "soccer", "tennis", "mma"]
TEAM_SPORTS: frozenset[Sport] = frozenset(
    {"basketball", "football", "hockey", "baseball", "soccer"}
)


class League(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One league: where ESPN keeps it, how its clock runs, what Polymarket calls it.

    `period_s` and `overtime_s` are seconds of play; `periods` those of regulation time.
    """

    key: str
    name: str
    sport: Sport
    espn_path: str
    clock: Literal["down", "up", "innings", "sets", "rounds"]
    periods: int
    period_s: float
    overtime_s: float
    polymarket: str
    ordering: Literal["home", "away"]
    tag: str = ""
    three_way: bool = False
    espn_params: dict[str, str] = {}
    aliases: tuple[str, ...] = ()

    @property
    def regulation_s(self) -> float:
        """Seconds of play in regulation time; 0 where the sport has no clock."""
        return self.periods * self.period_s


def _load() -> dict[str, League]:
    tables = tomllib.loads(files("fusion").joinpath("leagues.toml").read_text("utf-8"))
    return {key: msgspec.convert({"key": key, **table}, League) for key, table in tables.items()}


LEAGUES: dict[str, League] = _load()
_BY_ALIAS = {alias: league for league in LEAGUES.values() for alias in league.aliases}


def find_league(name: str) -> League | None:
    """Return the league of a key or alias in any case, or None."""
    name = name.strip().lower()
    return LEAGUES.get(name) or _BY_ALIAS.get(name)


def league(name: str) -> League:
    """Return the league of a key or alias.

    Raises:
        ConfigError: `name` is no league; the message lists the keys.
    """
    found = find_league(name)
    if found is None:
        msg = f"no league is called {name!r}; use one of {', '.join(LEAGUES)}"
        raise ConfigError(msg)
    return found
