"""Tournaments and fight cards: events of many contests, each a game of its own.

A tennis event is a tournament of weeks. Its matches are in `competitions` (2022) or, draw by draw,
in `groupings[].competitions` (since 2023). A UFC event is a card, its bouts are in `competitions`.
The status of such an event says nothing (a tournament is `STATUS_FINAL` with matches in play), so
only the contest's own status and dates are read.

A tournament has hundreds of contests that are no game of the league, and polls come every few
seconds. So its refusals are summed: one a reason and event, whose detail begins with the number of
contests it stands for. Reasons: `doubles_match`, `other_draw` (the other singles, or juniors),
`undecided_match` (neither side is known yet), `match_wrong_shape`, `bad_id`, `no_competitors`,
`bad_competitors`, `bad_athlete`, `bad_status`, `bad_time`; of the event as a whole `no_matches`,
`event_wrong_shape` and `unsupported_layout` (another sport).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from connectors.espn.athletes import athlete, find_athletes, is_undecided
from connectors.espn.board import undecodable
from connectors.espn.bouts import with_round
from connectors.espn.header import game_id, other_sport, start_ns
from connectors.espn.scalars import flag, text
from connectors.espn.schema import DECODE_ERRORS, Competition, Draw, Tournament
from connectors.espn.sides import Sides
from connectors.espn.status import standing
from connectors.espn.tennis import passed_over, with_sets
from fusion.errors import Refusal, excerpt
from fusion.game import GameState
from fusion.leagues import League

_tournament = msgspec.json.Decoder(Tournament).decode
_competition = msgspec.json.Decoder(Competition).decode


def parse_tournament(raw: msgspec.Raw, league: League) -> list[GameState | Refusal]:
    """Return the games of one event in its order, then the refusals, one a reason."""
    try:
        event = _tournament(raw)
    except DECODE_ERRORS as error:
        return [undecodable(error, bytes(raw), "event_wrong_shape")]
    refused = other_sport(event.uid, league)
    if refused is not None:
        return [_with_excerpt(refused, raw)]
    card = text(event.name) or text(event.short_name)
    contests = list(_contests(event))
    if not contests:
        return [
            Refusal("no_matches", f"{card or 'an event'} lists no contests", excerpt(bytes(raw)))
        ]
    read = [_read(contest, draw, card, league) for draw, contest in contests]
    games = [each for each in read if isinstance(each, GameState)]
    refusals = [each for each in read if isinstance(each, Refusal)]
    return [*games, *_summed(refusals, card, len(contests))]


def _contests(event: Tournament) -> Iterator[tuple[str, msgspec.Raw]]:
    """Yield every contest with the slug of its draw, empty where none is named."""
    for contest in event.competitions or []:
        yield "", contest
    for group in event.groupings or []:
        draw = text((group.grouping or Draw()).slug)
        for contest in group.competitions or []:
            yield draw, contest


def _summed(refusals: list[Refusal], card: str, total: int) -> Iterator[Refusal]:
    """Yield one refusal a reason, with the detail and the excerpt of the first of them."""
    by_reason: dict[str, list[Refusal]] = {}
    for refusal in refusals:
        by_reason.setdefault(refusal.reason, []).append(refusal)
    for reason, found in by_reason.items():
        of_all = f"{len(found)} of {total} in {card[:60] or 'an event without a name'}"
        yield Refusal(reason, f"{of_all}: {found[0].detail}", found[0].excerpt)


def _read(raw: msgspec.Raw, draw: str, card: str, league: League) -> GameState | Refusal:
    try:
        competition = _competition(raw)
    except DECODE_ERRORS as error:
        return undecodable(error, bytes(raw), "match_wrong_shape")
    game = _game(competition, draw, card, league)
    return _with_excerpt(game, raw) if isinstance(game, Refusal) else game


def _with_excerpt(refusal: Refusal, raw: msgspec.Raw) -> Refusal:
    return msgspec.structs.replace(refusal, excerpt=excerpt(bytes(raw)))


def _game(competition: Competition, draw: str, card: str, league: League) -> GameState | Refusal:
    refused = passed_over(competition, draw, league) if league.sport == "tennis" else None
    if refused is not None:
        return refused
    sides = _decided_sides(competition)
    if isinstance(sides, Refusal):
        return sides
    game = _contest(competition, sides, card, league)
    if isinstance(game, Refusal):
        return game
    complete = with_sets if league.sport == "tennis" else with_round
    return complete(game, competition, sides, league)


def _decided_sides(competition: Competition) -> Sides | Refusal:
    competitors = competition.competitors
    if not competitors:
        return Refusal("no_competitors", "the competition names no competitors")
    if all(is_undecided(side) for side in competitors):
        return Refusal("undecided_match", "neither side is known yet")
    return find_athletes(competitors)


def _contest(
    competition: Competition, sides: Sides, card: str, league: League
) -> GameState | Refusal:
    """Return what matches and bouts have in common; scores and winner are still to be read."""
    own_id = game_id(competition.id, league)
    if isinstance(own_id, Refusal):
        return own_id
    start = start_ns(competition.date, competition.start_date)
    if isinstance(start, Refusal):
        return start
    home, away = athlete(sides.home), athlete(sides.away)
    if isinstance(home, Refusal):
        return home
    if isinstance(away, Refusal):
        return away
    at = standing(competition.status, league)
    if isinstance(at, Refusal):
        return at
    undecided = is_undecided(sides.home) or is_undecided(sides.away)
    return GameState(
        game_id=own_id,
        league=league.key,
        start_ns=start,
        home=home,
        away=away,
        phase=at.phase,
        status=at.status,
        completed=at.completed,
        home_score=0,
        away_score=0,
        period=at.period,
        clock_s=None,
        detail=at.detail,
        in_break=at.in_break,
        neutral_site=flag(competition.neutral_site) is True,
        start_known=flag(competition.time_valid) is not False and not undecided,
        card=card,
    )
