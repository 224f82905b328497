"""The same teams again: double-headers, series, makeups, duplicates and companions."""

from __future__ import annotations

import msgspec
import pytest
from listings import DAY_NS, HOUR_NS, event, game, labels, market, matched, reasons, teams

from fusion.game import GameState
from fusion.listing import ListedEvent
from fusion.matching import match_slate

DAY = "2026-07-04"
HOME, AWAY = "Boston Red Sox", "New York Yankees"
SLUG = f"mlb-nyy-bos-{DAY}"


def played(number: int, hours: float, **changes: object) -> GameState:
    """Return game `number` of the series, so many hours after the first."""
    one = game(f"mlb:{number}", HOME, AWAY, f"{DAY}T17:00Z")
    moved = msgspec.structs.replace(one, start_ns=one.start_ns + round(hours * HOUR_NS))
    return msgspec.structs.replace(moved, **changes)


def listed(slug: str, hours: float | None, **changes: object) -> ListedEvent:
    """Return an event of the series, so many hours after the first or of the first day only."""
    one = event(slug, "New York Yankees vs. Boston Red Sox", f"{DAY}T17:05Z", event_date=DAY)
    start_ns = None if hours is None or one.start_ns is None else one.start_ns + hours * HOUR_NS
    return msgspec.structs.replace(
        one, start_ns=None if start_ns is None else round(start_ns), **changes
    )


FIRST, SECOND = listed(SLUG, 0), listed(f"{SLUG}-2", 4)
UNDATED, UNTIMED = played(2, -12, start_known=False), listed(f"{SLUG}-2", None)


@pytest.mark.parametrize(
    ("games", "events", "expected"),
    [
        # A day-night double-header, whole and in parts.
        ([played(1, 0), played(2, 4)], [SECOND, FIRST], {"mlb:1": 0, "mlb:2": 2}),
        ([played(1, 0), played(2, 4)], [SECOND], {"mlb:2": 2}),
        ([played(2, 4)], [FIRST], {}),
        ([played(1, 0)], [SECOND], {}),
        # The second has no hour yet, on one side or on both.
        ([played(1, 0), UNDATED], [FIRST, SECOND], {"mlb:1": 0, "mlb:2": 2}),
        ([played(1, 0), played(2, 4)], [FIRST, UNTIMED], {"mlb:1": 0, "mlb:2": 2}),
        ([played(1, 0), UNDATED], [FIRST, UNTIMED], {"mlb:1": 0, "mlb:2": 2}),
        # Both have none, or the second alone is here: nothing tells them apart.
        (
            [played(1, -12, start_known=False), UNDATED],
            [FIRST, SECOND],
            {},
        ),
        ([played(1, 0), played(2, 4)], [listed(SLUG, None), UNTIMED], {}),
        ([UNDATED], [FIRST], {}),
        # The venue lists both at the hour of the first.
        ([played(1, 0), played(2, 4)], [FIRST, listed(f"{SLUG}-2", 0)], {}),
        # A rain delay of two hours is still the same game; of four it is not certain.
        ([played(1, 2)], [FIRST], {"mlb:1": 0}),
        ([played(1, 4)], [FIRST], {}),
    ],
)
def test_double_header(
    games: list[GameState], events: list[ListedEvent], expected: dict[str, int]
) -> None:
    """Each game has the event of its hour, or none; the second's token is never the first's."""
    slugs = {
        game_id: f"{SLUG}-{number}" if number else SLUG for game_id, number in expected.items()
    }

    assert matched(match_slate(games, events)) == slugs
    assert matched(match_slate(games[::-1], events[::-1])) == slugs


def test_series_on_four_days_is_matched_day_by_day() -> None:
    """Back-to-back days of the same teams, in any order of the input."""
    games = [played(day, 24 * day + (day % 2) * 5) for day in range(4)]
    events = [
        listed(f"mlb-nyy-bos-2026-07-0{4 + day}", 24 * day + (day % 2) * 5) for day in range(4)
    ]

    slate = match_slate(games[::-1], events)

    assert slate.unmatched == ()
    assert matched(slate) == {f"mlb:{day}": f"mlb-nyy-bos-2026-07-0{4 + day}" for day in range(4)}
    for day in range(4):
        others = [one for place, one in enumerate(events) if place != day]
        assert f"mlb:{day}" not in matched(match_slate(games, others))


