from __future__ import annotations

from typing import get_args

import numpy as np

from fusion.leagues import LEAGUES, Sport
from models.coefficients.shelf import built_in
from models.formulas import FAMILIES, family_of
from models.inputs import column_names
from models.offline import OFFLINE


def test_every_sport_but_fights_has_a_family_of_its_name() -> None:
    """Leagues of a sport are trained with it."""
    assert {sport: FAMILIES[sport].name for sport in FAMILIES} == {s: s for s in FAMILIES}
    assert set(get_args(Sport)) - set(FAMILIES) == {"mma"}
    assert {key: family_of(LEAGUES[key]).name for key in ("nhl", "wta")} == {
        "nhl": "hockey",
        "wta": "tennis",
    }


def test_families_read_only_columns_that_the_sport_has() -> None:
    """An input of another name would fail on the first row."""
    sports: tuple[Sport, ...] = get_args(Sport)
    assert {
        sport: set(FAMILIES[sport].inputs) - set(column_names(sport))
        for sport in sports
        if sport in FAMILIES
    } == {sport: set() for sport in FAMILIES if sport in sports}


def test_bounds_are_those_of_coefficients_and_hold_at_the_start() -> None:
    """A fit starts inside; equal bounds only say that a field is held fixed."""
    for family in FAMILIES.values():
        start = family.coefficients()
        for field, (low, high) in family.bounds.items():
            values = np.atleast_1d(getattr(start, field))
            fixed = low is not None and low == high
            assert fixed or low is None or low <= values.min()
            assert fixed or high is None or values.max() <= high


def test_the_coefficients_that_come_along_are_of_families_that_are_there() -> None:
    """Each file names a family and has its coefficients."""
    assert {file.family for file in built_in().values()} <= set(FAMILIES)


def test_a_league_without_a_feed_has_a_family_too() -> None:
    """Which no scoreboard's sport is named as."""
    offline = {league.model for league in OFFLINE.values()}
    assert {family_of(league).name for league in OFFLINE.values()} == offline
    assert offline == set(FAMILIES) - set(get_args(Sport))
