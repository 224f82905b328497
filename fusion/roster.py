"""The sides of a league's games, and which of them two listed teams or athletes are.

The two sides are an unordered pair. Each listed side must mean its side better than the other,
and at least one of the two beyond doubt: a team plays one game at a time, so the other may then be
attested by less. Both codes are enough too, and so are both surnames of athletes, as long as no
other match has them (such a pair is `weak`). A name that plainly belongs to a third team of the
league, or a code that belongs to the opponent, takes the match back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from fusion.athletes import athlete_words, is_of_athletes, search_keys
from fusion.days import slate_day
from fusion.game import GameState, Team
from fusion.grades import Evidence, Grade
from fusion.leagues import League
from fusion.listing import ListedTeam
from fusion.names import is_college, name_key
from fusion.outcomes import Sides
from fusion.overrides import TeamNames
from fusion.same_team import TeamKeys, grade_name, same_team, team_keys
from fusion.team_facts import canonical

Teams = tuple[ListedTeam, ListedTeam]


class PairedTeams(msgspec.Struct, frozen=True):
    """The sides of a game as both know them, and how well each is attested."""

    sides: Sides
    home: Evidence
    away: Evidence

    @property
    def weak(self) -> bool:
        """Whether both sides are known by no more than a part of their names."""
        return max(self.home.grade, self.away.grade) < Grade.CODE


class Roster:
    """The sides of one league's games, found by any of their keys.

    `games` are its games, `added` the names that the user gives teams of this league, and
    `unused` those of no game.
    """

    def __init__(
        self, league: League, games: Iterable[GameState], added: Iterable[TeamNames] = ()
    ) -> None:
        self.league = league
        self.games = tuple(games)
        self.unused = list(added)
        self._added = tuple(self.unused)
        self._keys: dict[Team, TeamKeys] = {}
        self._games: dict[Team, list[GameState]] = {}
        self._by_key: dict[str, set[Team]] = {}
        self._owners: dict[str, set[str]] = {}
        self._evidence: dict[ListedTeam, Mapping[Team, Evidence]] = {}
        for game in self.games:
            for team in (game.home, game.away):
                self._games.setdefault(team, []).append(game)
                if team not in self._keys:
                    self._add(team)

    def keys_of(self, team: Team) -> TeamKeys:
        """Return the keys of a side of a game of the roster."""
        return self._keys[team]

    def games_of(self, teams: Teams) -> tuple[GameState, ...]:
        """Return every game in which one of `teams` may play, each once, in order of their ids."""
        found = {
            game.game_id: game
            for listed in teams
            for team in self._attested(listed)
            for game in self._games[team]
        }
        return tuple(found[game_id] for game_id in sorted(found))

    def pair(self, game: GameState, teams: Teams) -> PairedTeams | None:
        """Return the sides of `teams` in `game`, or None where they are not its two teams."""
        for first, second in (teams, teams[::-1]):
            home = self._attested(first).get(game.home)
            away = self._attested(second).get(game.away)
            if home is None or away is None:
                continue
            if self._grade(game.away, first) >= home.grade:
                continue
            if self._grade(game.home, second) >= away.grade:
                continue
            if not self._enough(home.grade, away.grade):
                continue
            if self._doubtful(game.home, game.away, first, home.grade):
                continue
            if self._doubtful(game.away, game.home, second, away.grade):
                continue
            sides = Sides(self._keys[game.home], self._keys[game.away], first, second)
            return PairedTeams(sides, home, away)
        return None

    def plays(self, game: GameState, teams: Teams) -> bool:
        """Tell whether one of `teams` plays in `game` beyond doubt."""
        return any(
            self._grade(side, listed) >= Grade.ALIAS
            for listed in teams
            for side in (game.home, game.away)
        )

    def is_lone_second(self, game: GameState) -> bool:
        """Tell whether `game` may be the second of a double-header whose first is not here.

        Only the day of it is known; an event of that day is as likely the first game's.
        """
        if self.league.sport != "baseball" or game.start_known:
            return False
        day = slate_day(game.start_ns)
        return not any(
            other.game_id != game.game_id
            and {other.home.team_id, other.away.team_id} == {game.home.team_id, game.away.team_id}
            and slate_day(other.start_ns) == day
            for other in self._games[game.home]
        )

    def _add(self, team: Team) -> None:
        keys = team_keys(self.league, team)
        if mine := [one for one in self._added if _means(one, keys)]:
            self.unused = [one for one in self.unused if one not in mine]
            more = tuple(name for one in mine for name in one.polymarket)
            keys = team_keys(self.league, team, more)
        self._keys[team] = keys
        for key in keys.own | keys.added:
            self._owners.setdefault(key, set()).add(keys.name)
        for key in keys.search:
            self._by_key.setdefault(key, set()).add(team)

    def _attested(self, listed: ListedTeam) -> Mapping[Team, Evidence]:
        """Return every team that `listed` may be, with the evidence."""
        found = self._evidence.get(listed)
        if found is None:
            keys = {listed.code.lower()}
            for name in (listed.name, listed.alias):
                key = name_key(name, self.league)
                keys |= {key, canonical(key, self.league), *key.split()}
                if is_of_athletes(self.league):
                    keys |= search_keys(athlete_words(name))
            teams = {team for key in keys for team in self._by_key.get(key, ())}
            found = self._evidence[listed] = {
                team: evidence
                for team in teams
                if (evidence := same_team(self._keys[team], listed)) is not None
            }
        return found

    def _grade(self, team: Team, listed: ListedTeam) -> Grade:
        evidence = self._attested(listed).get(team)
        return Grade.NONE if evidence is None else evidence.grade

    def _enough(self, one: Grade, other: Grade) -> bool:
        if max(one, other) >= Grade.ALIAS:
            return True
        if is_of_athletes(self.league):
            return min(one, other) >= Grade.PART
        return min(one, other) >= Grade.CODE and not is_college(self.league)

    def _doubtful(self, own: Team, other: Team, listed: ListedTeam, grade: Grade) -> bool:
        code = listed.code.lower()
        if code in self._keys[other].codes and code not in self._keys[own].codes:
            return True
        if grade >= Grade.ALIAS:
            return False
        for name in (listed.name, listed.alias):
            key = name_key(name, self.league)
            owners = self._owners.get(key) or self._owners.get(canonical(key, self.league))
            if owners and self._keys[own].name not in owners:
                return True
        return False


def _means(one: TeamNames, keys: TeamKeys) -> bool:
    """Tell whether the user speaks of this team: by a name of its own, or by ESPN's code."""
    is_code = bool(keys.code) and name_key(one.espn, keys.league) == keys.code
    return is_code or grade_name(keys, one.espn) >= Grade.ALIAS
