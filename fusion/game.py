"""The state of a game as a scoreboard tells it, the same for every sport."""

from __future__ import annotations

from typing import Literal

import msgspec

Phase = Literal["pre", "in", "post"]
Selection = Literal["home", "away", "draw"]


class Team(msgspec.Struct, frozen=True):
    """A side of a game: a team, or the player or fighter who is one.

    `team_id` and `code` are ESPN's (athletes have no code); `aliases` are its other names.
    """

    team_id: str
    code: str
    name: str
    aliases: tuple[str, ...] = ()


class Odds(msgspec.Struct, frozen=True):
    """Pregame win probabilities with the bookmaker's margin removed; they sum to 1."""

    home: float
    away: float
    draw: float = 0.0
    provider: str = ""


class Situation(msgspec.Struct, frozen=True):
    """What else is known in play; None (or 0 of a count) where the feed does not say.

    `possession` is the side with the ball; `yards_to_goal` what the offense still has to go;
    `bases` a bit mask 1/2/4 of first, second, third; `bottom` whether the home side bats;
    `server` who serves in tennis.
    """

    possession: Literal["home", "away"] | None = None
    down: int | None = None
    distance: int | None = None
    yards_to_goal: int | None = None
    home_timeouts: int | None = None
    away_timeouts: int | None = None
    outs: int | None = None
    balls: int | None = None
    strikes: int | None = None
    bases: int | None = None
    bottom: bool | None = None
    between_halves: bool = False
    home_reds: int = 0
    away_reds: int = 0
    home_shootout: int | None = None
    away_shootout: int | None = None
    server: Literal["home", "away"] | None = None


class SetScore(msgspec.Struct, frozen=True):
    """The games of one set of a tennis match; `winner` is None while it is played.

    `home_tiebreak` and `away_tiebreak` are the points of its tie break, None without one.
    """

    home: int
    away: int
    home_tiebreak: int | None = None
    away_tiebreak: int | None = None
    winner: Literal["home", "away"] | None = None


class GameState(msgspec.Struct, frozen=True):
    """One game as of one poll.

    `status` is ESPN's status name in lower case without `STATUS_` (`in_progress`, `halftime`,
    `end_period`, `postponed`, ...). `completed` is true only when a result stands: a game that
    is `post` and not completed was postponed or cancelled. `clock_s` are seconds left in the
    period, or, in soccer, seconds played; None where the sport has no clock or the feed's clock
    means nothing (after the end, before the start). `in_break` marks intermissions.

    In tennis the scores are the sets won, `period` is the number of the set, `sets` holds the
    games and `best_of` the sets a match may have; in MMA `period` is the round, `clock_s` the
    number as shown, whose direction is not known, and `best_of` the rounds of the bout. `card` is
    the tournament or the fight card that the match is part of.
    """

    game_id: str
    league: str
    start_ns: int
    home: Team
    away: Team
    phase: Phase
    status: str
    completed: bool
    home_score: int
    away_score: int
    period: int
    clock_s: float | None
    detail: str = ""
    in_break: bool = False
    neutral_site: bool = False
    start_known: bool = True
    winner: Selection | None = None
    situation: Situation = Situation()
    odds: Odds | None = None
    espn_home_win: float | None = None
    sets: tuple[SetScore, ...] = ()
    best_of: int = 0
    card: str = ""
