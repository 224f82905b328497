"""Scoreboard documents in, game states and refusals out.

Every event of a readable board gives exactly one game or one refusal; a body that is no board
gives one refusal. Nothing here raises on any input.

Reasons of a body are listed in `board`. Reasons of an event: `event_wrong_shape`, `too_deep`,
`not_json`, `unsupported_layout` (tennis tournaments, fight cards, golf, races, cricket),
`bad_id`, `no_competitors`, `bad_competitors`, `bad_team`, `bad_status`, `bad_score`, `bad_time`.
"""

from __future__ import annotations

import re

import msgspec

from connectors.espn.board import open_board, undecodable
from connectors.espn.odds import pregame_odds
from connectors.espn.scalars import flag, text, time_ns
from connectors.espn.schema import DECODE_ERRORS, Competition, Event, Status, optional, present
from connectors.espn.sides import Sides, find_sides, is_placeholder, score, team, winner
from connectors.espn.situation import read_situation
from connectors.espn.status import standing
from fusion.errors import Refusal, excerpt
from fusion.game import GameState
from fusion.leagues import TEAM_SPORTS, League

SPORT_UIDS = {
    "basketball": "s:40",
    "football": "s:20",
    "hockey": "s:70",
    "baseball": "s:1",
    "soccer": "s:600",
}
"""How the `uid` of an event starts in each sport; cricket is s:200 and has teams too."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")

_event = msgspec.json.Decoder(Event).decode
_competition = msgspec.json.Decoder(Competition).decode
_status = msgspec.json.Decoder(Status)


class Scoreboard(msgspec.Struct, frozen=True):
    """What a body held. `readable` is false when it was no scoreboard at all."""

    games: tuple[GameState, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    readable: bool = True


def parse_scoreboard(payload: bytes, league: League) -> Scoreboard:
    """Return the games of a scoreboard (or single event) body, in its order, and the refusals."""
    events = open_board(payload)
    if isinstance(events, Refusal):
        return Scoreboard(refusals=(events,), readable=False)
    parsed = [parse_event(event, league) for event in events]
    return Scoreboard(
        games=tuple(game for game in parsed if isinstance(game, GameState)),
        refusals=tuple(refusal for refusal in parsed if isinstance(refusal, Refusal)),
    )


def parse_event(raw: msgspec.Raw, league: League) -> GameState | Refusal:
    """Return the game of one event document, or why it is none."""
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
        return _unsupported("its competitors are athletes, not teams")
    return _game(event, competition, league)


def _layout(event: Event, league: League) -> Refusal | None:
    if league.sport not in TEAM_SPORTS:
        return _unsupported(f"{league.key} is no team sport")
    if present(event.groupings):
        return _unsupported("the event is a tournament with groupings")
    sport = text(event.uid).partition("~")[0]
    if sport.startswith("s:") and sport != SPORT_UIDS[league.sport]:
        return _unsupported(f"{league.key} is {SPORT_UIDS[league.sport]}, the event is {sport}")
    if len(event.competitions or []) > 1:
        return _unsupported("the event has several competitions")
    return None


def _unsupported(detail: str) -> Refusal:
    return Refusal("unsupported_layout", detail)


def _game(event: Event, competition: Competition, league: League) -> GameState | Refusal:
    event_id = text(event.id)
    if not _ID.fullmatch(event_id):
        return Refusal("bad_id", f"an event id is letters and digits, was {event_id[:60]!r}")
    sides = find_sides(competition.competitors)
    if isinstance(sides, Refusal):
        return sides
    dates = (competition.date, competition.start_date, event.date)
    start_ns = next((ns for date in dates if (ns := time_ns(date)) is not None), None)
    if start_ns is None:
        shown = next((text(date) for date in dates if text(date)), "")
        return Refusal("bad_time", f"a start is ISO 8601 with its zone, was {shown[:40]!r}")
    return _state(f"{league.key}:{event_id}", start_ns, competition, sides, league)


def _state(
    game_id: str, start_ns: int, competition: Competition, sides: Sides, league: League
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
        game_id=game_id,
        league=league.key,
        start_ns=start_ns,
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
