"""The teams of a league's games, and which of them two listed teams are.

Teams are an unordered pair. Each listed team must mean its side better than the other side, and
at least one of the two beyond doubt (or both by the venue's code): a team plays one game at a
time, so the other may then be attested by less. A name that plainly belongs to a third team of
the league, or a code that belongs to the opponent, takes the match back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from fusion.game import GameState, Team
from fusion.leagues import League
from fusion.listing import ListedTeam
from fusion.names import is_college, name_key
from fusion.outcomes import Sides
from fusion.same_team import Evidence, Grade, TeamKeys, same_team, team_keys
from fusion.team_facts import canonical

Teams = tuple[ListedTeam, ListedTeam]


class PairedTeams(msgspec.Struct, frozen=True):
    """The sides of a game as both know them, and how well each is attested."""

    sides: Sides
    home: Evidence
    away: Evidence


class Roster:
    """The teams of one league's games, found by any of their keys."""

    def __init__(self, league: League, games: Iterable[GameState]) -> None:
        self.league = league
        self._keys: dict[Team, TeamKeys] = {}
        self._games: dict[Team, list[GameState]] = {}
        self._by_key: dict[str, set[Team]] = {}
        self._owners: dict[str, set[str]] = {}
        self._evidence: dict[ListedTeam, Mapping[Team, Evidence]] = {}
        for game in games:
            for team in (game.home, game.away):
                self._games.setdefault(team, []).append(game)
                if team not in self._keys:
                    self._add(team)

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

    def _add(self, team: Team) -> None:
        keys = self._keys[team] = team_keys(self.league, team)
        for key in keys.own:
            self._owners.setdefault(key, set()).add(keys.name)
        words = frozenset[str]() if is_college(self.league) else keys.words
        for key in keys.own | keys.parts | keys.codes | {keys.code} | words:
            self._by_key.setdefault(key, set()).add(team)

    def _attested(self, listed: ListedTeam) -> Mapping[Team, Evidence]:
        """Return every team that `listed` may be, with the evidence."""
        found = self._evidence.get(listed)
        if found is None:
            keys = {listed.code.lower()}
            for name in (listed.name, listed.alias):
                key = name_key(name, self.league)
                keys |= {key, canonical(key, self.league), *key.split()}
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