def test_slug_date_is_eastern_or_utc() -> None:
    """An evening game's slug may have either date; the start decides, not the slug."""
    one = game("nfl:1", "New York Giants", "Dallas Cowboys", "2026-09-14T00:20Z")
    for date in ("2026-09-13", "2026-09-14"):
        each = event(f"nfl-dal-nyg-{date}", "Cowboys vs. Giants", "2026-09-14T00:20Z")
        assert matched(match_slate([one], [each])) == {"nfl:1": each.slug}


@pytest.mark.parametrize("rest", ["-more-markets", "-player-props", "-halftime-result"])
def test_companion_is_never_the_game(rest: str) -> None:
    """An event with further markets of the game, even a moneyline, is passed over."""
    companion = msgspec.structs.replace(FIRST, event_id="c", slug=f"{SLUG}{rest}")

    assert matched(match_slate([played(1, 0)], [companion, FIRST])) == {"mlb:1": SLUG}
    assert reasons(match_slate([played(1, 0)], [companion])) == {"mlb:1": "no_event"}


def test_event_listed_anew_is_not_guessed() -> None:
    """Two events of one game at one time are refused, and the same event twice is one."""
    anew = msgspec.structs.replace(FIRST, event_id="new", slug=f"{SLUG}-3")

    assert matched(match_slate([played(1, 0)], [FIRST, FIRST])) == {"mlb:1": SLUG}
    assert set(reasons(match_slate([played(1, 0)], [FIRST, anew])).values()) == {"ambiguous"}


def test_market_in_two_events_belongs_to_neither_game() -> None:
    """Two games would be priced by one book: both are refused."""
    second = msgspec.structs.replace(SECOND, markets=FIRST.markets)

    slate = match_slate([played(1, 0), played(2, 4)], [FIRST, second])

    assert slate.games == ()
    assert reasons(slate) == {"mlb:1": "market_taken", "mlb:2": "market_taken"}


def test_women_and_men_of_one_school_stay_apart() -> None:
    """The same schools meet at the same hour in both leagues."""
    moment = "2026-01-10T19:00Z"
    games = [game(f"{key}:1", "Duke", "North Carolina", moment) for key in ("ncaamb", "ncaawb")]
    events = [
        event(f"{code}-unc-duke-2026-01-10", "North Carolina vs. Duke", moment)
        for code in ("cbb", "cwbb")
    ]

    assert matched(match_slate(games, events)) == {
        "ncaamb:1": events[0].slug,
        "ncaawb:1": events[1].slug,
    }
    assert matched(match_slate(games[:1], events[1:])) == {}


def test_swapped_outcomes_follow_the_names() -> None:
    """Whatever order slug, teams, market and tokens have, a side is its name."""
    for title in (f"{AWAY} vs. {HOME}", f"{HOME} vs. {AWAY}"):
        for shown in ((HOME, AWAY), (AWAY, HOME)):
            for home in (HOME, AWAY):
                each = event(
                    SLUG, title, f"{DAY}T17:00Z", labels=shown, teams=teams(HOME, AWAY, home)
                )
                found = labels(match_slate([played(1, 0)], [each]), "mlb:1")
                assert found == {"home": HOME, "away": AWAY}


def test_market_without_a_type_is_known_by_its_slug() -> None:
    """An older event has no types: its own slug is the moneyline, parts of the game are not."""
    parts = [
        market(f"{SLUG}-f5", (AWAY, HOME), None, "First 5 innings"),
        market(f"{SLUG}-spread-home-1pt5", (HOME, AWAY), None, "Spread"),
        market(SLUG, (AWAY, HOME), None),
    ]
    each = msgspec.structs.replace(FIRST, markets=tuple(parts))

    slate = match_slate([played(1, 0)], [each])

    assert [one.market_slug for one in slate.games[0].outcomes] == [SLUG, SLUG]


def test_postponed_game_of_a_series_keeps_to_its_day() -> None:
    """The next day's event is not that of yesterday's rain, whoever is missing."""
    off = played(1, 0, status="postponed", phase="post")
    tomorrow = listed("mlb-nyy-bos-2026-07-05", 24)

    assert matched(match_slate([off], [tomorrow])) == {}
    moved = msgspec.structs.replace(off, start_ns=off.start_ns + DAY_NS - 5 * HOUR_NS)
    assert matched(match_slate([moved], [FIRST, tomorrow])) == {}
