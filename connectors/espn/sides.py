"""The two sides of a game: who is home, what each is called, what each has scored.

Home and away are taken from `homeAway`, never from the order or from the event's name: neutral
sites say `VS`, tennis lists the sides in any order. `score` is a string in every team sport and
`"0"` before the start; line scores lag behind it and are not read. Placeholders of a bracket
(`RD16 W7`, `Round of 16 1 Winner`) are inactive teams, their team id changes when the side is
known while the event keeps its own.
"""

from __future__ import annotations

from typing import Any

import msgspec

from connectors.espn.scalars import flag, text, whole
from connectors.espn.schema import Competitor, TeamNames
from connectors.espn.status import AWARDED, Standing
from fusion.errors import Refusal
from fusion.game import Selection, Team
from fusion.leagues import League

MAX_SCORE = 999

_TIES = frozenset({"soccer", "football"})


class Sides(msgspec.Struct, frozen=True):
    """The competitors of a game by side."""

    home: Competitor
    away: Competitor


def find_sides(competitors: list[Competitor] | None) -> Sides | Refusal:
    """Return the two competitors by their `homeAway`.

    Refused as `no_competitors` where there are none, `bad_competitors` where they are not exactly
    one home and one away side.
    """
    if not competitors:
        return Refusal("no_competitors", "the competition names no competitors")
    by_side = {text(each.home_away).lower(): each for each in competitors}
    if len(competitors) != 2 or set(by_side) != {"home", "away"}:
        found = ", ".join(repr(text(each.home_away)) for each in competitors[:4])
        return Refusal(
            "bad_competitors", f"a game has one home and one away side, was {found or 'none'}"
        )
    return Sides(by_side["home"], by_side["away"])


def team(competitor: Competitor) -> Team | Refusal:
    """Return the team of a side; refused as `bad_team` where it has no id or no name.

    A soccer club's `location` and `name` are both its full name.
    """
    names = competitor.team or TeamNames()
    team_id = text(names.id) or text(competitor.id)
    location, nickname = text(names.location), text(names.name)
    full = location if location == nickname else f"{location} {nickname}".strip()
    name = text(names.display_name) or full or text(names.short_display_name)
    if not team_id or not name:
        return Refusal("bad_team", f"a team has an id and a name, was {team_id!r} and {name!r}")
    others = (text(names.short_display_name), location, nickname, full)
    aliases = dict.fromkeys(alias for alias in others if alias and alias != name)
    return Team(team_id, text(names.abbreviation) or name, name, tuple(aliases))


def is_placeholder(competitor: Competitor) -> bool:
    """Tell whether a side is not known yet."""
    names = competitor.team or TeamNames()
    return flag(names.is_active) is False or "TBD" in (
        text(names.abbreviation).upper(),
        text(names.display_name).upper(),
    )


def score(value: Any, standing: Standing) -> int | Refusal:
    """Return a score; a missing one is 0 where nothing was played, else refused as `bad_score`."""
    played = standing.completed and standing.status not in AWARDED
    if not played and standing.phase != "in" and (value is None or value == ""):
        return 0
    found = whole(value, 0, MAX_SCORE)
    if found is None:
        return Refusal("bad_score", f"a score is a whole number, was {text(value)[:40]!r}")
    return found


def winner(
    sides: Sides, home_score: int, away_score: int, standing: Standing, league: League
) -> Selection | None:
    """Return who won a completed game: by its flags, else by score, else by shootout.

    The flags come first because they know of forfeits and shootouts. A level score is a draw in
    soccer and football, unless the result was awarded; elsewhere it is a result that has not
    settled yet, and nobody won.
    """
    if not standing.completed:
        return None
    flags = (flag(sides.home.winner) is True, flag(sides.away.winner) is True)
    if flags[0] != flags[1]:
        return "home" if flags[0] else "away"
    home_kicks = whole(sides.home.shootout_score, 0, MAX_SCORE) or 0
    away_kicks = whole(sides.away.shootout_score, 0, MAX_SCORE) or 0
    home, away = (home_score, home_kicks), (away_score, away_kicks)
    if home == away:
        return "draw" if league.sport in _TIES and standing.status not in AWARDED else None
    return "home" if home > away else "away"
