"""How ESPN says where a game is: status, clock and the texts that go with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fusion.leagues import League
from simulator.listing import EASTERN
from simulator.plan import Moment

TYPES = {
    "scheduled": ("1", "STATUS_SCHEDULED", "pre", False, "Scheduled"),
    "in_progress": ("2", "STATUS_IN_PROGRESS", "in", False, "In Progress"),
    "final": ("3", "STATUS_FINAL", "post", True, "Final"),
    "end_period": ("22", "STATUS_END_PERIOD", "in", False, "End of Period"),
    "halftime": ("23", "STATUS_HALFTIME", "in", False, "Halftime"),
    "first_half": ("25", "STATUS_FIRST_HALF", "in", False, "First Half"),
    "second_half": ("26", "STATUS_SECOND_HALF", "in", False, "Second Half"),
    "full_time": ("28", "STATUS_FULL_TIME", "post", True, "Full Time"),
}
"""Status to ESPN's id, name, state, completed and description."""

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
    if league.sport == "soccer" and moment.status == "scheduled":
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
    if league.sport == "baseball":
        return _innings(moment)
    if league.sport == "soccer":
        text = {"full_time": "FT", "halftime": "HT"}.get(moment.status)
        text = text or display_clock(league, moment)
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
        return (f"End {inning}",) * 2 if bottom else (f"Middle {inning}", f"Mid {inning}")
    return (f"Bottom {inning}", f"Bot {inning}") if bottom else (f"Top {inning}",) * 2


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
