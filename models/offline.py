"""Leagues that have states of past games and coefficients, and no feed: nothing live is priced.

They can be trained and evaluated by their key, as others can.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from fusion.leagues import League


class OfflineLeague(NamedTuple):
    """What training and evaluation have to know of a league that no scoreboard tells of.

    `model` is the name of its family, `codes` what the column `league` of a file may say.
    """

    key: str
    name: str
    model: str
    codes: tuple[str, ...]
    three_way: bool = False


AnyLeague = League | OfflineLeague

OFFLINE: Mapping[str, OfflineLeague] = {
    "cricket_ipl": OfflineLeague(
        key="cricket_ipl", name="Indian Premier League", model="cricket", codes=("ipl",)
    )
}
"""By key."""
