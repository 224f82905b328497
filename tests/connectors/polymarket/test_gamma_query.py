"""How Gamma is asked for a league's games."""

from __future__ import annotations

import pytest

from connectors.polymarket.gamma import SportRow
from connectors.polymarket.gamma_query import (
    keyset_page,
    league_filters,
    offset_page,
    start_window,
)
from fusion.leagues import LEAGUES

GAMES = ("tag_id", "100639")
NOW_NS = 1_789_300_000_000_000_000  # 2026-09-13 11:46:40 UTC


@pytest.mark.parametrize(
    ("league", "rows", "filters"),
    [
        (
            "nfl",
            [SportRow("nfl", "away", ("1", "450", "100639"), "12185")],
            [("series_id", "12185"), ("tag_id", "450")],
        ),
        ("nfl", [], [("tag_id", "450")]),
        (
            "nfl",
            [SportRow("nfl", "away", (), "10187, 12185")],
            [("series_id", "10187"), ("series_id", "12185"), ("tag_id", "450")],
        ),
        (
            "ncaamb",
            [SportRow("ncaab", "home", (), "39"), SportRow("cbb", "away", (), "10470")],
            [
                ("series_id", "10470"),
                ("series_id", "39"),
                ("tag_id", "101178"),
                ("tag_id", "101954"),
                ("tag_id", "100149"),
            ],
        ),
        (
            "ufc",
            [SportRow("mma", "home", ("1", "100639", "103500"), "10500")],
            [("series_id", "10500"), ("series_id", "38"), ("tag_id", "103500")],
        ),
        (
            "fifa.world",
            [SportRow("fifwc", "home", ("1", "100639", "100350", "102232"), "11433")],
            [("series_id", "11433"), ("tag_id", "102232")],
        ),
    ],
    ids=["row", "no row", "two series", "two codes", "tag of the row", "stated and named"],
)
def test_a_league_is_asked_for_by_its_series_and_tags(
    league: str, rows: list[SportRow], filters: list[tuple[str, str]]
) -> None:
    """Every series and tag of a league is a way to ask, once, the series first; all are games."""
    found = league_filters(LEAGUES[league], {row.code: row for row in rows})
    assert found == tuple((each, GAMES) for each in filters)


def test_the_window_is_in_whole_hours() -> None:
    """The limits are rounded outwards, so that the same question is asked for an hour."""
    window = (
        ("start_time_min", "2026-09-12T23:00:00Z"),
        ("start_time_max", "2026-09-15T00:00:00Z"),
    )
    assert start_window(NOW_NS, 12 * 3600.0, 36 * 3600.0) == window
    assert start_window(NOW_NS + 780 * 10**9, 12 * 3600.0, 36 * 3600.0) == window
    assert start_window(NOW_NS + 820 * 10**9, 12 * 3600.0, 36 * 3600.0) != window


def test_a_page_by_cursor_is_asked_for_without_an_offset() -> None:
    """The venue refuses an offset there, cuts pages to a hundred and orders by start and id."""
    window = (("start_time_min", "2026-09-12T23:00:00Z"),)
    first = keyset_page((("tag_id", "450"), GAMES), window, 500, "")
    assert first == (
        ("tag_id", "450"),
        GAMES,
        ("start_time_min", "2026-09-12T23:00:00Z"),
        ("closed", "false"),
        ("limit", "100"),
        ("order", "startTime,id"),
        ("ascending", "true"),
    )
    assert keyset_page((("tag_id", "450"), GAMES), window, 500, "abc") == (
        *first,
        ("after_cursor", "abc"),
    )


def test_a_page_by_offset_is_asked_for_as_it_always_was() -> None:
    """The endpoint that is about to go takes an offset and no limits of the start."""
    assert offset_page((("tag_id", "450"), GAMES), 100, 200) == (
        ("tag_id", "450"),
        GAMES,
        ("active", "true"),
        ("closed", "false"),
        ("limit", "100"),
        ("offset", "200"),
        ("order", "startTime"),
        ("ascending", "true"),
    )
