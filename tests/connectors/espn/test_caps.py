from __future__ import annotations

from datetime import date

import pytest

from connectors.espn.caps import count_events, looks_cut
from fusion.leagues import LEAGUES

DAY = date(2026, 1, 2)


@pytest.mark.parametrize(
    ("body", "count"),
    [(b'{"events":[{},{},{}]}', 3), (b'{"events":[]}', 0), (b'{"code":400}', 0), (b"<html>", 0)],
)
def test_events_are_counted(body: bytes, count: int) -> None:
    """Every event counts, whatever it is; what is no board has none."""
    assert count_events(body) == count


@pytest.mark.parametrize(
    ("count", "league", "cut"),
    [
        (0, "nba", False),
        (24, "nba", False),
        (25, "nba", True),
        (50, "nba", True),
        (100, "ncaamb", True),
        (101, "ncaamb", False),
        (500, "ncaamb", True),
        (500, "nba", False),
    ],
)
def test_round_numbers_look_cut(count: int, league: str, *, cut: bool) -> None:
    """Where ESPN is known to end lists, and at the limit that was asked for."""
    assert bool(looks_cut(count, DAY, LEAGUES[league])) is cut


def test_what_is_said() -> None:
    """The day, the number, and what to mend are named."""
    assert looks_cut(25, DAY, LEAGUES["nba"]) == (
        "the board of 2026-01-02 has exactly 25 events, where ESPN cuts lists off; check the"
        " league's espn_params, were {}: `limit` up to 500, `groups` in college"
    )
