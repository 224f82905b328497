"""A second witness of the score: what the venue's own results socket says of a game.

Both sources are late, and not equally, so a difference is a dispute only once it has lasted.
"""

from __future__ import annotations

import msgspec


class ToldScore(msgspec.Struct, frozen=True):
    """Where the venue says a game stands, in ESPN's home and away.

    In tennis `home` and `away` are the sets won. `period` is as told (`Q4`, `2H`, `S2`, `FT`).
    """

    home: int
    away: int
    period: str = ""
    live: bool = True
    ended: bool = False
