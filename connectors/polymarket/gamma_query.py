"""How Gamma is asked for a league's games: pure, as parameters of a request.

A league's games are those of its series, and those of its own tags, that bear the tag of games.
Neither is enough by itself: a series changes with the season, and for some days `/sports` and the
events name different ones (NFL, August 2026); a tag may be missing from a row or an event.

`start_date_min` and `start_date_max` are of no use: they filter by the time of listing and lose
every game. `start_time_min` and `start_time_max` are about the start of play and known to
`/events/keyset` only; whether the venue heeds them is not certain, so the reader filters too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.polymarket.gamma import SportRow
from fusion.days import NS_PER_HOUR
from fusion.frames import NS_PER_S
from fusion.league import League

Parameters = tuple[tuple[str, str], ...]

GAMES_TAG = "100639"
"""The tag that every event of a game bears."""

GENERAL_TAGS = frozenset({"1", GAMES_TAG, "100350", "864", "28", "678", "64", "517", "100088"})
"""Tags of sport, games, and of a whole sport: soccer, tennis, basketball, baseball and so on."""

MAX_KEYSET_SIZE = 100
"""The venue cuts larger pages of `/events/keyset` to this."""


def league_filters(league: League, rows: Mapping[str, SportRow]) -> tuple[Parameters, ...]:
    """Return the filters that together find a league's games: its series first, then its tags.

    `rows` are those of `/sports` by code. A row may name several series, with commas. Its tags
    count where the league states none.
    """
    known = [rows[code] for code in league.codes if code in rows]
    series = [one.strip() for row in known for one in row.series_id.split(",")]
    tags = league.tags or [tag for row in known for tag in row.tags if tag not in GENERAL_TAGS]
    filters = [("series_id", one) for one in (*series, *league.more_series) if one]
    filters += [("tag_id", tag) for tag in tags]
    return tuple((each, ("tag_id", GAMES_TAG)) for each in dict.fromkeys(filters))


def start_window(now_ns: int, before_s: float, after_s: float) -> Parameters:
    """Return the limits of the start of play, in whole hours so that the venue's cache can serve.

    `before_s` and `after_s` are seconds before and after `now_ns`, UTC nanoseconds.
    """
    first = (now_ns - round(before_s * NS_PER_S)) // NS_PER_HOUR
    last = -(-(now_ns + round(after_s * NS_PER_S)) // NS_PER_HOUR)
    return (("start_time_min", _hour(first)), ("start_time_max", _hour(last)))


def keyset_page(filters: Parameters, window: Parameters, size: int, cursor: str) -> Parameters:
    """Return the parameters of a page of `/events/keyset`; `cursor` is empty for the first."""
    after = (("after_cursor", cursor),) if cursor else ()
    return (
        *filters,
        *window,
        ("closed", "false"),
        ("limit", str(min(size, MAX_KEYSET_SIZE))),
        ("order", "startTime,id"),
        ("ascending", "true"),
        *after,
    )


def offset_page(filters: Parameters, size: int, offset: int) -> Parameters:
    """Return the parameters of a page of `/events`, which the venue is about to retire."""
    return (
        *filters,
        ("active", "true"),
        ("closed", "false"),
        ("limit", str(size)),
        ("offset", str(offset)),
        ("order", "startTime"),
        ("ascending", "true"),
    )


def _hour(hours: int) -> str:
    return f"{datetime.fromtimestamp(hours * 3600, tz=UTC):%Y-%m-%dT%H:%M:%SZ}"
