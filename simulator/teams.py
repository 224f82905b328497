"""The teams of the evening, read from `teams.toml` beside this file."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from simulator.plan import SideTeam


def _load() -> dict[str, tuple[SideTeam, ...]]:
    tables = tomllib.loads(files("simulator").joinpath("teams.toml").read_text("utf-8"))
    return {
        league: tuple(SideTeam(*row) for row in table["teams"]) for league, table in tables.items()
    }


TEAMS: dict[str, tuple[SideTeam, ...]] = _load()
"""League key to its teams."""
