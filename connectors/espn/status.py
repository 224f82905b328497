"""Where a game stands: phase, status name, period, break.

The rule of the feed is: the state first (`pre`, `in`, `post`), then `completed`, then the name.
New names appear without notice and fall back to the state; `is_known_status` tells them apart, so
that they can be counted. Traps met in real payloads:

- `STATUS_POSTPONED` and `STATUS_CANCELED` are `post` and not completed; a game that was
  re-dated keeps the name for weeks after its state went back to `pre`.
- Delays (`STATUS_DELAYED`, `STATUS_RAIN_DELAY`) are `in`: the game goes on.
- `pre` games carry period 1 and a full clock on game day (NFL), or always (MLB); others have
  period 0 or none at all (soccer). Before the start the period is 0 here.
- An NHL intermission comes as `STATUS_END_PERIOD` or as `STATUS_IN_PROGRESS` with the detail
  `End of 1st Period`, both in the same poll.
- Cricket and golf have no `completed`; in team sports it has always been there.

Some names are reported by other clients of the feed and not captured: they are listed in every
spelling reported, with the meaning that the words have.
"""

from __future__ import annotations

import msgspec

from connectors.espn.clock import MAX_PERIOD, clock_s, is_untimed
from connectors.espn.scalars import flag, number, text, whole
from connectors.espn.schema import Status, StatusType
from fusion.errors import Refusal
from fusion.game import Phase
from fusion.leagues import League

_STATES: dict[str, Phase] = {"pre": "pre", "in": "in", "post": "post"}

AWARDED = frozenset({"forfeit", "walkover"})
"""Results that were given and not played: a level score does not make them a draw."""

_BEFORE = frozenset(
    {"scheduled", "rescheduled", "tbd", "pre_fight", "fighters_introduction", "fighters_walking"}
)
_RUNNING = frozenset(
    {"in_progress", "in_progress_2", "first_half", "second_half", "overtime", "extra_time"}
    | {"shootout", "penalty_shootout"}
)
_STOPPED = frozenset({"delay", "delayed", "rain_delay", "weather_delay", "pause", "suspended"})
_BREAKS = frozenset(
    {"halftime", "end_period", "end_of_period", "end_of_regulation", "halftime_et"}
    | {"end_of_extratime", "end_of_round", "end_of_fight"}
)
_FINISHED = AWARDED | {"final", "full_time", "final_aet", "final_pen", "retired"}
_NO_RESULT = frozenset({"postponed", "canceled", "cancelled", "suspended", "abandoned"})
_PERHAPS_A_RESULT = frozenset({"uncontested", "no_contest"})
"""Over, and only the flag tells whether a result stands."""

# Later sets win: a game that is suspended without a state is not in play.
_PHASE_OF_NAME: dict[str, Phase] = {
    **dict.fromkeys(_BEFORE, "pre"),
    **dict.fromkeys(_RUNNING | _STOPPED | _BREAKS, "in"),
    **dict.fromkeys(_FINISHED | _NO_RESULT | _PERHAPS_A_RESULT, "post"),
}

KNOWN_STATUSES = frozenset(_PHASE_OF_NAME)
"""The names whose meaning is known, as `GameState.status` has them."""


class Standing(msgspec.Struct, frozen=True):
    """The status of a game in the terms of `fusion.game.GameState`."""

    phase: Phase
    status: str
    completed: bool
    period: int
    clock_s: float | None
    detail: str
    in_break: bool


def is_known_status(name: str) -> bool:
    """Tell whether `GameState.status` is a name whose meaning is known; a new one is news."""
    return name in KNOWN_STATUSES


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
    period it fell into was played out, which an overtime without a clock does not show.
    """
    if name in _BREAKS:
        return True
    if league.clock == "innings":
        return False
    if detail.lower().startswith(("end of ", "halftime")) or detail == "HT":
        return True
    if name not in _STOPPED and "delay" not in name:
        return False
    return league.clock == "down" and not is_untimed(status, league) and number(status.clock) == 0
