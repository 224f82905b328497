"""A bout of a fight card as a game: round, clock, winner.

There is no score: what `linescores` have are the judges' totals after the end. Traps met:

- The order of a card is not the order of its bouts, and `date` is the start of the segment
  (prelims, main card), which all its bouts share.
- `winner` is false on both sides until the end; a card saved later has it of bouts that are `pre`.
  A draw and a no contest are completed and without a winner; the board does not tell which
  (25 of 1,716 finals, reported).
- The clock counts down in a round, is `-` between rounds and sometimes within one, and stands where
  it stood when a stoppage ends the fight; of a final it is the time elapsed (reported by recorders
  of three cards of 2026, not captured). It is read in play only.
- Walkouts (`STATUS_PRE_FIGHT`, `STATUS_FIGHTERS_WALKING`) are `in` with round 0 and clock `-`.
"""

from __future__ import annotations

import re

import msgspec

from connectors.espn.athletes import flagged_winner
from connectors.espn.scalars import number, text, whole
from connectors.espn.schema import Competition, Format, Status, optional
from connectors.espn.sides import Sides
from fusion.game import GameState
from fusion.leagues import League

_MAX_ROUNDS = 12
_SHOWN = re.compile(r"([0-9]{1,2}):([0-5][0-9])")

_format = msgspec.json.Decoder(Format)


def with_round(
    game: GameState, competition: Competition, sides: Sides, league: League
) -> GameState:
    """Return a bout with its clock, its scheduled rounds and its winner."""
    form = optional(competition.format, _format) or Format()
    rounds = whole(form.regulation.periods, 1, _MAX_ROUNDS) if form.regulation else None
    status = competition.status or Status()
    return msgspec.structs.replace(
        game,
        clock_s=_shown_s(status) if game.phase == "in" and game.period else None,
        winner=flagged_winner(sides) if game.completed else None,
        best_of=rounds or league.periods,
    )


def _shown_s(status: Status) -> float | None:
    """Return the clock viewers see, in seconds; the number counts only where there is no text."""
    words = text(status.display_clock)
    shown = _SHOWN.fullmatch(words)
    if shown is not None:
        return 60.0 * float(shown[1]) + float(shown[2])
    clock = number(status.clock)
    return clock if not words and clock is not None and clock >= 0 else None
