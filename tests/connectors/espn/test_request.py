from __future__ import annotations

from datetime import date

from connectors.espn.request import board_request
from fusion.leagues import LEAGUES


def test_a_board_is_asked_for_by_league_and_day() -> None:
    """College boards need their group, and the day is always named."""
    assert board_request(LEAGUES["ncaamb"], "http://e", date(2026, 11, 20)) == (
        "http://e/apis/site/v2/sports/basketball/mens-college-basketball/scoreboard",
        {"groups": "50", "limit": "500", "dates": "20261120"},
    )
