"""The teams of the evening, read from `teams.toml` and `extra_teams.toml` beside this file."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from simulator.plan import SideTeam


def _load(name: str) -> dict[str, tuple[SideTeam, ...]]:
    tables = tomllib.loads(files("simulator").joinpath(name).read_text("utf-8"))
    return {
        league: tuple(SideTeam(*row) for row in table["teams"]) for league, table in tables.items()
    }


TEAMS: dict[str, tuple[SideTeam, ...]] = _load("teams.toml")
"""League key to the teams of every evening."""

EXTRA_TEAMS: dict[str, tuple[SideTeam, ...]] = _load("extra_teams.toml")
"""League key to the teams of games that are added; no team is in `TEAMS` too."""
