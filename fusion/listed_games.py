"""Which listed events are games: the league, the two sides and the start, or why they are unclear.

A game's slug is `<code>-<team>-<team>-<YYYY-MM-DD>`, with a number after the date where two teams
meet twice that day or the slug was taken. Anything else after the date (`-more-markets`,
`-player-props`) makes a companion, which holds further markets of a game and is never the game.
The date in the slug is not read: it is Eastern in some leagues, UTC in others, and changes by
season. Slug and title name the sides in the same order (the venue's `ordering`), so where no teams
are listed the title gives the names and the slug the codes.

Titles say more than the two names: a tournament or a card before them (`UFC 320: `), a weight, a
stage or the number of the game behind them. Athletes go by the title where the list of teams has
no more than their surnames.
"""

from __future__ import annotations

import re

import msgspec

from fusion.athletes import athlete_words, is_of_athletes
from fusion.days import slate_day
from fusion.leagues import League, league_of_code
from fusion.listing import ListedEvent, ListedTeam
from fusion.outcomes import Refused

_GAME_SLUG = re.compile(r"(?P<codes>.+?)-\d{4}-\d{2}-\d{2}(?:-(?P<rest>.+))?")
_NUMBER = re.compile(r"(?:dh|game|g)?-?[1-9]|[1-9]\d{1,3}")
_VERSUS = re.compile(r"\s+(?:vs?\.?|@|at)\s+", re.IGNORECASE)
_HEADING = re.compile(r":\s+|\s+[-|\u2013\u2014]\s+")
_STAGE = re.compile(
    r"\s*(?:[(,|\u2013\u2014]|\s-\s)\s*(?:game|leg|round|week|day|match|group|quarter|semi|final|playoff|"
    r"first|second|1st|2nd|[1-9]/|doubleheader|dh\b).*",
    re.IGNORECASE,
)
_REMATCH = re.compile(r"\s+(?:[2-9]|ii|iii|iv)$", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
_PAIR_OF_PLAYERS = re.compile(r"\w\s*/\s*\w")


class ListedGame(msgspec.Struct, frozen=True):
    """An event that is a game. `day` is its Eastern calendar day; `start_ns` may be unknown."""

    event: ListedEvent
    league: League
    teams: tuple[ListedTeam, ListedTeam]
    start_ns: int | None
    day: str


def event_league(event: ListedEvent) -> League | None:
    """Return the league of an event, or None where the venue's code is none of ours."""
    return league_of_code(event.code)


def listed_game(event: ListedEvent) -> ListedGame | Refused | None:
    """Return the game an event is, why it cannot be told, or None for what is no game of ours.

    None are events of other leagues, companions, and futures: those without a date in the slug
    that do not list two teams and a time either.
    """
    league = event_league(event)
    if league is None:
        return None
    start_ns = event.start_ns
    slug = _GAME_SLUG.fullmatch(event.slug.lower().removeprefix(f"{event.code.lower()}-"))
    if slug is None:
        if len(event.teams) == 2 and (start_ns is not None or event.event_date):
            detail = f"two teams and a date, but the slug is not a game's, was {event.slug!r}"
            return Refused("slug_unclear", detail)
        return None
    if slug["rest"] and not _NUMBER.fullmatch(slug["rest"]):
        return None
    teams = _teams(event, league, slug["codes"].split("-"))
    if teams is None:
        return Refused("no_teams", f"two teams were expected, was {event.title!r}")
    if is_of_athletes(league) and any(_PAIR_OF_PLAYERS.search(team.name) for team in teams):
        return Refused("doubles", f"a match of two against two, was {event.title!r}")
    day = event.event_date or (slate_day(start_ns) if start_ns is not None else "")
    if not day:
        return Refused("no_start", "the event has neither a start nor a date")
    return ListedGame(event, league, teams, start_ns, day)


def _teams(
    event: ListedEvent, league: League, codes: list[str]
) -> tuple[ListedTeam, ListedTeam] | None:
    """Return the two sides; older events have only a title."""
    if len(event.teams) == 2:
        first, second = event.teams
        if not is_of_athletes(league) or all(
            len(athlete_words(team.name)) > 1 for team in event.teams
        ):
            return first, second
    elif event.teams:
        return None
    names = _titled(event.title, league)
    if names is None:
        return event.teams if len(event.teams) == 2 else None
    one, other = codes if len(codes) == 2 else ("", "")
    return ListedTeam(names[0], one), ListedTeam(names[1], other)


def _titled(title: str, league: League) -> tuple[str, str] | None:
    """Return the two names of a title, without what stands before and behind them."""
    for part in reversed(_HEADING.split(title.strip())):
        names = _VERSUS.split(part.strip())
        if len(names) == 2 and all(names):
            first, second = names[0].strip(), _STAGE.sub("", names[1]).strip()
            if is_of_athletes(league):
                first, second = _BRACKETS.sub(" ", first), _BRACKETS.sub(" ", second)
                second = _REMATCH.sub("", second.strip())
            return (first.strip(), second.strip()) if first.strip() and second.strip() else None
    return None
