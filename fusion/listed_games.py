"""Which listed events are games: the league, the two teams and the start, or why they are unclear.

A game's slug is `<code>-<team>-<team>-<YYYY-MM-DD>`, with a number after the date where two teams
meet twice that day. Anything else after the date (`-more-markets`, `-player-props`) makes a
companion, which holds further markets of a game and is never the game. The date in the slug is
not read: it is Eastern in some leagues, UTC in others, and changes by season. Slug and title name
the teams in the same order (the venue's `ordering`), so where no teams are listed the title gives
the names and the slug the codes.
"""

from __future__ import annotations

import re

import msgspec

from fusion.days import slate_day
from fusion.leagues import LEAGUES, League
from fusion.listing import ListedEvent, ListedTeam
from fusion.outcomes import Refused

_BY_CODE = {league.polymarket: league for league in LEAGUES.values()}
_GAME_SLUG = re.compile(r"[a-z0-9]+-(?P<codes>.+?)-\d{4}-\d{2}-\d{2}(?:-(?P<rest>.+))?")
_NUMBER = re.compile(r"(?:dh|game|g)?-?[1-9]")
_VERSUS = re.compile(r"\s+(?:vs?\.?|@|at)\s+", re.IGNORECASE)


class ListedGame(msgspec.Struct, frozen=True):
    """An event that is a game. `day` is its Eastern calendar day; `start_ns` may be unknown."""

    event: ListedEvent
    league: League
    teams: tuple[ListedTeam, ListedTeam]
    start_ns: int | None
    day: str


def event_league(event: ListedEvent) -> League | None:
    """Return the league of an event, or None where the venue's code is none of ours."""
    return _BY_CODE.get(event.code.lower())


def listed_game(event: ListedEvent) -> ListedGame | Refused | None:
    """Return the game an event is, why it cannot be told, or None for what is no game of ours.

    None are events of other leagues, companions, and futures: those without a date in the slug
    that do not list two teams and a time either.
    """
    league = event_league(event)
    if league is None:
        return None
    start_ns = event.start_ns
    slug = _GAME_SLUG.fullmatch(event.slug.lower())
    if slug is None:
        if len(event.teams) == 2 and (start_ns is not None or event.event_date):
            detail = f"two teams and a date, but the slug is not a game's, was {event.slug!r}"
            return Refused("slug_unclear", detail)
        return None
    if slug["rest"] and not _NUMBER.fullmatch(slug["rest"]):
        return None
    teams = _teams(event, slug["codes"].split("-"))
    if teams is None:
        return Refused("no_teams", f"two teams were expected, was {event.title!r}")
    day = event.event_date or (slate_day(start_ns) if start_ns is not None else "")
    if not day:
        return Refused("no_start", "the event has neither a start nor a date")
    return ListedGame(event, league, teams, start_ns, day)


def _teams(event: ListedEvent, codes: list[str]) -> tuple[ListedTeam, ListedTeam] | None:
    """Return the two teams; older events have only a title, `Tournament: One vs. Two`."""
    if len(event.teams) == 2:
        return event.teams[0], event.teams[1]
    if event.teams:
        return None
    names = _VERSUS.split(event.title.rsplit(": ", 1)[-1].strip())
    if len(names) != 2 or not all(names):
        return None
    first, second = codes if len(codes) == 2 else ("", "")
    return ListedTeam(names[0], first), ListedTeam(names[1], second)
