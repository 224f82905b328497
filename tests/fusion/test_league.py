"""What a league is, and when it plays."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest

from fusion.league import TEAM_SPORTS, League, in_season
from fusion.leagues import LEAGUES

NBA = LEAGUES["nba"]


def test_regulation_time() -> None:
    """Regulation time is the periods times their length; leagues without a clock have none."""
    assert (NBA.regulation_s, LEAGUES["eng.1"].regulation_s) == (2880, 5400)
    assert LEAGUES["mlb"].regulation_s == 0


def test_codes_and_tags_are_best_first() -> None:
    """The code in use and the best tag stand before those that were used or are wider."""
    college = LEAGUES["ncaamb"]
    assert college.codes == ("cbb", "ncaab")
    assert college.tags == ("101178", "101954", "100149")
    assert LEAGUES["ufc"].tags == ()


def test_team_sports_are_those_whose_sides_are_teams() -> None:
    """Tennis and fights have athletes in place of teams."""
    alone = {league.key for league in LEAGUES.values() if league.sport not in TEAM_SPORTS}
    assert alone == {"atp", "wta", "ufc"}


@pytest.mark.parametrize(
    ("season", "years", "day", "expected"),
    [
        ((10, 6), None, date(2026, 10, 1), True),
        ((10, 6), None, date(2026, 12, 31), True),
        ((10, 6), None, date(2027, 1, 1), True),
        ((10, 6), None, date(2027, 6, 30), True),
        ((10, 6), None, date(2027, 7, 1), False),
        ((10, 6), None, date(2026, 9, 30), False),
        ((3, 10), None, date(2026, 2, 28), False),
        ((3, 10), None, date(2026, 3, 1), True),
        ((3, 10), None, date(2026, 10, 31), True),
        ((3, 10), None, date(2026, 11, 1), False),
        ((8, 8), None, date(2026, 8, 15), True),
        ((8, 8), None, date(2026, 9, 1), False),
        (None, None, date(2026, 7, 1), True),
        ((), None, date(2026, 7, 1), False),
        ((6, 7), (2026, 4), date(2026, 6, 11), True),
        ((6, 7), (2026, 4), date(2027, 6, 11), False),
        ((6, 7), (2026, 4), date(2030, 6, 11), True),
        ((6, 7), (2026, 4), date(2022, 6, 11), True),
        ((12, 1), (2025, 2), date(2026, 1, 10), True),
        ((12, 1), (2025, 2), date(2026, 12, 10), False),
        (None, (2026, 4), date(2027, 1, 1), False),
    ],
)
def test_a_season_runs_from_its_first_to_its_last_month(
    season: tuple[int, ...] | None, years: tuple[int, int] | None, day: date, expected: bool
) -> None:
    """A season may wrap the turn of the year, last all year, promise nothing, or skip years."""
    league = msgspec.structs.replace(NBA, season=season, years=years)
    assert in_season(league, day) is expected


@pytest.mark.parametrize(
    ("key", "plays", "rests"),
    [
        ("nba", date(2026, 11, 20), date(2026, 8, 15)),
        ("wnba", date(2026, 7, 1), date(2026, 1, 15)),
        ("ncaamb", date(2027, 3, 20), date(2026, 7, 1)),
        ("nfl", date(2027, 1, 3), date(2026, 5, 1)),
        ("cfb", date(2026, 11, 21), date(2026, 5, 1)),
        ("nhl", date(2026, 12, 1), date(2026, 8, 1)),
        ("mlb", date(2026, 7, 1), date(2026, 12, 24)),
        ("eng.1", date(2026, 12, 26), date(2026, 7, 1)),
        ("usa.1", date(2026, 7, 1), date(2027, 1, 10)),
        ("fifa.world", date(2026, 7, 19), date(2026, 11, 20)),
        ("atp", date(2027, 1, 20), date(2026, 12, 10)),
    ],
)
def test_the_seasons_of_the_leagues(key: str, plays: date, rests: date) -> None:
    """A day in the middle of each season is in it, and one of the long break is not."""
    assert (in_season(LEAGUES[key], plays), in_season(LEAGUES[key], rests)) == (True, False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"espn_params": {"limit": "501"}}, "`espn_params.limit` must be from 1 to 500"),
        ({"espn_params": {"limit": "0"}}, "`espn_params.limit` must be from 1 to 500"),
        ({"espn_params": {"limit": "all"}}, "`espn_params.limit` must be from 1 to 500"),
        ({"period_s": 0}, "`period_s` must be above 0 for the clock 'down'"),
        ({"clock": "up"}, "`model` '[a-z]+' reads the clock 'down', was 'up'"),
        ({"model": "soccer"}, "`model` must be that of the sport, '[a-z]+', .* was 'soccer'"),
        ({"model": "goals"}, r"\$\.model"),
        ({"season": [10]}, "`season` must be a first and a last month"),
        ({"season": [0, 13]}, r"\$\.season\[0\]"),
        ({"years": [2026, 0]}, r"\$\.years\[1\]"),
        ({"quiet_s": 0}, r"\$\.quiet_s"),
        ({"espn_path": "https://site.api.espn.com"}, r"\$\.espn_path"),
        ({"key": "745"}, r"\$\.key"),
        ({"polymarket": ""}, r"\$\.polymarket"),
        ({"tag": "nba"}, r"\$\.tag"),
        ({"sport": "curling"}, r"\$\.sport"),
        ({"speed": 1}, "unknown field `speed`"),
    ],
)
def test_a_league_that_contradicts_itself_is_refused(changes: dict[str, Any], message: str) -> None:
    """What ESPN would answer wrongly, or a model could not read, does not become a league."""
    row = msgspec.to_builtins(NBA) | changes
    with pytest.raises(msgspec.ValidationError, match=message):
        msgspec.convert(row, League)


def test_a_league_comes_back_from_its_table() -> None:
    """Every league is what its own fields say, so that it can be written down and read again."""
    tables = {key: msgspec.to_builtins(league) for key, league in LEAGUES.items()}
    assert msgspec.convert(tables, dict[str, League]) == LEAGUES
