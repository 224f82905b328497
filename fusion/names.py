"""Names as keys: two spellings of one team give one key, two teams never do.

Case, accents, punctuation, founding years and the affixes of clubs (`FC`, `AFC`, `1.`) go;
what tells teams apart stays: `state`, `city`, `united`, a state in brackets, and the marks of
women's, reserve and youth teams. `St.` is Saint, but State where it ends the name, and in a
school's name wherever it does not begin it (`Ohio St. Buckeyes`). Nothing here measures how alike
two strings look: a near miss is no match.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fusion.athletes import athlete_key, is_of_athletes
from fusion.leagues import League
from fusion.letters import without_accents, without_apostrophes

COLLEGE = frozenset({"cfb", "ncaamb", "ncaawb"})
"""Leagues of schools: the school tells the team, its nickname is shared by many."""

MARKS = frozenset({"women", "reserves", "academy", "castilla", "ii", "b"})
"""Words that make another team of the same club; youth teams are `u17`, `u21`, ... beside them."""

_WOMENS_KEYS = frozenset({"wnba", "ncaawb", "wta", "usa.nwsl", "fifa.wwc", "uefa.wchampions"})

_NATIONS = re.compile(r"fifa\.|uefa\.(?:euro|nations)|conmebol\.america|caf\.nations|afc\.asian")
_UNKNOWN = frozenset({"tbd", "tba", "to be determined"})
_WOMEN = frozenset(
    {"women", "womens", "woman", "ladies", "femenino", "feminine", "feminin", "femenil", "frauen"}
)
_RESERVES = frozenset({"reserves", "reserve"})
_ACADEMY = frozenset({"academy", "youth", "juniors", "primavera"})
_AFFIX = re.compile(
    "fc|cf|afc|cfc|acf|sc|ac|as|ss|ssc|us|bc|rc|rcd|rsc|krc|cd|ud|sd|ca|gd|aj|ogc|sco|ea|hsc|"
    "fk|nk|sk|bk|jk|if|kv|ks|vfb|vfl|tsg|fsv|sv|spvgg|bsc|osc|calcio"
)
_BEFORE_SAINT = frozenset({"mount", "mt", "of"})
_CITIES = {"la": ("los", "angeles"), "ny": ("new", "york")}
_STATES = {
    "ala": "alabama",
    "ariz": "arizona",
    "ark": "arkansas",
    "colo": "colorado",
    "conn": "connecticut",
    "fla": "florida",
    "ga": "georgia",
    "ill": "illinois",
    "ind": "indiana",
    "ky": "kentucky",
    "mich": "michigan",
    "minn": "minnesota",
    "mo": "missouri",
    "okla": "oklahoma",
    "tenn": "tennessee",
    "wash": "washington",
}
"""How schools' names shorten states; `la`, `miss` and `mass` also mean other things."""

_DIRECTIONS = {
    **dict.fromkeys(("north", "northern"), "n"),
    **dict.fromkeys(("south", "southern"), "s"),
    **dict.fromkeys(("east", "eastern"), "e"),
    **dict.fromkeys(("west", "western"), "w"),
    **dict.fromkeys(("southeast", "southeastern"), "se"),
    **dict.fromkeys(("northwest", "northwestern"), "nw"),
    "central": "c",
}

_LETTER_AND_LETTER = re.compile(r"\b([a-z])\s?&\s?([a-z])\b")
_DIGIT_DOT = re.compile(r"(?<=\d)\.")
_YOUTH = re.compile(r"\bu[- ]?(\d\d)s?\b")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_FOUNDED = re.compile(r"1[89]\d\d|20\d\d|0\d")


def is_college(league: League) -> bool:
    """Tell whether the teams of `league` are schools."""
    return league.key in COLLEGE or "college" in league.espn_path


def is_of_nations(league: League) -> bool:
    """Tell whether the teams of `league` are countries, whose names are whole or another's."""
    return league.sport == "soccer" and bool(_NATIONS.match(league.key))


def is_womens(league: League) -> bool:
    """Tell whether every team of `league` is a women's team, so that the mark says nothing."""
    named = league.key in _WOMENS_KEYS or ".w." in league.key
    return named or "womens" in league.espn_path


def name_key(text: str, league: League) -> str:
    """Return the key of a team's or athlete's name in `league`: lower-case words, or none.

    A side that is not known yet (`TBD`) has no name, and so is no team.
    """
    if is_of_athletes(league):
        return athlete_key(text)
    key = " ".join(_words(text, league.sport == "soccer", is_college(league), is_womens(league)))
    return "" if key in _UNKNOWN else key


def short_direction(key: str) -> str:
    """Return the key of a school with the direction before it shortened: `w michigan`."""
    first, space, rest = key.partition(" ")
    return f"{_DIRECTIONS.get(first, first)}{space}{rest}" if rest else key


def marks(words: frozenset[str]) -> frozenset[str]:
    """Return the words that mark a women's, reserve or youth team."""
    return frozenset(word for word in words if word in MARKS or _YOUTH.fullmatch(word))


@lru_cache(maxsize=16_384)
def _words(text: str, soccer: bool, college: bool, womens: bool) -> tuple[str, ...]:
    plain = without_apostrophes(_DIGIT_DOT.sub(" ", without_accents(text)))
    plain = _LETTER_AND_LETTER.sub(r"\1\2", plain)
    plain = _YOUTH.sub(r"u\1", plain)
    words = [word for word in _NOT_WORD.sub(" ", plain).split() if word != "and"]
    if college and len(words) > 1:
        words = [_spelled_of_school(word, words[:place]) for place, word in enumerate(words)]
    words = [_spelled(word, place, len(words)) for place, word in enumerate(words)]
    if len(words) > 1 and not soccer:
        words[:1] = _CITIES.get(words[0], words[:1])
    if womens:
        words = [word for word in words if word != "women"]
    return tuple(_without_affixes(words) if soccer else words)


def _spelled(word: str, place: int, count: int) -> str:
    """Return the full word for an abbreviation at `place` of a name of `count` words."""
    last = place == count - 1 and count > 1
    if word == "st":
        return "state" if last else "saint"
    if word in _WOMEN or (word == "w" and last):
        return "women"
    if word in _RESERVES:
        return "reserves"
    if word in _ACADEMY:
        return "academy"
    return word


def _spelled_of_school(word: str, before: list[str]) -> str:
    """Return the full word for an abbreviation in a school's name, told what stands before it."""
    if word == "st" and before and before[-1] not in _BEFORE_SAINT:
        return "state"
    return _STATES.get(word, word)


def _without_affixes(words: list[str]) -> list[str]:
    kept = [
        word
        for place, word in enumerate(words)
        if not _AFFIX.fullmatch(word)
        and not _FOUNDED.fullmatch(word)
        and not (word == "1" and place == 0)
    ]
    return kept if any(word not in MARKS for word in kept) else words
