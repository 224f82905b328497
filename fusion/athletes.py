"""Names of athletes: which spellings are one person, and how well a name tells who is meant.

Both sources write the same person in many ways. Taken away are accents, hyphens and apostrophes,
what stands in brackets or quotation marks (seeds, countries, nicknames of the ring), `Jr.` and
numbers. `Wang Xinyu`, `Xinyu Wang` and `Xin Yu Wang` are one person, `Xiyu Wang` is another. Of
transliterations, those are folded that differ by letters alone (`Đoković` and `Djokovic`, `Andrey`
and `Andrei`, `Aleksandr` and `Alexander`, `Müller` and `Mueller`).

A surname alone is weak: brothers and sisters play the same events. Two different given names with
one surname are two people, however alike they look.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from fusion.grades import Grade
from fusion.leagues import League
from fusion.letters import without_accents, without_apostrophes

Words = tuple[str, ...]

_SAID_BESIDE = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|[\"\u201c\u201d][^\"\u201c\u201d]*[\"\u201c\u201d]"
    r"|(?<!\w)['\u2018][^'\u2019]+['\u2019](?!\w)"
)
_NOT_WORD = re.compile(r"[^a-z]+")
_SUFFIXES = frozenset({"jr", "sr", "junior", "ii", "iii", "iv"})
_PARTICLES = re.compile("de|da|do|dos|del|della|di|du|la|le|van|von|den|der|el|al|bin|saint|y|e")
_FOLDS = (("ph", "f"), ("dj", "d"), ("ks", "x"), ("y", "i"))
_ENDING_IN_ANDR = re.compile("andr$")
_UMLAUTS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_UNKNOWN = frozenset({("tbd",), ("tba",), ("to", "be", "determined"), ("bye",), ("qualifier",)})
_FULL_GIVEN = 3
"""From so many letters the start of a given name is a name of its own (`Dan`, `Alex`)."""


def is_of_athletes(league: League) -> bool:
    """Tell whether the sides of `league` are people."""
    return league.sport in {"tennis", "mma"}


@lru_cache(maxsize=16_384)
def athlete_words(name: str) -> Words:
    """Return the words of a person's name, folded; none for a side that is not known yet."""
    spelled = _SAID_BESIDE.sub(" ", name).casefold().replace("đ", "dj")
    plain = without_apostrophes(without_accents(spelled))
    words = [word for word in _NOT_WORD.sub(" ", plain).split() if word not in _SUFFIXES]
    if tuple(words) in _UNKNOWN:
        return ()
    return tuple(_folded("saint" if word == "st" else word) for word in words)


def athlete_key(name: str) -> str:
    """Return the key of a person's name: folded words; empty if there are none."""
    return " ".join(athlete_words(name))


def search_keys(words: Words) -> frozenset[str]:
    """Return what a person is looked up by: every word, and words that may be written as one."""
    return frozenset({*words, *(_joined(two) for two in pairwise(words)), *_orders(words)})


def grade_athlete(name: Words, label: Words) -> Grade:
    """Return how well `label` means the person called `name`."""
    if not name or not label:
        return Grade.NONE
    if _orders(name) & _orders(label):
        return Grade.NAME
    if _joined(label) in _surnames(name):
        return Grade.PART
    if len(label) == 1:
        return Grade.SUBSET if label[0] in {name[0], name[-1]} else Grade.NONE
    if len(name) == 1:
        return Grade.NONE
    if _shortened(name, label):
        return Grade.ALIAS
    return max(
        _given_and_surname(name, label),
        _given_and_surname(name, (*label[1:], label[0])),
        _given_and_surname(name, (label[-1], *label[:-1])),
    )


def _folded(word: str) -> str:
    for old, new in _FOLDS:
        word = word.replace(old, new)
    word = _ENDING_IN_ANDR.sub("ander", word)
    if len(word) > _FULL_GIVEN:
        for old, new in _UMLAUTS:
            word = word.replace(old, new)
    return _joined((word,))


def _joined(words: Words) -> str:
    """Return the words as one, no letter twice in a row."""
    whole = "".join(words)
    return "".join(
        letter for place, letter in enumerate(whole) if not place or letter != whole[place - 1]
    )


def _orders(words: Words) -> frozenset[str]:
    """Return the name written as one word from each of its words on: the family may come first."""
    return frozenset(_joined(words[place:] + words[:place]) for place in range(len(words)))


def _surnames(words: Words) -> frozenset[str]:
    """Return every run of words after the first that may stand for the surname."""
    runs: set[str] = set()
    for start in range(1, len(words)):
        for end in range(start + 1, len(words) + 1):
            run = words[start:end]
            if run == words[1:] or not all(_PARTICLES.fullmatch(word) for word in run):
                runs.add(_joined(run))
    return frozenset(runs)


def _shortened(one: Words, other: Words) -> bool:
    """Tell whether one name is the other with words left out, the given name among those kept."""
    short, long = sorted((one, other), key=len)
    return short[0] == long[0] and len(short) < len(long) and set(short) < set(long)


def _given_and_surname(name: Words, label: Words) -> Grade:
    """Return the grade of a given name cut short (`Dan`, `N.`) before the same surname."""
    given, own = label[0], name[0]
    if _joined(label[1:]) not in _surnames(name):
        return Grade.NONE
    short, long = sorted((given, own), key=len)
    if not long.startswith(short):
        return Grade.NONE
    return Grade.ALIAS if len(short) >= _FULL_GIVEN else Grade.CODE
