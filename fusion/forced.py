"""What the user's overrides decide before anything is compared: forced pairs and refusals.

What an override names is taken out of the ordinary matching, whether the override could be used
or not: a game whose event is not listed yet takes no other event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec

from fusion.game import GameState, Team
from fusion.leagues import LEAGUES, League
from fusion.listed_games import ListedGame, event_league, listed_game
from fusion.listing import ListedEvent, ListedTeam
from fusion.outcomes import Outcomes, Refused, Sides, three_way, two_way
from fusion.overrides import ForcedMatch, Overrides, Veto
from fusion.roster import Roster
from fusion.same_team import team_keys
from fusion.slate import SlateGame, Unmatched

BuildGame = Callable[[GameState, ListedEvent, League, Outcomes, str], SlateGame]


class Forced(msgspec.Struct, frozen=True):
    """What came of the overrides, and the games and events left for the ordinary matching."""

    results: tuple[SlateGame | Unmatched, ...]
    games: tuple[GameState, ...]
    events: tuple[ListedEvent, ...]


def forced(
    overrides: Overrides,
    games: Iterable[GameState],
    events: Iterable[ListedEvent],
    build: BuildGame,
) -> Forced:
    """Return what `overrides` make of `games` and `events`; `build` makes a slate game."""
    games, events = tuple(games), tuple(events)
    by_id = {game.game_id: game for game in games}
    by_slug = {event.slug: event for event in events}
    results = [_match(one, overrides, by_id, by_slug, build) for one in overrides.match]
    for veto in overrides.refuse:
        results.extend(_refuse(veto, by_id, by_slug))
    alone = [one for one in overrides.refuse if not (one.game_id and one.event_slug)]
    decided = {one.game_id for one in overrides.match} | {one.game_id for one in alone}
    slugs = {one.event_slug for one in overrides.match} | {one.event_slug for one in alone}
    return Forced(
        tuple(results),
        tuple(game for game in games if game.game_id not in decided),
        tuple(event for event in events if event.slug not in slugs),
    )


def _match(
    one: ForcedMatch,
    overrides: Overrides,
    games: Mapping[str, GameState],
    events: Mapping[str, ListedEvent],
    build: BuildGame,
) -> SlateGame | Unmatched:
    game, event = games.get(one.game_id), events.get(one.event_slug)
    key = one.game_id.partition(":")[0]
    league = LEAGUES.get(key if game is None else game.league)
    if game is None or event is None or league is None:
        absent = [
            what
            for what, there in (("game", game), ("event", event), ("league", league))
            if there is None
        ]
        return _unused(key, one.game_id, one.event_slug, f"no such {' and no such '.join(absent)}")
    sides = _labelled(one, league) if one.home else _named(overrides, game, event, league)
    found = (three_way if league.three_way else two_way)(event, sides)
    if isinstance(found, Refused):
        return Unmatched(league.key, one.game_id, one.event_slug, found.reason, found.detail)
    by = "the labels given" if one.home else "name"
    return build(game, event, league, found, f"override, outcomes by {by}")


def _labelled(one: ForcedMatch, league: League) -> Sides:
    """Return sides that mean no more than the labels: the names of the game may contradict."""
    return Sides(
        team_keys(league, Team("", "", one.home)),
        team_keys(league, Team("", "", one.away)),
        ListedTeam(one.home),
        ListedTeam(one.away),
    )


def _named(overrides: Overrides, game: GameState, event: ListedEvent, league: League) -> Sides:
    added = [names for names in overrides.team if names.league == league.key]
    roster = Roster(league, [game], added)
    listed = listed_game(event)
    if isinstance(listed, ListedGame) and (paired := roster.pair(game, listed.teams)) is not None:
        return paired.sides
    unknown = ListedTeam("")
    return Sides(roster.keys_of(game.home), roster.keys_of(game.away), unknown, unknown)


def _refuse(
    veto: Veto, games: Mapping[str, GameState], events: Mapping[str, ListedEvent]
) -> Iterable[Unmatched]:
    game, event = games.get(veto.game_id), events.get(veto.event_slug)
    key = veto.game_id.partition(":")[0]
    if (veto.game_id and game is None) or (veto.event_slug and event is None):
        yield _unused(key, veto.game_id, veto.event_slug, "nothing of that name is in the slate")
    elif game is not None and event is None:
        yield Unmatched(game.league, game.game_id, "", "override_refused", "the user refuses it")
    elif event is not None and game is None:
        league = event_league(event)
        key = league.key if league else ""
        yield Unmatched(key, "", event.slug, "override_refused", "the user refuses it")


def _unused(league_key: str, game_id: str, slug: str, detail: str) -> Unmatched:
    return Unmatched(league_key, game_id, slug, "override_unused", detail)
