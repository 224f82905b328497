"""How well a name on the venue is attested to mean a side of ESPN's game.

The grades, from the best: the full name; another name that only this side bears (a nickname in
the big leagues, the school in college, a line of `team_names.toml` or of the user's overrides);
the code, or an athlete's initial with the surname; a part of the name (a city, a college's
nickname, a surname) that another side may bear as well; a subset of its words. The last two never
decide alone, except that two surnames do where no other match has them.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Grade(IntEnum):
    """How well a name is attested; 0 is not at all, and from ALIAS up it is beyond doubt."""

    NONE = 0
    SUBSET = 1
    PART = 2
    CODE = 3
    ALIAS = 4
    NAME = 5


class Evidence(msgspec.Struct, frozen=True):
    """That a listed side is a side of ESPN: how well, and by which of the venue's words."""

    grade: Grade
    listed: str

    def __str__(self) -> str:
        return f"{self.grade.name.lower()} {self.listed!r}"
