from __future__ import annotations

import pytest

from fusion.errors import ConfigError
from fusion.leagues import LEAGUES, TEAM_SPORTS, find_league, league


def test_leagues_by_key() -> None:
    """Every league the project promises is in the table under its key."""
    promised = [
        "nba",
        "wnba",
        "ncaamb",
        "ncaawb",
        "nfl",
        "cfb",
        "nhl",
        "mlb",
        "atp",
        "wta",
        "ufc",
        "eng.1",
        "fifa.world",
    ]

    assert [key for key in promised if key not in LEAGUES] == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("mens-college-basketball", "ncaamb"),
        ("womens-college-basketball", "ncaawb"),
        ("college-football", "cfb"),
        ("NBA", "nba"),
        (" eng.1 ", "eng.1"),
    ],
)
def test_aliases(name: str, key: str) -> None:
    """ESPN's own path names, and keys in any case, name the same league."""
    assert league(name).key == key


def test_unknown_league_lists_the_keys() -> None:
    """An unknown name is refused with the keys one can use."""
    with pytest.raises(ConfigError, match=r"no league is called 'curling'; use one of nba, wnba"):
        league("curling")


def test_find_league_is_none_for_a_stranger() -> None:
    """Where a stranger is no error, it is None."""
    assert find_league("curling") is None


def test_polymarket_codes_are_unique() -> None:
    """No two leagues share a code of the venue, so that a code names one league."""
    codes = [value.polymarket for value in LEAGUES.values()]

    assert len(codes) == len(set(codes))


def test_regulation_time() -> None:
    """Regulation time is the periods times their length; leagues without a clock have none."""
    assert (LEAGUES["nba"].regulation_s, LEAGUES["eng.1"].regulation_s) == (2880, 5400)
    assert LEAGUES["mlb"].regulation_s == 0


def test_team_sports_have_an_espn_path() -> None:
    """Every team sport's league says where ESPN keeps it."""
    missing = [k for k, v in LEAGUES.items() if v.sport in TEAM_SPORTS and "/" not in v.espn_path]

    assert missing == []
