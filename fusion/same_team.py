"""Whether a name on the venue means a team of ESPN, and how well that is attested.

The grades, from the best: the full name; another name that only this team bears (its nickname
in the big leagues, its school in college, a line of `team_names.toml`); the code; a part of the
name (a city, a college's nickname) that another team may bear as well; a subset of its words.
The last two never decide alone.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

from fusion.game import Team
from fusion.leagues import League
from fusion.listing import ListedTeam
from fusion.names import is_college, marks, name_key
from fusion.team_facts import canonical, variants, venue_codes

_SPORTS_OF_NICKNAMES = frozenset({"basketball", "football", "hockey", "baseball"})
_SHARED_NICKNAMES = frozenset({"sox"})


class Grade(IntEnum):
    """How well a name is attested; 0 is not at all, and from ALIAS up it is enough."""

    NONE = 0
    SUBSET = 1
    PART = 2
    CODE = 3
    ALIAS = 4
    NAME = 5


class Evidence(msgspec.Struct, frozen=True):
    """That a listed team is a team of ESPN: how well, and by which of the two's words."""

    grade: Grade
    listed: str


class TeamKeys(msgspec.Struct, frozen=True):
    """The keys of one ESPN team in one league, made once and compared often.

    `own` are names no other team of the league bears, `parts` names it may share.
    """

    league: League
    name: str
    words: frozenset[str]
    own: frozenset[str]
    parts: frozenset[str]
    codes: frozenset[str]
    code: str


def team_keys(league: League, team: Team) -> TeamKeys:
    """Return the keys of `team`.

    An alias that begins the full name is the place; what ends the name is the nickname. Schools
    are known by the place, clubs of the big leagues by the nickname; in soccer, where clubs share
    both (`Manchester`, `City`), and among players neither is enough.
    """
    name = name_key(team.name, league)
    aliases = {name_key(alias, league) for alias in team.aliases} - {"", name}
    places = {alias for alias in aliases if name.startswith(f"{alias} ")}
    words = name.split()
    nicknames = {" ".join(words[place:]) for place in range(1, len(words))}
    if is_college(league):
        parts = nicknames
    elif league.sport in _SPORTS_OF_NICKNAMES:
        parts = places | (nicknames & _SHARED_NICKNAMES)
        aliases |= nicknames
    else:
        parts = places | (nicknames & aliases)
    own = {name} | (aliases - parts)
    for alias in tuple(own):
        same = variants(alias, league)
        own |= same
        # `Connecticut Huskies`, where the name is `UConn Huskies` and the place `UConn`.
        if alias in places:
            own |= {f"{other}{name.removeprefix(alias)}" for other in same}
    return TeamKeys(
        league=league,
        name=name,
        words=frozenset(words),
        own=frozenset(own - {""}),
        parts=frozenset(parts - own),
        codes=venue_codes(league, team.code) if name else frozenset(),
        code=name_key(team.code, league),
    )


def grade_name(keys: TeamKeys, name: str) -> Grade:
    """Return how well the words `name` (of a title, an outcome, a team) mean this team."""
    key = name_key(name, keys.league)
    if not key:
        return Grade.NONE
    if key == keys.name:
        return Grade.NAME
    if key in keys.own or canonical(key, keys.league) in keys.own:
        return Grade.ALIAS
    if key == keys.code or key in keys.codes:
        return Grade.CODE
    if key in keys.parts:
        return Grade.PART
    return Grade.SUBSET if _is_subset(keys, frozenset(key.split())) else Grade.NONE


def same_team(keys: TeamKeys, listed: ListedTeam) -> Evidence | None:
    """Return the best evidence that `listed` is this team, or None.

    A part of a college's name is none: `Bulldogs` are many, and `Alabama` is not `Alabama A&M`.
    """
    found = [
        Evidence(grade, name)
        for name in (listed.name, listed.alias)
        if (grade := grade_name(keys, name))
        and (grade >= Grade.CODE or not is_college(keys.league))
    ]
    if listed.code and listed.code.lower() in keys.codes:
        found.append(Evidence(Grade.CODE, listed.code))
    return max(found, key=lambda evidence: evidence.grade, default=None)


def _is_subset(keys: TeamKeys, words: frozenset[str]) -> bool:
    """Tell whether one name has all words of the other, and neither marks another team.

    A school's name may be shortened and never lengthened, which would make another school of it.
    """
    if marks(words) != marks(keys.words):
        return False
    return words <= keys.words or (keys.words < words and not is_college(keys.league))
