"""What the venue's results socket says of one game, and what that means in ESPN's sides.

The socket names no order. Elsewhere the venue writes the score in the order of the league's
slugs (`League.ordering`): home first in soccer and tennis, which the one soccer frame on record
does not contradict, away first in the leagues of the United States, of which no frame is on
record. There the order is taken to be unknown.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from fusion.game import Team
from fusion.leagues import LEAGUES, League
from fusion.same_team import TeamKeys, grade_name, team_keys
from fusion.score_witness import ToldScore
from fusion.slate import SlateGame

Pair = tuple[int, int]
"""Two numbers of a score, in the order of the wire."""

_SET = re.compile(r"S([1-9])", re.IGNORECASE)


class SportsUpdate(msgspec.Struct, frozen=True):
    """One update of the results socket, of any sport.

    `venue_game_id` is the venue's own number of the game (`SlateGame.venue_game_id`), or the
    other id that cricket has. `code` is its league (`nba`, `wta challenger`). `score` is as
    written and `pairs` its numbers where they can be read: one pair, in tennis one a set with the
    games of it; empty where the form is another (`000-000|2-0|Bo3`). `elapsed` and `status` are
    as written, `at_ms` Unix milliseconds.
    """

    venue_game_id: str
    code: str
    score: str
    pairs: tuple[Pair, ...]
    home_team: str = ""
    away_team: str = ""
    period: str = ""
    elapsed: str = ""
    status: str = ""
    live: bool = False
    ended: bool = False
    at_ms: int | None = None


def told_score(update: SportsUpdate, game: SlateGame) -> ToldScore:
    """Return what an update says of a game, in ESPN's home and away."""
    league = LEAGUES[game.league]
    score = _score(update, league)
    turned = _turned(update, game, league)
    first, second = score or (None, None)
    home, away = (second, first) if turned else (first, second)
    return ToldScore(
        home=home,
        away=away,
        period=update.period,
        live=update.live,
        ended=update.ended,
        ordered=turned is not None,
        venue_ms=update.at_ms,
    )


def _score(update: SportsUpdate, league: League) -> Pair | None:
    """Return the score as ESPN counts it; None where it cannot be told."""
    if league.sport == "tennis":
        return _sets_won(update)
    if league.sport == "mma" or len(update.pairs) != 1:
        return None
    return update.pairs[0]


def _sets_won(update: SportsUpdate) -> Pair | None:
    """Return the sets won by each side.

    A frame of the second set may write one set only (`"0-0"` in `S2`): nobody can tell from it
    how the first one ended.
    """
    number = _SET.fullmatch(update.period)
    complete = int(number[1]) == len(update.pairs) if number else update.ended
    if not complete or (update.ended and len(update.pairs) < 2):
        return None
    *played, last = update.pairs
    if any(first == second for first, second in played):
        return None
    won = [*played, last] if _is_won(last) else played
    firsts = sum(first > second for first, second in won)
    return firsts, len(won) - firsts


def _is_won(games: Pair) -> bool:
    """Tell whether a set is over: six games and two ahead, seven, or a long tie break."""
    most, least = max(games), min(games)
    return (most >= 6 and most - least >= 2) or (most == 7 and least == 6)


def _turned(update: SportsUpdate, game: SlateGame, league: League) -> bool | None:
    """Tell whether the wire's first number is that of ESPN's away; None where nobody can.

    The venue's home is not always ESPN's: players have none, nor do teams on neutral ground.
    """
    if league.ordering == "away":
        return None
    if not (update.home_team and update.away_team):
        return None if league.sport in {"tennis", "mma"} else False
    names = update.home_team, update.away_team
    home, away = ([_grade(side, name, game) for name in names] for side in ("home", "away"))
    straight, crossed = home[0] + away[1], home[1] + away[0]
    return None if straight == crossed else crossed > straight


def _grade(side: str, name: str, game: SlateGame) -> int:
    """Return how well a name means a side: its name at ESPN, or what its outcome is called."""
    own = [game.home if side == "home" else game.away]
    own += [outcome.outcome for outcome in game.outcomes if outcome.selection == side]
    return max(grade_name(_keys(game.league, each), name) for each in own)


@lru_cache(maxsize=4_096)
def _keys(league_key: str, name: str) -> TeamKeys:
    return team_keys(LEAGUES[league_key], Team("", "", name))
