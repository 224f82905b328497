"""The user's own word on matches, which goes before what the names and starts say.

    [[match]]                          # this game and this event belong together
    game_id = "nba:401810001"
    event_slug = "nba-nyk-sas-2026-11-20"
    home = "Spurs"                     # what the outcomes are called (optional, both or neither):
    away = "Knicks"                    # needed where the names do not tell

    [[refuse]]                         # never match this game, this event, or these two
    game_id = "nba:401810002"          # or event_slug, or both

    [[team]]                           # more names and codes of one team or athlete
    league = "cfb"
    espn = "Kent State"
    polymarket = ["Kent St", "kentst"]

The text is parsed here and read from its file elsewhere. What an override names and no slate has
becomes a refusal `override_unused`, so that a typing error is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from fusion.errors import ConfigError
from fusion.leagues import find_league, league

_ERRORS = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
_PLACE = re.compile(r"\$\.(?P<table>\w+)(?:\[(?P<place>\d+)\])?")


class ForcedMatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A game and an event that belong together; `home` and `away` are labels of outcomes."""

    game_id: str
    event_slug: str
    home: str = ""
    away: str = ""


class Veto(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A game, an event, or (where both are given) a pair of them that is never matched."""

    game_id: str = ""
    event_slug: str = ""


class TeamNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the venue calls a team besides what is known; `espn` is any name or code of ESPN's."""

    league: str
    espn: str
    polymarket: tuple[str, ...]


class Overrides(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All overrides of one file, in its order."""

    match: tuple[ForcedMatch, ...] = ()
    refuse: tuple[Veto, ...] = ()
    team: tuple[TeamNames, ...] = ()

    def vetoes(self, game_id: str, event_slug: str) -> bool:
        """Tell whether the two must not be matched with each other."""
        return any(
            one.game_id in {"", game_id} and one.event_slug in {"", event_slug}
            for one in self.refuse
        )


def parse_overrides(text: str) -> Overrides:
    """Return the overrides of a TOML text.

    Raises:
        ConfigError: the text is no TOML, has an unknown key or a value that does not fit, or two
            overrides contradict each other; the message says on which line and how to mend it.
    """
    try:
        found = msgspec.toml.decode(text, type=Overrides)
    except _ERRORS as error:
        msg = f"{_line_of_error(text, str(error))}{error}; the keys are those of {_EXAMPLE}"
        raise ConfigError(msg) from error
    for table, place, complaint in _complaints(found):
        msg = f"line {_line(text, table, place)}: [[{table}]] {complaint}"
        raise ConfigError(msg)
    teams = tuple(msgspec.structs.replace(one, league=league(one.league).key) for one in found.team)
    return msgspec.structs.replace(found, team=teams)


_EXAMPLE = (
    "[[match]] game_id, event_slug, home, away; [[refuse]] game_id, event_slug; "
    "[[team]] league, espn, polymarket"
)


def _complaints(found: Overrides) -> Iterator[tuple[str, int, str]]:
    """Yield the table, the place in it and what is wrong, with how to mend it."""
    yield from _complaints_of_matches(found)
    yield from _complaints_of_teams(found)
    for place, veto in enumerate(found.refuse):
        if not veto.game_id and not veto.event_slug:
            yield "refuse", place, "names nothing, was empty; give game_id or event_slug or both"


def _complaints_of_matches(found: Overrides) -> Iterator[tuple[str, int, str]]:
    for place, one in enumerate(found.match):
        before = found.match[:place]
        if not one.game_id or not one.event_slug:
            yield "match", place, "needs game_id and event_slug, was empty; give both"
        elif bool(one.home) != bool(one.away) or (one.home and one.home == one.away):
            was = f"{one.home!r} and {one.away!r}"
            yield "match", place, f"home and away must be two labels, was {was}; give both or none"
        elif any(one.game_id == it.game_id or one.event_slug == it.event_slug for it in before):
            named = f"{one.game_id} with {one.event_slug}"
            yield "match", place, f"names a game or an event twice, was {named}; keep one of them"
        elif found.vetoes(one.game_id, one.event_slug):
            yield "match", place, f"is also refused, was {one.game_id}; take one of the two out"


def _complaints_of_teams(found: Overrides) -> Iterator[tuple[str, int, str]]:
    for place, names in enumerate(found.team):
        if find_league(names.league) is None:
            yield "team", place, f"league is not known, was {names.league!r}; use a key like 'nba'"
        elif not names.espn.strip() or not all(name.strip() for name in names.polymarket or " "):
            yield "team", place, "needs espn and names in polymarket, was empty; give both"


def _line_of_error(text: str, error: str) -> str:
    """Return `line <n>: ` for a value that does not fit; errors of TOML say their line."""
    found = _PLACE.search(error)
    if found is None:
        return ""
    return f"line {_line(text, found['table'], int(found['place'] or 0))}: "


def _line(text: str, table: str, place: int) -> int:
    """Return the line on which table number `place` of that name begins."""
    header = re.compile(rf"\s*\[\[\s*[\"']?{re.escape(table)}[\"']?\s*\]\]")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if header.match(line)]
    return lines[place] if place < len(lines) else 1
