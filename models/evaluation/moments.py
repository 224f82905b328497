"""What an archived row still tells of the moment it was priced at: how much was played, and when.

The same functions as the models' own say it, from a state that is put together again. Games with
a clock come out exactly. Of baseball the half inning is in the text of the scoreboard and the outs
are not kept, of tennis the games of the set are not: the middle stands for both, which is off by
two thirds of a half inning, one where the text is of something else, and by half a set at most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from fusion.game import GameState, SetScore, Situation, Team
from fusion.leagues import League, Sport
from models.calibration import played_share
from models.inputs import columns
from models.protocol import Columns, Floats, Prior
from models.training.state_table import Labels, phases
from models.training.tables_baseball import inning_phases
from models.training.tables_soccer import S_PER_MINUTE, minute_phases
from models.training.timed import timed_phases

AFTER_REGULATION = "after 90 minutes"

_NOBODY = Team("", "", "")
_ANY_PRIOR = Prior(home=0.5, draw=0.0, away=0.5, source="league")
_BREAKS = ("halftime", "end_")
_MIDDLE_OF_HALF = 1
_MIDDLE_OF_SET = SetScore(3, 2)
_SITUATIONS = {
    "top": Situation(bottom=False, outs=_MIDDLE_OF_HALF),
    "bot": Situation(bottom=True, outs=_MIDDLE_OF_HALF),
    "mid": Situation(bottom=True, between_halves=True),
    "end": Situation(bottom=False, between_halves=True),
}
_MIDDLE_OF_INNING = Situation(bottom=True, outs=0)


class Moment(NamedTuple):
    """What the archive keeps of the state of a game in play."""

    period: int | None
    clock_s: float | None
    status: str | None
    detail: str | None
    home_score: int | None
    away_score: int | None


class Seen(NamedTuple):
    """The share of the game that was played, from 0 to 1, and the part of the game, by row."""

    played: Floats
    phase: Labels


def seen(moments: Sequence[Moment], league: League) -> Seen:
    """Return where in the game the moments of one league were.

    The league's sport must be one that has prices.
    """
    states = [_state(moment, league) for moment in moments]
    made = columns(states, [_ANY_PRIOR] * len(states), league)
    played = played_share(made)
    if league.sport in _PHASES:
        return Seen(played, _in_order(_PHASES[league.sport](moments, made), played))
    return Seen(played, _in_order(timed_phases(dict(made), league), played))


def _state(moment: Moment, league: League) -> GameState:
    status = moment.status or ""
    return GameState(
        game_id="",
        league=league.key,
        start_ns=0,
        home=_NOBODY,
        away=_NOBODY,
        phase="in",
        status=status,
        completed=False,
        home_score=moment.home_score or 0,
        away_score=moment.away_score or 0,
        period=moment.period or 0,
        clock_s=moment.clock_s,
        in_break=status.startswith(_BREAKS),
        situation=_SITUATIONS.get((moment.detail or "")[:3].lower(), _MIDDLE_OF_INNING),
        sets=(_MIDDLE_OF_SET,),
    )


def _in_order(phase: Labels, played: Floats) -> Labels:
    """Return labels with their names in the order of time, those of no row last."""
    size = len(phase.names)
    count = np.bincount(phase.codes, minlength=size)
    share = np.bincount(phase.codes, weights=played, minlength=size) / np.maximum(count, 1)
    order = np.argsort(np.where(count > 0, share, np.inf), kind="stable")
    return Labels(np.argsort(order)[phase.codes], tuple(phase.names[at] for at in order))


def _soccer_phases(moments: Sequence[Moment], made: Columns) -> Labels:
    minute = np.array([(moment.clock_s or 0.0) / S_PER_MINUTE for moment in moments])
    return minute_phases(minute, [(AFTER_REGULATION, made["overtime"] > 0.0)])


def _baseball_phases(moments: Sequence[Moment], made: Columns) -> Labels:
    inning = np.array([float(moment.period or 0) for moment in moments])
    return inning_phases(inning, made["innings"])


def _tennis_phases(moments: Sequence[Moment], made: Columns) -> Labels:
    number = made["sets_home"] + made["sets_away"] + 1.0
    names = ("1st set", "2nd set", "3rd set", "4th set", "5th set")
    chosen = [(name, number == place) for place, name in enumerate(names, start=1)]
    return phases(chosen, len(moments))


_PHASES: dict[Sport, Callable[[Sequence[Moment], Columns], Labels]] = {
    "soccer": _soccer_phases,
    "baseball": _baseball_phases,
    "tennis": _tennis_phases,
}
