"""The two sides of a match or bout: athletes, who has which side, what each is called.

ESPN gives no side in the 2022 tennis layout and in MMA, and where it does the two may both be
`away` (placeholders), or stand in any order. So a side is, in this order of trust: `homeAway` where
it names one home and one away side, `order` where it is 1 (home) and 2 (away), and else the id.
None of these depends on the order of the document, so that two polls of a match agree.

A side that is not known yet is called `TBD` and has an id that no athlete has: negative, or the
largest 32-bit number (2022). An athlete who meets himself is a mistake of the feed.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from connectors.espn.scalars import flag, text, whole
from connectors.espn.schema import AthleteNames, Competitor, optional
from connectors.espn.sides import Sides
from fusion.errors import Refusal
from fusion.game import Team

_NOBODY = frozenset({"0", "2147483647"})
_UNKNOWN = frozenset({"TBD", "TBA"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
_SHORT = re.compile(r"[^\W\d_]\.\s*(.+)")

_names = msgspec.json.Decoder(AthleteNames)


def find_athletes(competitors: list[Competitor]) -> Sides | Refusal:
    """Return the two competitors by side; refused as `bad_competitors` where they are not two."""
    if len(competitors) != 2:
        return Refusal("bad_competitors", f"a match has two sides, was {len(competitors)}")
    first, second = sorted(competitors, key=lambda each: text(each.id))
    if text(first.id) == text(second.id) and not is_undecided(first):
        return Refusal(
            "bad_competitors", f"two sides are two athletes, was {text(first.id)!r} twice"
        )
    for places in (
        (text(first.home_away).lower(), text(second.home_away).lower()),
        (_by_order(first), _by_order(second)),
    ):
        if places == ("home", "away"):
            return Sides(first, second)
        if places == ("away", "home"):
            return Sides(second, first)
    return Sides(first, second)


def athlete(competitor: Competitor) -> Team | Refusal:
    """Return the athlete of a side as a team; refused as `bad_athlete` without id or name.

    The aliases are what else he is called: in full, with an initial, by surname, by the last word
    of the name (`Noma Noha Akugue` is `N. Noha Akugue`, `Noha Akugue` and `Akugue`).
    """
    found = optional(competitor.athlete, _names) or AthleteNames()
    team_id = text(competitor.id)
    name = _spaced(found.display_name) or _spaced(found.full_name) or _spaced(found.short_name)
    if not team_id or not name:
        return Refusal(
            "bad_athlete", f"an athlete has an id and a name, was {team_id!r} and {name!r}"
        )
    short = _spaced(found.short_name)
    others = (_spaced(found.full_name), short, *_surnames(name, short))
    aliases = dict.fromkeys(other for other in others if other and other != name)
    return Team(team_id, "", name, tuple(aliases))


def is_undecided(competitor: Competitor) -> bool:
    """Tell whether a side is not known yet."""
    found = optional(competitor.athlete, _names) or AthleteNames()
    own = text(competitor.id)
    named = _spaced(found.display_name) or _spaced(found.full_name)
    return named.upper() in _UNKNOWN or own in _NOBODY or own.startswith("-")


def flagged_winner(sides: Sides) -> Literal["home", "away"] | None:
    """Return who is flagged as the winner. Only of a completed game is the flag a fact.

    A card saved after its end has winners of bouts that are still `pre`.
    """
    home, away = flag(sides.home.winner) is True, flag(sides.away.winner) is True
    if home == away:
        return None
    return "home" if home else "away"


def _by_order(competitor: Competitor) -> str:
    return {1: "home", 2: "away"}.get(whole(competitor.order, 1, 2) or 0, "")


def _spaced(value: object) -> str:
    """Return a name with single spaces; `Carole  Monnet` has two."""
    return " ".join(text(value).split())


def _surnames(name: str, short: str) -> list[str]:
    """Return the surname after the initial, after the first word, and the last word of a name."""
    words = name.split()
    initialed = _SHORT.fullmatch(short)
    found = [initialed[1]] if initialed else []
    if len(words) < 2:
        return found
    plain = words[:-1] if words[-1].rstrip(".").lower() in _SUFFIXES else words
    return [*found, " ".join(words[1:]), plain[-1]]
