"""How ESPN says where a game of teams is: status, clock and the texts that go with them.

Nobody published a body of a cancelled or suspended game, of the break in extra time or of a
running shootout: their numbers and texts are assumed, their names reported.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fusion.leagues import League
from simulator.listing import EASTERN
from simulator.plan import NO_RESULT, Moment

TYPES = {
    "scheduled": ("1", "STATUS_SCHEDULED", "pre", False, "Scheduled"),
    "in_progress": ("2", "STATUS_IN_PROGRESS", "in", False, "In Progress"),
    "final": ("3", "STATUS_FINAL", "post", True, "Final"),
    "canceled": ("5", "STATUS_CANCELED", "post", False, "Canceled"),
    "postponed": ("6", "STATUS_POSTPONED", "post", False, "Postponed"),
    "delayed": ("7", "STATUS_DELAYED", "in", False, "Delayed"),
    "suspended": ("8", "STATUS_SUSPENDED", "post", False, "Suspended"),
    "rain_delay": ("17", "STATUS_RAIN_DELAY", "in", False, "Rain Delay"),
    "end_period": ("22", "STATUS_END_PERIOD", "in", False, "End of Period"),
    "halftime": ("23", "STATUS_HALFTIME", "in", False, "Halftime"),
    "overtime": ("24", "STATUS_OVERTIME", "in", False, "Overtime"),
    "first_half": ("25", "STATUS_FIRST_HALF", "in", False, "First Half"),
    "second_half": ("26", "STATUS_SECOND_HALF", "in", False, "Second Half"),
    "full_time": ("28", "STATUS_FULL_TIME", "post", True, "Full Time"),
    "halftime_et": ("44", "STATUS_HALFTIME_ET", "in", False, "Extra Time Halftime"),
    "final_aet": ("45", "STATUS_FINAL_AET", "post", True, "Final Score - After Extra Time"),
    "shootout": ("46", "STATUS_SHOOTOUT", "in", False, "Shootout"),
    "final_pen": ("47", "STATUS_FINAL_PEN", "post", True, "Final Score - After Penalties"),
    "end_of_regulation": ("53", "STATUS_END_OF_REGULATION", "in", False, "End of Regulation"),
}
"""Status to ESPN's id, name, state, completed and description."""

SOCCER_TEXTS = {
    "halftime": "HT",
    "end_of_regulation": "ET",
    "halftime_et": "ET HT",
    "shootout": "Pens",
    "full_time": "FT",
    "final_aet": "AET",
    "final_pen": "FT-Pens",
}
PERIOD_NAMES = {"basketball": "Quarter", "football": "Quarter", "hockey": "Period"}
Json = dict[str, Any]


def ordinal(number: int) -> str:
    """Return `1st`, `2nd`, `3rd`, `4th`, ..."""
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"


def status_json(league: League, moment: Moment, start: datetime) -> Json:
    """Return a status object, as it stands on the event and on the competition."""
    type_id, name, state, completed, description = TYPES[moment.status]
    detail, short = _details(league, moment, start)
    clock_s, period = _clock(league, moment)
    status: Json = {
        "clock": clock_s,
        "displayClock": display_clock(league, moment),
        "period": period,
        "type": {
            "id": type_id,
            "name": name,
            "state": state,
            "completed": completed,
            "description": description,
            "detail": detail,
            "shortDetail": short,
        },
    }
    if league.sport == "soccer" and not moment.period:
        del status["period"]
    return status


def _clock(league: League, moment: Moment) -> tuple[float, int]:
    if league.sport == "baseball" and moment.status == "scheduled":
        return 0, 1
    if league.sport == "football" and moment.status == "scheduled":
        return 900.0, 1
    return moment.clock_s, moment.period


def display_clock(league: League, moment: Moment) -> str:
    """Return the clock as ESPN prints it for a sport."""
    if league.sport == "baseball":
        return "0:00"
    if league.sport == "soccer":
        minute = int(moment.clock_s // 60)
        return (
            f"{minute}'+{moment.scene.stoppage_min}'" if moment.scene.stoppage_min else f"{minute}'"
        )
    if league.sport == "football" and moment.status == "scheduled":
        return "15:00"
    if league.key in ("nba", "wnba") and moment.clock_s < 60:
        return f"{moment.clock_s:.1f}"
    minutes, seconds = divmod(int(moment.clock_s), 60)
    return f"{minutes}:{seconds:02d}"


def _details(league: League, moment: Moment, start: datetime) -> tuple[str, str]:
    if moment.status == "scheduled":
        return _start_texts(league, start)
    if moment.status in NO_RESULT or moment.status == "delayed":
        text = TYPES[moment.status][4]
        return text, text
    if league.sport == "baseball":
        return _innings(moment)
    if league.sport == "soccer":
        text = SOCCER_TEXTS.get(moment.status) or display_clock(league, moment)
        return text, text
    if moment.over:
        text = f"Final{_extra(league, moment.period)}"
        return text, text
    if moment.status == "halftime":
        return "Halftime", "Halftime"
    where, short = _period_names(league, moment.period)
    if moment.clock_s == 0 and moment.text != "Shootout":
        return f"End of {where}", f"End of {short}"
    clock = display_clock(league, moment)
    return f"{clock} - {where}", f"{clock} - {short}"


def _period_names(league: League, period: int) -> tuple[str, str]:
    over = period - league.periods
    if over > 0:
        if league.sport == "hockey" and over == 2:
            return "Shootout", "SO"
        text = "OT" if over == 1 else f"{over}OT"
        return text, text
    name = "Half" if league.periods == 2 else PERIOD_NAMES[league.sport]
    return f"{ordinal(period)} {name}", ordinal(period)


def _extra(league: League, period: int) -> str:
    over = period - league.periods
    if over <= 0:
        return ""
    if league.sport == "hockey":
        return "/OT" if over == 1 else "/SO"
    return "/OT" if over == 1 else f"/{over}OT"


def _innings(moment: Moment) -> tuple[str, str]:
    inning = ordinal(moment.period)
    if moment.over:
        text = "Final" if moment.period == 9 else f"Final/{moment.period}"
        return text, text
    bottom = moment.scene.bottom
    if moment.scene.between_halves:
        detail, short = ("End", "End") if bottom else ("Middle", "Mid")
    else:
        detail, short = ("Bottom", "Bot") if bottom else ("Top", "Top")
    before = "Rain Delay, " if moment.status == "rain_delay" else ""
    return f"{before}{detail} {inning}", f"{short} {inning}"


def _start_texts(league: League, start: datetime) -> tuple[str, str]:
    local = start.astimezone(EASTERN)
    hour, zone = local.hour % 12 or 12, local.tzname()
    clock = f"{hour}:{local.minute:02d} {'PM' if local.hour >= 12 else 'AM'} {zone}"
    detail = f"{local:%a, %B} {ordinal_day(local.day)} at {clock}"
    if league.sport == "soccer":
        return detail, "Scheduled"
    return detail, f"{local.month}/{local.day} - {clock}"


def ordinal_day(day: int) -> str:
    """Return a day of the month as `1st`, `11th`, `22nd`."""
    return (
        f"{day}th" if 10 < day < 20 else f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"
    )
