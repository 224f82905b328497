"""Where a game stands: phase, status name, period, break.

The rule of the feed is: the state first (`pre`, `in`, `post`), then `completed`, then the name.
New names appear without notice and fall back to the state. Traps met in real payloads:

- `STATUS_POSTPONED` and `STATUS_CANCELED` are `post` and not completed; a game that was
  re-dated keeps the name for weeks after its state went back to `pre`.
- Delays (`STATUS_DELAYED`, `STATUS_RAIN_DELAY`) are `in`: the game goes on.
- `pre` games carry period 1 and a full clock on game day (NFL), or always (MLB); others have
  period 0 or none at all (soccer). Before the start the period is 0 here.
- An NHL intermission comes as `STATUS_END_PERIOD` or as `STATUS_IN_PROGRESS` with the detail
  `End of 1st Period`, both in the same poll.
- Cricket and golf have no `completed`; in team sports it has always been there.
"""

from __future__ import annotations

import msgspec

from connectors.espn.clock import clock_s
from connectors.espn.scalars import flag, number, text, whole
from connectors.espn.schema import Status, StatusType
from fusion.errors import Refusal
from fusion.game import Phase
from fusion.leagues import League

MAX_PERIOD = 99

_STATES: dict[str, Phase] = {"pre": "pre", "in": "in", "post": "post"}

_FINISHED = frozenset({"final", "full_time", "final_aet", "final_pen", "forfeit"})
_NO_RESULT = frozenset({"postponed", "canceled", "cancelled", "suspended", "abandoned"})
_BREAKS = frozenset(
    {"halftime", "end_period", "end_of_regulation", "halftime_et", "end_of_extratime"}
)
_RUNNING = frozenset(
    {"in_progress", "first_half", "second_half", "overtime", "delayed", "rain_delay"}
)

_PHASE_OF_NAME: dict[str, Phase] = {
    "scheduled": "pre",
    **dict.fromkeys(_RUNNING | _BREAKS, "in"),
    **dict.fromkeys(_FINISHED | _NO_RESULT, "post"),
}


class Standing(msgspec.Struct, frozen=True):
    """The status of a game in the terms of `fusion.game.GameState`."""

    phase: Phase
    status: str
    completed: bool
    period: int
    clock_s: float | None
    detail: str
    in_break: bool


def standing(status: Status | None, league: League) -> Standing | Refusal:
    """Return where a game stands; refused as `bad_status` when not even a phase can be told."""
    status = status or Status()
    kind = status.type or StatusType()
    name = text(kind.name).lower().removeprefix("status_")
    phase = _phase(kind, name)
    if phase is None:
        return Refusal(
            "bad_status",
            f"neither state nor name tell the phase, were {text(kind.state)!r} and {name!r}",
        )
    detail = text(kind.detail) or text(kind.short_detail) or text(kind.description)
    in_break = phase == "in" and _is_break(name, detail, status, league)
    return Standing(
        phase=phase,
        status=name or phase,
        completed=phase == "post" and _has_result(kind, name),
        period=0 if phase == "pre" else whole(status.period, 0, MAX_PERIOD) or 0,
        clock_s=clock_s(status, league, in_break=in_break) if phase == "in" else None,
        detail=detail,
        in_break=in_break,
    )


def _phase(kind: StatusType, name: str) -> Phase | None:
    phase = _STATES.get(text(kind.state).lower())
    if phase is not None:
        return phase
    return "post" if flag(kind.completed) else _PHASE_OF_NAME.get(name)


def _has_result(kind: StatusType, name: str) -> bool:
    """Tell whether a result stands; a name that says there is none outweighs the flag."""
    if name in _NO_RESULT:
        return False
    completed = flag(kind.completed)
    return name in _FINISHED if completed is None else completed


def _is_break(name: str, detail: str, status: Status, league: League) -> bool:
    """Tell whether play rests between two periods; a stopped clock within one is no break.

    Half innings have their own mark in the situation. A delay counts as a break only when the
    period it fell into was played out.
    """
    if name in _BREAKS:
        return True
    if league.clock == "innings":
        return False
    if detail.lower().startswith(("end of ", "halftime")) or detail == "HT":
        return True
    return league.clock == "down" and "delay" in name and number(status.clock) == 0
