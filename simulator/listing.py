"""How the venue lists a game: event, slugs, markets, outcomes, tokens, all drawn from the seed.

Names and orders follow what was seen for each league: nicknames in the NBA, NFL and NHL, full
names in MLB, schools in college, three yes-or-no markets for a soccer match. NFL slugs carry
the UTC date of the start, all others the Eastern one.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from fusion.game import Selection
from fusion.leagues import League
from simulator.plan import SideTeam

EASTERN = ZoneInfo("America/New_York")
UTC_SLUGS = frozenset({"nfl"})


class Face(msgspec.Struct, frozen=True):
    """One market as listed, before anyone quotes it. `pays` is None for side markets."""

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
) -> tuple[Title, ...]:
    """Return the events of one game: the game itself and, in soccer, its companion."""
    first, second = (home, away) if league.ordering == "home" else (away, home)
    zone = ZoneInfo("UTC") if league.key in UTC_SLUGS else EASTERN
    slug = f"{league.polymarket}-{first.code}-{second.code}-{start.astimezone(zone):%Y-%m-%d}"
    one, two = short_name(league, first), short_name(league, second)
    title = f"{one} vs. {two}"
    if league.three_way:
        day = f"{start.astimezone(EASTERN):%Y-%m-%d}"
        three = (
            _yes_no(f"{slug}-{first.code}", f"Will {one} win on {day}?", one, "home"),
            _yes_no(f"{slug}-draw", f"Will {title} end in a draw?", f"Draw ({title})", "draw"),
            _yes_no(f"{slug}-{second.code}", f"Will {two} win on {day}?", two, "away"),
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
        Face(slug, title, outcomes, "", "moneyline", "home" if first_is_home else "away"),
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


def _yes_no(slug: str, question: str, group: str, pays: Selection) -> Face:
    return Face(slug, question, ("Yes", "No"), group, "moneyline", pays, neg_risk=True)


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


def first_wins(face: Face, home: int, away: int) -> bool:
    """Return whether a market's first token wins at a final score."""
    if face.pays is not None:
        return {"home": home > away, "draw": home == away, "away": home < away}[face.pays]
    if face.market_type == "totals":
        return home + away > (face.line or 0.0)
    return home - away + (face.line or 0.0) > 0


def token_id(rng: np.random.Generator) -> str:
    """Return a token id: a number of 77 digits, as a string."""
    digits = rng.integers(0, 10, 76)
    return str(rng.integers(1, 10)) + "".join(map(str, digits))


def hex_id(rng: np.random.Generator, size: int = 32) -> str:
    """Return `0x` and `size` random bytes in hexadecimal."""
    return "0x" + rng.bytes(size).hex()
