"""Whether a name on the venue means a team or an athlete of ESPN, and how well that is attested.

Teams are compared by their keys here, athletes by the words of their names in `athletes`; the
grades are those of `grades`. What the user's overrides add to a team counts as a name of its own,
codes too, in every league.
"""

from __future__ import annotations

import msgspec

from fusion.athletes import athlete_words, grade_athlete, is_of_athletes, search_keys
from fusion.game import Team
from fusion.grades import Evidence, Grade
from fusion.leagues import League
from fusion.listing import ListedTeam
from fusion.names import is_college, is_of_nations, marks, name_key, short_direction
from fusion.team_facts import canonical, is_listed, variants, venue_codes

_SPORTS_OF_NICKNAMES = frozenset({"basketball", "football", "hockey", "baseball"})
_SHARED_NICKNAMES = frozenset({"sox"})


class TeamKeys(msgspec.Struct, frozen=True):
    """The keys of one ESPN team in one league, made once and compared often.

    `own` are names no other team of the league bears, `parts` names it may share, `added` what
    the user's overrides add.
    """

    league: League
    name: str
    words: frozenset[str]
    own: frozenset[str]
    parts: frozenset[str]
    codes: frozenset[str]
    code: str
    added: frozenset[str] = frozenset()

    @property
    def search(self) -> frozenset[str]:
        """What the team is looked up by: any listed name that means it has one of these."""
        if is_of_athletes(self.league):
            every = (search_keys(tuple(name.split())) for name in {self.name} | self.own)
            return self.added.union(*every) - {""}
        words = frozenset[str]() if is_college(self.league) else self.words
        return (self.own | self.parts | self.codes | {self.code} | words | self.added) - {""}


def team_keys(league: League, team: Team, added: tuple[str, ...] = ()) -> TeamKeys:
    """Return the keys of `team`; `added` are names and codes the user gives it.

    An alias that begins the full name is the place; what ends the name is the nickname. Schools
    are known by the place, clubs of the big leagues by the nickname; in soccer, where clubs share
    both (`Manchester`, `City`), and among players neither is enough.
    """
    name = name_key(team.name, league)
    more = frozenset({name_key(one, league) for one in added} | {one.lower() for one in added})
    if is_of_athletes(league):
        return _athlete_keys(league, name, team, more - {""})
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
        own |= variants(alias, league)
    if is_college(league):
        own |= _names_of_school(name, places, own - {name})
    return TeamKeys(
        league=league,
        name=name,
        words=frozenset(words),
        own=frozenset(own - {""}),
        parts=frozenset(parts - own),
        codes=venue_codes(league, team.code) if name else frozenset(),
        code=name_key(team.code, league),
        added=more - {""},
    )


def grade_name(keys: TeamKeys, name: str) -> Grade:
    """Return how well the words `name` (of a title, an outcome, a team) mean this team.

    A name that is known to be another team's (`Inter Milan` to Milan), or another country's
    (`Guinea-Bissau` to Guinea), is no subset.
    """
    key = name_key(name, keys.league)
    if not key or not keys.name:
        return Grade.NONE
    if key == keys.name:
        return Grade.NAME
    if key in keys.added:
        return Grade.ALIAS
    if is_of_athletes(keys.league):
        return _grade_athlete(keys, athlete_words(name))
    if key in keys.own or canonical(key, keys.league) in keys.own:
        return Grade.ALIAS
    if key == keys.code or key in keys.codes:
        return Grade.CODE
    if key in keys.parts:
        return Grade.PART
    if is_of_nations(keys.league) or is_listed(key, keys.league):
        return Grade.NONE
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
    if listed.code and listed.code.lower() in keys.added:
        found.append(Evidence(Grade.ALIAS, listed.code))
    elif listed.code and listed.code.lower() in keys.codes:
        found.append(Evidence(Grade.CODE, listed.code))
    return max(found, key=lambda evidence: evidence.grade, default=None)


def _names_of_school(name: str, places: set[str], own: set[str]) -> set[str]:
    """Return the names of a school with directions cut short, and all with its nickname.

    `Connecticut Huskies` and `SC State Bulldogs` are so known, where the full names are `UConn
    Huskies` and `South Carolina State Bulldogs`.
    """
    schools = own | {short_direction(one) for one in own}
    nickname = name.removeprefix(max(places, key=len, default=name))
    return schools | {f"{one}{nickname}" for one in schools}


def _athlete_keys(league: League, name: str, team: Team, added: frozenset[str]) -> TeamKeys:
    """Return the keys of an athlete; of the aliases, those that are no more than a part go."""
    names = {name}
    for alias in team.aliases:
        spelled = athlete_words(alias)
        if len(spelled) > 1 and min(len(word) for word in spelled) > 1:
            names.add(" ".join(spelled))
    own = frozenset(key for one in names for key in variants(one, league) if key)
    words = frozenset(name.split())
    return TeamKeys(league, name, words, own, frozenset(), frozenset(), "", added)


def _grade_athlete(keys: TeamKeys, label: tuple[str, ...]) -> Grade:
    """Return the best grade of `label` by the athlete's name, or by another name as an alias."""
    best = grade_athlete(tuple(keys.name.split()), label)
    for name in keys.own - {keys.name}:
        best = max(best, min(grade_athlete(tuple(name.split()), label), Grade.ALIAS))
    return best


def _is_subset(keys: TeamKeys, words: frozenset[str]) -> bool:
    """Tell whether one name has all words of the other, and neither marks another team.

    A school's name may be shortened and never lengthened, which would make another school of it.
    """
    if marks(words) != marks(keys.words):
        return False
    return words <= keys.words or (keys.words < words and not is_college(keys.league))
