"""A tennis match as a game: sets, games of each set, who serves.

The scores are sets won. `linescores` have the games of each set, but no points. Traps met:

- `winner` of a set is absent while it is played, and in the whole 2022 layout; of a set that a
  retirement broke off it is false on both sides. So a set without its flag has been won when the
  score says so, or when the next one has begun.
- `completed` is true after a retirement or walkover: the flag of the winner decides, not the sets.
- A match that is suspended for the night is `post` and not completed (reported; not captured):
  it goes on, and so stays `in`.
- The server is `possession` of a competitor (2023), or a link in `situation.server` (2022).
- `format` says 5 sets for women too; they play 3.
- Before the start the period is 1, with no line scores.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from connectors.espn.athletes import flagged_winner
from connectors.espn.scalars import flag, text, whole
from connectors.espn.schema import (
    Competition,
    Competitor,
    Draw,
    Format,
    LineScore,
    MatchSituation,
    optional,
    present,
)
from connectors.espn.sides import Sides
from fusion.errors import Refusal
from fusion.game import GameState, SetScore, Situation
from fusion.leagues import League

DRAWS = {"atp": "mens-singles", "wta": "womens-singles"}
"""The draw of each league; the boards of both list both draws of a tournament."""

_DRAW_OF_ID = {"1": "mens-singles", "2": "womens-singles"}
_INTERRUPTED = frozenset({"suspended", "delayed", "rain_delay"})
_WOMENS_SETS = 3
_MAX_GAMES = 99
_MAX_SETS = 5
_ATHLETE = re.compile(r"/athletes/([0-9]+)")

Winner = Literal["home", "away"] | None

_draw = msgspec.json.Decoder(Draw)
_format = msgspec.json.Decoder(Format)
_lines = msgspec.json.Decoder(list[LineScore])
_situation = msgspec.json.Decoder(MatchSituation)


def passed_over(competition: Competition, grouping: str, league: League) -> Refusal | None:
    """Return why a match has no place in `league`: doubles, or the other singles.

    `grouping` is the slug of the draw that lists it, empty where none does. A match of which
    nothing tells the draw belongs to the league that was asked for.
    """
    own = optional(competition.type, _draw) or Draw()
    draw = text(own.slug) or grouping or _DRAW_OF_ID.get(text(own.id), "")
    if "doubles" in draw or any(present(side.roster) for side in competition.competitors or []):
        return Refusal("doubles_match", f"{league.key} is singles, was {draw or 'a pair'}")
    if draw and league.key in DRAWS and draw != DRAWS[league.key]:
        return Refusal("other_draw", f"{league.key} is {DRAWS[league.key]}, was {draw}")
    return None


def with_sets(game: GameState, competition: Competition, sides: Sides, league: League) -> GameState:
    """Return a match with its sets, its server and its winner."""
    if game.phase == "post" and not game.completed and game.status in _INTERRUPTED:
        game = msgspec.structs.replace(game, phase="in")
    sets = () if game.phase == "pre" else _sets(sides, played_out=_is_played_out(game))
    won = [each.winner for each in sets]
    home, away = won.count("home"), won.count("away")
    return msgspec.structs.replace(
        game,
        home_score=home,
        away_score=away,
        period=max(game.period, len(sets)),
        clock_s=None,
        winner=_winner(game, sides, home, away),
        situation=Situation(server=_server(competition, sides) if game.phase == "in" else None),
        sets=sets,
        best_of=_best_of(competition, league),
    )


def _is_played_out(game: GameState) -> bool:
    """Tell whether a match ended on court; a retirement leaves its last set open."""
    return game.completed and game.status == "final"


def _winner(game: GameState, sides: Sides, home: int, away: int) -> Winner:
    if not game.completed:
        return None
    flagged = flagged_winner(sides)
    if flagged is not None or not _is_played_out(game) or home == away:
        return flagged
    return "home" if home > away else "away"


def _sets(sides: Sides, *, played_out: bool) -> tuple[SetScore, ...]:
    """Return the sets both sides have a number for, up to the first that cannot be read."""
    homes = optional(sides.home.linescores, _lines) or []
    aways = optional(sides.away.linescores, _lines) or []
    count = min(len(homes), len(aways), _MAX_SETS)
    sets = []
    for place, (home, away) in enumerate(zip(homes[:count], aways[:count], strict=True), start=1):
        home_games, away_games = whole(home.value, 0, _MAX_GAMES), whole(away.value, 0, _MAX_GAMES)
        if home_games is None or away_games is None:
            break
        flags = flag(home.winner) is True, flag(away.winner) is True
        sets.append(
            SetScore(
                home=home_games,
                away=away_games,
                home_tiebreak=whole(home.tiebreak, 0, _MAX_GAMES),
                away_tiebreak=whole(away.tiebreak, 0, _MAX_GAMES),
                winner=_set_winner(home_games, away_games, flags, over=played_out or place < count),
            )
        )
    return tuple(sets)


def _set_winner(home: int, away: int, flags: tuple[bool, bool], *, over: bool) -> Winner:
    if flags[0] != flags[1]:
        return "home" if flags[0] else "away"
    high, low = max(home, away), min(home, away)
    won = high >= 6 and (high - low >= 2 or (high, low) == (7, 6))
    if high == low or not (won or over):
        return None
    return "home" if home > away else "away"


def _server(competition: Competition, sides: Sides) -> Winner:
    flags = flag(sides.home.possession) is True, flag(sides.away.possession) is True
    if flags[0] != flags[1]:
        return "home" if flags[0] else "away"
    return _linked(competition, sides.home, sides.away)


def _linked(competition: Competition, home: Competitor, away: Competitor) -> Winner:
    situation = optional(competition.situation, _situation) or MatchSituation()
    if situation.server is None:
        return None
    link = _ATHLETE.search(text(situation.server.ref))
    server = text(situation.server.id) or (link[1] if link else "")
    home_id, away_id = text(home.id), text(away.id)
    if server not in {home_id, away_id} or home_id == away_id:
        return None
    return "home" if server == home_id else "away"


def _best_of(competition: Competition, league: League) -> int:
    """Return how many sets a match may have; men play 5 where the format says so."""
    if league.key == "wta":
        return _WOMENS_SETS
    form = optional(competition.format, _format) or Format()
    periods = whole(form.regulation.periods, 3, 5) if form.regulation else None
    return periods if periods in {3, 5} else league.periods
