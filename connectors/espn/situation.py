"""What else is known in play: ball, downs, count, cards, shootout, ESPN's own win probability.

The feed leaves values standing that no longer hold; those become None here. Traps met in real
payloads:

- Football, `yardLine` is absolute from the home goal line (the away side's own 10 is 90).
- Football, after scores and before kickoffs `down` is -1, or a stub such as 1st and 10 at line
  65 with the kicking side as `possession`; what is real has its text (`downDistanceText`).
- Football, at half-time the last down of the half stays, and at 15:00 of the third quarter it
  is still there. Timeouts may be those of the first half.
- Baseball, the half inning stands only in the status text (`Top 9th`, `Bot 5th`, `Mid 6th`,
  `End 3rd`, `Rain Delay, Top 3rd`, in the long form `Bottom` and `Middle`).
- Baseball, the count is that of the last pitch: three strikes or four balls are over, and
  between halves whatever stands there belongs to the half that ended.
- Soccer has no situation, or `{"$ref": ...}`; cards are in `details`.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from connectors.espn.scalars import flag, number, text, whole
from connectors.espn.schema import (
    Competition,
    Competitor,
    Detail,
    LastPlay,
    PlaySituation,
    StatusType,
    each,
    optional,
)
from connectors.espn.status import Standing
from fusion.game import Situation
from fusion.leagues import League

NOTHING = Situation()

_HALF = re.compile(r"\b(top|bottom|bot|middle|mid|end)\s+(?:of\s+)?(?:the\s+)?[0-9]", re.IGNORECASE)

_situation = msgspec.json.Decoder(PlaySituation)
_last_play = msgspec.json.Decoder(LastPlay)
_detail = msgspec.json.Decoder(Detail)


def read_situation(
    competition: Competition,
    standing: Standing,
    home: Competitor,
    away: Competitor,
    league: League,
) -> tuple[Situation, float | None]:
    """Return the situation, and ESPN's probability that home wins where the board carries it.

    Outside of play both are empty, save the cards and the shootout of a soccer match that is over.
    """
    if league.sport == "soccer" and standing.phase != "pre":
        return _soccer(competition, home, away), None
    if standing.phase != "in":
        return NOTHING, None
    play = optional(competition.situation, _situation) or PlaySituation()
    situation = NOTHING
    if league.sport == "football":
        situation = _football(play, standing, league, text(home.id), text(away.id))
    elif league.sport == "baseball":
        situation = _baseball(play, competition)
    return situation, _espn_home_win(play)


def _espn_home_win(play: PlaySituation) -> float | None:
    last = optional(play.last_play, _last_play)
    if last is None or last.probability is None:
        return None
    value = number(last.probability.home_win_percentage)
    return value if value is not None and 0 <= value <= 1 else None


def _football(
    play: PlaySituation, standing: Standing, league: League, home_id: str, away_id: str
) -> Situation:
    if standing.in_break and standing.period % 2 == 0:
        return NOTHING
    timeouts = Situation(
        home_timeouts=whole(play.home_timeouts, 0, 3),
        away_timeouts=whole(play.away_timeouts, 0, 3),
    )
    down = whole(play.down, 1, 4)
    if _before_kickoff(standing, league) or down is None or not text(play.down_distance_text):
        return timeouts
    possession = _side_of(text(play.possession), home_id, away_id)
    return msgspec.structs.replace(
        timeouts,
        possession=possession,
        down=down,
        distance=whole(play.distance, 1, 99),
        yards_to_goal=_yards_to_goal(whole(play.yard_line, 1, 99), possession),
    )


def _before_kickoff(standing: Standing, league: League) -> bool:
    """Tell whether a half or overtime stands at its full clock; college overtime has no clock.

    In play-offs an overtime of the NFL is a full period.
    """
    full = {league.period_s}
    if standing.period > league.periods:
        full.add(league.overtime_s)
    return standing.period % 2 == 1 and bool(standing.clock_s) and standing.clock_s in full


def _yards_to_goal(line: int | None, possession: Literal["home", "away"] | None) -> int | None:
    if line is None or possession is None:
        return None
    return 100 - line if possession == "home" else line


def _side_of(team_id: str, home_id: str, away_id: str) -> Literal["home", "away"] | None:
    if not team_id or home_id == away_id:
        return None
    if team_id == home_id:
        return "home"
    return "away" if team_id == away_id else None


def _baseball(play: PlaySituation, competition: Competition) -> Situation:
    """Between two halves `bottom` tells who bats next: home after `Mid`, away after `End`."""
    half = _half(competition)
    if half in ("mid", "end"):
        return Situation(
            outs=0, balls=0, strikes=0, bases=0, bottom=half == "mid", between_halves=True
        )
    balls = whole(play.balls, 0, 3)
    strikes = whole(play.strikes, 0, 2)
    over = balls is None or strikes is None
    return Situation(
        outs=whole(play.outs, 0, 3),
        balls=None if over else balls,
        strikes=None if over else strikes,
        bases=_bases(play),
        bottom=None if half is None else half == "bot",
    )


def _half(competition: Competition) -> str | None:
    """Return `top`, `mid`, `bot` or `end`, None where the text does not say."""
    kind = (competition.status and competition.status.type) or StatusType()
    for words in (kind.detail, kind.short_detail):
        found = _HALF.search(text(words))
        if found:
            return found[1].lower()[:3]
    return None


def _bases(play: PlaySituation) -> int | None:
    runners = [flag(on) for on in (play.on_first, play.on_second, play.on_third)]
    if None in runners:
        return None
    return sum(1 << base for base, runner in enumerate(runners) if runner)


def _soccer(competition: Competition, home: Competitor, away: Competitor) -> Situation:
    reds = {"home": 0, "away": 0}
    for detail in each(competition.details, _detail):
        team_id = text(detail.team.id) if detail.team else ""
        side = _side_of(team_id, text(home.id), text(away.id))
        if side and flag(detail.red_card):
            reds[side] += 1
    return Situation(
        home_reds=reds["home"],
        away_reds=reds["away"],
        home_shootout=whole(home.shootout_score, 0, 99),
        away_shootout=whole(away.shootout_score, 0, 99),
    )
