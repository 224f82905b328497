"""The results socket's frames, in the live shape of 2026, from the plan of an evening.

Scores and periods are those of the venue's listings; no frame of a league of the United States is
on record. Fights are never told of: none was ever recorded.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from fusion.game import SetScore
from simulator.gamma_score import period_text, score_text
from simulator.plan import GamePlan, Moment

Json = dict[str, Any]

STATUSES = ("InProgress", "inprogress", "running")
"""The venue's ways to write one thing."""

LATEST, EARLIEST = 8, 3
"""A game is told of after so many tenths of what the scoreboard needs for it."""

FOREIGN: tuple[Json, ...] = (
    {
        "gameId": 1_590_001,
        "leagueAbbreviation": "lol",
        "homeTeam": "Harbour Five",
        "awayTeam": "Night Shift",
        "status": "running",
        "score": "000-000|1-0|Bo3",
        "period": "2/3",
    },
    {
        "metadataGameId": "id2703000000000001",
        "leagueAbbreviation": "cricket",
        "score": "88-131",
        "period": "Live",
    },
    {
        "gameId": 6_360_001,
        "leagueAbbreviation": "wta challenger",
        "homeTeam": "Ana Example",
        "awayTeam": "Bea Example",
        "status": "inprogress",
        "score": "0-0",
        "period": "S2",
    },
)
"""Updates of games that nobody here plays, told to everybody all the same."""

_encode = msgspec.json.Encoder().encode


def is_told(game: GamePlan) -> bool:
    """Tell whether the socket tells of a game at all."""
    return game.league.sport != "mma"


def told_delay_ms(game: GamePlan) -> int:
    """Return how far the socket lags the game in virtual time, less than the scoreboard does."""
    tenths = EARLIEST + game.venue_id % (LATEST - EARLIEST + 1)
    return game.delay_ms * tenths // 10


def update_frame(game: GamePlan, moment: Moment, number: int, now_ms: int) -> str:
    """Return the `number`-th update of a game in the state of a moment.

    `now_ms` is the real time. The state is nested once more in every third frame. A frame that
    ends a game has no status and a time.
    """
    score, period = standing(game, moment)
    state: Json = {"score": score}
    if moment.live and (elapsed := _elapsed(game, moment)):
        state["elapsed"] = elapsed
    state |= {"period": period, "live": moment.live, "ended": moment.over}
    players = game.league.sport in ("soccer", "tennis")
    home, away = (
        team.venue_name if players else team.code.upper() for team in (game.home, game.away)
    )
    update: Json = {
        "gameId": game.venue_id,
        "leagueAbbreviation": game.league.polymarket,
        "homeTeam": home,
        "awayTeam": away,
    }
    if moment.live:
        update["status"] = STATUSES[(game.venue_id + number) % len(STATUSES)]
    if moment.live and number % 3 == 0:
        made = {"createdAt": _time(now_ms), "updatedAt": _time(now_ms)}
        update["eventState"] = {"type": game.league.sport} | made | state
    update |= state
    if moment.over:
        update["finishedTimestamp"] = _time(now_ms)
    return _encode(update).decode()


def foreign_frame(number: int) -> str:
    """Return the `number`-th update of a game that is none of ours."""
    update = FOREIGN[number % len(FOREIGN)] | {"live": True, "ended": False}
    return _encode(update).decode()


def wrong(game: GamePlan, moment: Moment, points: int) -> Moment:
    """Return a moment in which the side that is written first has so many points too many.

    In tennis so many sets are turned round, for a set too many would not fit its period.
    """
    if game.league.sport == "tennis":
        sets = moment.scene.sets
        turned = (*map(_turned, sets[:points]), *sets[points:])
        return replace(moment, scene=replace(moment.scene, sets=turned))
    if game.league.ordering == "home":
        return replace(moment, home=moment.home + points)
    return replace(moment, away=moment.away + points)


def standing(game: GamePlan, moment: Moment) -> tuple[str, str]:
    """Return the score and the period as they are told; what is over is over in all sports."""
    period = "FT" if moment.over else period_text(game.league, moment)
    return score_text(game.league, moment), period


def _turned(one: SetScore) -> SetScore:
    sides: dict[str | None, Literal["home", "away"]] = {"home": "away", "away": "home"}
    return SetScore(one.away, one.home, one.away_tiebreak, one.home_tiebreak, sides.get(one.winner))


def _elapsed(game: GamePlan, moment: Moment) -> str:
    """Return the clock: minutes played in soccer, time left elsewhere, nothing without a clock."""
    if game.league.sport == "soccer":
        return str(int(moment.clock_s // 60))
    if game.league.sport in ("tennis", "baseball"):
        return ""
    minutes, seconds = divmod(int(moment.clock_s), 60)
    return f"{minutes}:{seconds:02d}"


def _time(now_ms: int) -> str:
    """Return a time as the venue writes it, to the nanosecond."""
    moment = datetime.fromtimestamp(now_ms / 1000, tz=UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}123Z"
