"""How the venue lists what is played by one against one: tennis matches and fights.

Tennis events name both in full in the title, after the tournament, and by surname in the
outcomes; they list no teams. Fights carry the weight class in the title. Both were seen.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from itertools import accumulate

import numpy as np

from fusion.leagues import League
from simulator.listing import Face, Title, game_slug
from simulator.plan import SideTeam

DRAWS = {"atp": "Men's", "wta": "Women's"}
SWAPPED = 0.25
"""How often the outcomes stand in the other order than the title."""


def surname(athlete: SideTeam) -> str:
    """Return the name in outcomes: that part of the full name which the venue's code abbreviates.

    `Alex de Minaur` with `deminau` is `de Minaur`; a code that abbreviates nothing gives the last
    word.
    """
    words = athlete.venue_name.split()
    tails = list(accumulate(reversed(words), lambda tail, word: f"{word} {tail}"))
    code = athlete.code.rstrip("0123456789")
    return next((tail for tail in tails if _letters(tail).startswith(code)), words[-1])


def _letters(text: str) -> str:
    """Return the letters of a name without their accents, as codes are made of them."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def athlete_titles(
    league: League,
    home: SideTeam,
    away: SideTeam,
    start: datetime,
    rng: np.random.Generator,
    *,
    card: str,
    best_of: int,
    weight: str = "",
) -> tuple[Title, ...]:
    """Return the event of one match or bout; `card` is its tournament or its fight card.

    A bout has a `weight` class.
    """
    slug = game_slug(league, home.code, away.code, start)
    names = (surname(home), surname(away))
    swapped = rng.random() < SWAPPED
    outcomes = names[::-1] if swapped else names
    short = f"{names[0]} vs. {names[1]}"
    if league.sport == "tennis":
        title = f"{card} {DRAWS[league.key]}: {home.venue_name} vs {away.venue_name}"
        line = 22.5 if best_of == 3 else 38.5
        side = Face(
            f"{slug}-match-total-{line:.1f}".replace(".", "pt"),
            f"{short}: Match O/U {line}",
            ("Over", "Under"),
            f"{title} Match O/U {line}",
            "tennis_match_totals",
            None,
            line,
        )
    else:
        names_in_full = f"{home.venue_name} vs. {away.venue_name}"
        title = f"{card}: {names_in_full} ({weight}, Main Card)"
        side = Face(
            f"{slug}-go-the-distance",
            "Fight to Go the Distance?",
            ("Yes", "No"),
            "Fight to Go the Distance?",
            "ufc_go_the_distance",
            None,
        )
    winner = Face(slug, title, outcomes, "", "moneyline", "away" if swapped else "home")
    return (Title(slug, title, (winner, side)),)
