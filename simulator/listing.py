"""How the venue lists a game: event, slugs, markets, outcomes, tokens, all drawn from the seed.

Names and orders follow what was seen for each league: nicknames in the NBA, NFL and NHL, full
names in MLB, schools in college, three yes-or-no markets for a soccer match. Slugs of the NFL and
of tennis carry the UTC date of the start, all others the Eastern one; where two teams meet twice a
day, the second slug has a number more.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from fusion.game import Selection
from fusion.leagues import League
from simulator.plan import Moment, SideTeam, result, settled_score

EASTERN = ZoneInfo("America/New_York")
UTC_SLUGS = frozenset({"nfl", "atp", "wta"})
UNTYPED = frozenset({"ncaamb", "esp.1"})
"""Leagues whose moneyline markets have no type, as older ones of soccer and college basketball."""


class Face(msgspec.Struct, frozen=True):
    """One market as listed, before anyone quotes it.

    `pays` is None for side markets; `market_type` is empty where the venue states none.
    """

    slug: str
    question: str
    outcomes: tuple[str, str]
    group_title: str
    market_type: str
    pays: Selection | None
    line: float | None = None
    neg_risk: bool = False


class Title(msgspec.Struct, frozen=True):
    """An event's slug, title and markets."""

    slug: str
    title: str
    faces: tuple[Face, ...]


def short_name(league: League, team: SideTeam) -> str:
    """Return the name a team has in titles and outcomes of its league."""
    if league.key == "mlb" or league.sport == "soccer":
        return team.name
    return team.location if league.key in ("ncaamb", "ncaawb", "cfb") else team.nickname


def titles(
    league: League,
    home: SideTeam,
    away: SideTeam,
    start: datetime,
    rng: np.random.Generator,
    *,
    meeting: int = 1,
) -> tuple[Title, ...]:
    """Return the events of one game of teams: the game itself and, in soccer, its companion.

    `meeting` counts the games of the two teams on that day.
    """
    first, second = (home, away) if league.ordering == "home" else (away, home)
    slug = game_slug(league, first.code, second.code, start)
    slug = slug if meeting == 1 else f"{slug}-{meeting}"
    one, two = short_name(league, first), short_name(league, second)
    title = f"{one} vs. {two}"
    kind = "" if league.key in UNTYPED else "moneyline"
    if league.three_way:
        day = f"{start.astimezone(EASTERN):%Y-%m-%d}"
        draw = f"Draw ({title})"
        three = (
            _yes_no(f"{slug}-{first.code}", f"Will {one} win on {day}?", one, kind, "home"),
            _yes_no(f"{slug}-draw", f"Will {title} end in a draw?", draw, kind, "draw"),
            _yes_no(f"{slug}-{second.code}", f"Will {two} win on {day}?", two, kind, "away"),
        )
        more = Title(f"{slug}-more-markets", f"{title} - More Markets", (_total(slug, title, 2.5),))
        return (Title(slug, title, three), more)
    swapped = rng.random() < 0.25
    outcomes = (two, one) if swapped else (one, two)
    first_is_home = (league.ordering == "home") != swapped
    line = 1.5 if league.sport in ("hockey", "baseball") else 3.5
    points = {"basketball": 221.5, "football": 44.5, "hockey": 6.5, "baseball": 8.5}[league.sport]
    favourite = short_name(league, home)
    markets = (
        _total(slug, title, points),
        Face(slug, title, outcomes, "", kind, "home" if first_is_home else "away"),
        Face(
            f"{slug}-spread-home-{line:.1f}".replace(".", "pt"),
            f"Spread: {favourite} (-{line})",
            (favourite, short_name(league, away)),
            f"Spread -{line}",
            "spreads",
            None,
            -line,
        ),
    )
    return (Title(slug, title, markets),)


def game_slug(league: League, first: str, second: str, start: datetime) -> str:
    """Return the slug of a game, from the venue's codes of its sides."""
    zone = ZoneInfo("UTC") if league.key in UTC_SLUGS else EASTERN
    return f"{league.polymarket}-{first}-{second}-{start.astimezone(zone):%Y-%m-%d}"


def _yes_no(slug: str, question: str, group: str, kind: str, pays: Selection) -> Face:
    return Face(slug, question, ("Yes", "No"), group, kind, pays, neg_risk=True)


def _total(slug: str, title: str, line: float) -> Face:
    tail = f"{line:.1f}".replace(".", "pt")
    return Face(
        f"{slug}-total-{tail}",
        f"{title}: O/U {line}",
        ("Over", "Under"),
        f"O/U {line}",
        "totals",
        None,
        line,
    )


def first_wins(face: Face, moments: tuple[Moment, ...]) -> bool:
    """Return whether a market's first token wins a game; False where nobody did."""
    if face.pays is not None:
        return result(moments) == face.pays
    home, away = settled_score(moments)
    line = face.line or 0.0
    match face.market_type:
        case "totals":
            return home + away > line
        case "tennis_match_totals":
            return sum(one.home + one.away for one in moments[-1].scene.sets) > line
        case "ufc_go_the_distance":
            return moments[-1].text == "Decision"
        case _:
            return home - away + line > 0


def token_id(rng: np.random.Generator) -> str:
    """Return a token id: a number of 77 digits, as a string."""
    digits = rng.integers(0, 10, 76)
    return str(rng.integers(1, 10)) + "".join(map(str, digits))


def hex_id(rng: np.random.Generator, size: int = 32) -> str:
    """Return `0x` and `size` random bytes in hexadecimal."""
    return "0x" + rng.bytes(size).hex()
