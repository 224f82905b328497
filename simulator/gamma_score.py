"""The score of a game as the market venue tells it, on its events and on its results socket."""

from __future__ import annotations

from typing import TypeVar

from fusion.game import SetScore
from fusion.leagues import League
from simulator.espn_status import ordinal
from simulator.plan import Moment

T = TypeVar("T")
SOCCER_PERIODS = {
    "halftime": "HT",
    "first_half": "1H",
    "second_half": "2H",
    "end_of_regulation": "ET",
    "overtime": "ET",
    "halftime_et": "ET",
    "shootout": "PEN",
}


def ordered(league: League, home: T, away: T) -> tuple[T, T]:
    """Return both sides in the order in which the venue writes them for a league."""
    return (home, away) if league.ordering == "home" else (away, home)


def score_text(league: League, moment: Moment) -> str:
    """Return `2-1`, the games of all sets as `6-7(3-7), 6-3` in tennis, nothing in a fight."""
    if league.sport == "mma":
        return ""
    if league.sport == "tennis":
        return ", ".join(_set_text(league, one) for one in moment.scene.sets) or "0-0"
    return "-".join(map(str, ordered(league, moment.home, moment.away)))


def _set_text(league: League, one: SetScore) -> str:
    games = "{}-{}".format(*ordered(league, one.home, one.away))
    if one.home_tiebreak is None or one.away_tiebreak is None:
        return games
    return games + "({}-{})".format(*ordered(league, one.home_tiebreak, one.away_tiebreak))


def period_text(league: League, moment: Moment) -> str:
    """Return the period in the venue's letters: `Q4`, `2H`, `P1`, `Top 3rd`, `S2`, `R1`, `VFT`."""
    if moment.over:
        return "VFT"
    if league.sport == "soccer":
        return SOCCER_PERIODS.get(moment.status, f"{moment.period}H")
    if league.sport == "baseball":
        return f"{'Bot' if moment.scene.bottom else 'Top'} {ordinal(moment.period)}"
    if league.periods < moment.period and league.clock == "down":
        return "OT"
    letter = {"hockey": "P", "tennis": "S", "mma": "R"}.get(league.sport, "Q")
    return f"{moment.period}H" if league.periods == 2 else f"{letter}{moment.period}"
