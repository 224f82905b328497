"""Scoreboard documents in, game states and refusals out.

An event of a team sport gives exactly one game or one refusal; one of tennis or MMA is a
tournament or a card and gives a game a contest, and a refusal a reason (`tournaments`). A body
that is no board gives one refusal. Nothing here raises on any input.

Reasons of a body are listed in `board`. Reasons of an event: `event_wrong_shape`, `too_deep`,
`not_json`, `unsupported_layout` (tournaments and cards on the board of a team sport, golf, races,
cricket), `bad_id`, `no_competitors`, `bad_competitors`, `bad_team`, `bad_status`, `bad_score`,
`bad_time`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from connectors.espn.board import open_board, undecodable
from connectors.espn.header import game_id, other_sport, start_ns, unsupported
from connectors.espn.odds import pregame_odds
from connectors.espn.scalars import flag
from connectors.espn.schema import DECODE_ERRORS, Competition, Event, Status, optional, present
from connectors.espn.sides import Sides, find_sides, is_placeholder, score, team, winner
from connectors.espn.situation import read_situation
from connectors.espn.status import standing
from connectors.espn.tournaments import parse_tournament
from fusion.errors import Refusal, excerpt
from fusion.game import GameState
from fusion.leagues import TEAM_SPORTS, League

_event = msgspec.json.Decoder(Event).decode
_competition = msgspec.json.Decoder(Competition).decode
_status = msgspec.json.Decoder(Status)


class Scoreboard(msgspec.Struct, frozen=True):
    """What a body held. `readable` is false when it was no scoreboard at all."""

    games: tuple[GameState, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    readable: bool = True


def parse_scoreboard(payload: bytes, league: League) -> Scoreboard:
    """Return the games of a body, in its order, and the refusals.

    The body is a scoreboard, or a single event or competition of one.
    """
    events = open_board(payload)
    if isinstance(events, Refusal):
        return Scoreboard(refusals=(events,), readable=False)
    parsed = list(_parse_events(events, league))
    return Scoreboard(
        games=tuple(game for game in parsed if isinstance(game, GameState)),
        refusals=tuple(refusal for refusal in parsed if isinstance(refusal, Refusal)),
    )


def _parse_events(events: list[msgspec.Raw], league: League) -> Iterator[GameState | Refusal]:
    for event in events:
        if league.sport in TEAM_SPORTS:
            yield parse_event(event, league)
        else:
            yield from parse_tournament(event, league)


def parse_event(raw: msgspec.Raw, league: League) -> GameState | Refusal:
    """Return the game of one event of a team sport, or why it is none."""
    game = _read_event(raw, league)
    if isinstance(game, Refusal) and not game.excerpt:
        return msgspec.structs.replace(game, excerpt=excerpt(bytes(raw)))
    return game


def _read_event(raw: msgspec.Raw, league: League) -> GameState | Refusal:
    try:
        event = _event(raw)
        layout = _layout(event, league)
        if layout is not None:
            return layout
        contests = event.competitions or []
        competition = _competition(contests[0]) if contests else Competition()
    except DECODE_ERRORS as error:
        return undecodable(error, bytes(raw), "event_wrong_shape")
    if competition.status is None:
        competition.status = optional(event.status, _status)
    if any(present(side.athlete) or present(side.roster) for side in competition.competitors or []):
        return unsupported("its competitors are athletes, not teams")
    return _game(event, competition, league)


def _layout(event: Event, league: League) -> Refusal | None:
    if present(event.groupings):
        return unsupported("the event is a tournament with groupings")
    refused = other_sport(event.uid, league)
    if refused is not None:
        return refused
    if len(event.competitions or []) > 1:
        return unsupported("the event has several competitions")
    return None


def _game(event: Event, competition: Competition, league: League) -> GameState | Refusal:
    own_id = game_id(event.id, league)
    if isinstance(own_id, Refusal):
        return own_id
    sides = find_sides(competition.competitors)
    if isinstance(sides, Refusal):
        return sides
    start = start_ns(competition.date, competition.start_date, event.date)
    if isinstance(start, Refusal):
        return start
    return _state(own_id, start, competition, sides, league)


def _state(
    own_id: str, start: int, competition: Competition, sides: Sides, league: League
) -> GameState | Refusal:
    home, away = team(sides.home), team(sides.away)
    if isinstance(home, Refusal):
        return home
    if isinstance(away, Refusal):
        return away
    at = standing(competition.status, league)
    if isinstance(at, Refusal):
        return at
    home_score, away_score = score(sides.home.score, at), score(sides.away.score, at)
    if isinstance(home_score, Refusal):
        return home_score
    if isinstance(away_score, Refusal):
        return away_score
    situation, espn_home_win = read_situation(competition, at, sides.home, sides.away, league)
    undecided = is_placeholder(sides.home) or is_placeholder(sides.away)
    return GameState(
        game_id=own_id,
        league=league.key,
        start_ns=start,
        home=home,
        away=away,
        phase=at.phase,
        status=at.status,
        completed=at.completed,
        home_score=home_score,
        away_score=away_score,
        period=at.period,
        clock_s=at.clock_s,
        detail=at.detail,
        in_break=at.in_break,
        neutral_site=flag(competition.neutral_site) is True,
        start_known=flag(competition.time_valid) is not False and not undecided,
        winner=winner(sides, home_score, away_score, at, league),
        situation=situation,
        odds=pregame_odds(competition.odds, league),
        espn_home_win=espn_home_win,
    )
