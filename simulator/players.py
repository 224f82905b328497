"""The players, fighters, tournaments and cards of the evening, from `players.toml` beside this."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Literal

import msgspec

from simulator.plan import SideTeam


class Tournament(msgspec.Struct, frozen=True):
    """A tennis tournament; `layout` is the key of its board that holds the matches.

    `number` is ESPN's, `league_id` ESPN's number of the tour whose uid it bears.
    """

    number: int
    name: str
    place: str
    court: str
    league_id: int
    layout: Literal["competitions", "groupings"]


class Card(msgspec.Struct, frozen=True):
    """An evening of fights and where it is held; `number` is ESPN's."""

    number: int
    name: str
    short_name: str
    venue: str
    city: str
    state: str
    country: str


class Athlete(msgspec.Struct, frozen=True, array_like=True):
    """A player as a row of the file; `listed` is the market venue's spelling."""

    espn_id: str
    name: str
    code: str
    country: str
    country_code: str
    listed: str = ""

    def side(self) -> SideTeam:
        """Return the side that the player alone is."""
        return SideTeam(
            espn_id=self.espn_id,
            espn_code="",
            location=self.name,
            nickname=self.name,
            code=self.code,
            listed=self.listed,
            country=self.country,
            country_code=self.country_code,
        )


class _File(msgspec.Struct, forbid_unknown_fields=True):
    athletes: dict[str, tuple[Athlete, ...]]
    tournaments: tuple[Tournament, ...]
    cards: tuple[Card, ...]


_FILE = msgspec.convert(
    tomllib.loads(files("simulator").joinpath("players.toml").read_text("utf-8")), _File
)

PLAYERS: dict[str, tuple[SideTeam, ...]] = {
    league: tuple(row.side() for row in rows) for league, rows in _FILE.athletes.items()
}
"""League key to those who may be drawn against each other in it."""

TOURNAMENTS: dict[str, Tournament] = {each.name: each for each in _FILE.tournaments}
"""Tournaments by the name that `GamePlan.card` has."""

CARDS: dict[str, Card] = {each.short_name: each for each in _FILE.cards}
"""Fight cards by the short name, which `GamePlan.card` has."""
