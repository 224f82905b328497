from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from connectors.espn.cadence import (
    USER_AGENT,
    PollSettings,
    next_poll_s,
    pace_of,
    settings_of,
    slate_days,
)
from fusion.game import GameState, Phase, Team
from fusion.leagues import LEAGUES

NOW_NS = 1_767_313_800_000_000_000
SETTINGS = PollSettings()


def game(phase: Phase, start_s: float = 0.0, *, start_known: bool = True) -> GameState:
    """Return a game that starts `start_s` from now."""
    return GameState(
        game_id="nba:1",
        league="nba",
        start_ns=NOW_NS + int(start_s * 1e9),
        home=Team("1", "A", "A"),
        away=Team("2", "B", "B"),
        phase=phase,
        status="",
        completed=False,
        home_score=0,
        away_score=0,
        period=0,
        clock_s=None,
        start_known=start_known,
    )


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-01-02T00:30:00", [date(2026, 1, 1)]),
        ("2026-01-02T04:59:59", [date(2026, 1, 1)]),
        ("2026-01-02T05:00:00", [date(2026, 1, 2), date(2026, 1, 1)]),
        ("2026-01-02T16:59:59", [date(2026, 1, 2), date(2026, 1, 1)]),
        ("2026-01-02T17:00:00", [date(2026, 1, 2)]),
        # In summer it is UTC-4, in winter above UTC-5.
        ("2026-07-01T04:00:00", [date(2026, 7, 1), date(2026, 6, 30)]),
        ("2026-07-01T16:00:00", [date(2026, 7, 1)]),
        # The clocks go forward on 8 March 2026 at 07:00 UTC and back on 1 November at 06:00.
        ("2026-03-08T15:59:59", [date(2026, 3, 8), date(2026, 3, 7)]),
        ("2026-03-08T16:00:00", [date(2026, 3, 8)]),
        ("2026-11-01T16:59:59", [date(2026, 11, 1), date(2026, 10, 31)]),
        ("2026-11-01T17:00:00", [date(2026, 11, 1)]),
        # The nights before: midnight is still at 05:00 UTC in March, still at 04:00 in November.
        ("2026-03-08T04:59:59", [date(2026, 3, 7)]),
        ("2026-03-08T05:00:00", [date(2026, 3, 8), date(2026, 3, 7)]),
        ("2026-03-09T03:59:59", [date(2026, 3, 8)]),
        ("2026-03-09T04:00:00", [date(2026, 3, 9), date(2026, 3, 8)]),
        ("2026-11-01T03:59:59", [date(2026, 10, 31)]),
        ("2026-11-01T04:00:00", [date(2026, 11, 1), date(2026, 10, 31)]),
        ("2026-11-02T04:59:59", [date(2026, 11, 1)]),
        ("2026-11-02T05:00:00", [date(2026, 11, 2), date(2026, 11, 1)]),
    ],
)
def test_slate_days(now: str, days: list[date]) -> None:
    """The slate is today in New York, and yesterday until noon there."""
    assert slate_days(datetime.fromisoformat(now).replace(tzinfo=UTC)) == tuple(days)


@pytest.mark.parametrize(
    ("games", "expected"),
    [
        ([], 60.0),
        ([game("post")], 60.0),
        ([game("post"), game("in")], 5.0),
        ([game("pre", 3 * 3600)], 60.0),
        ([game("pre", 661)], 60.0),
        ([game("pre", 640)], 40.0),
        ([game("pre", 601)], 15.0),
        ([game("pre", 600)], 15.0),
        ([game("pre", 7)], 7.0),
        ([game("pre", 1)], 2.0),
        ([game("pre", 0)], 5.0),
        ([game("pre", -1800)], 5.0),
        ([game("pre", -5 * 3600)], 60.0),
        ([game("pre", -5 * 3600), game("pre", 300)], 15.0),
        ([game("pre", -60, start_known=False)], 60.0),
        ([game("pre", 300, start_known=False)], 60.0),
    ],
)
def test_next_poll(games: list[GameState], expected: float) -> None:
    """The pace follows the games: live, about to start, overdue, or quiet."""
    assert next_poll_s(games, NOW_NS, SETTINGS) == expected


def test_quiet_ends_at_the_next_start() -> None:
    """However long the quiet pause is set, it does not run past the next start."""
    lazy = PollSettings(quiet_s=7200.0, idle_s=3600.0)

    assert next_poll_s([game("pre", 1800)], NOW_NS, lazy) == 1800.0
    assert next_poll_s([game("pre", 30)], NOW_NS, lazy) == 30.0


def test_the_floor_holds() -> None:
    """No setting polls faster than the floor, and the floor is a setting."""
    assert next_poll_s([game("in")], NOW_NS, PollSettings(live_s=0.1)) == 2.0
    assert next_poll_s([game("in")], NOW_NS, PollSettings(live_s=0.1, floor_s=0.05)) == 0.1


@pytest.mark.parametrize("factor", [0.9, 1.0, 1.1, 2.0])
def test_no_spread_runs_past_a_start(factor: float) -> None:
    """The pace is spread or stretched, the moments at which games begin are not."""
    assert next_poll_s([game("in")], NOW_NS, SETTINGS, factor=factor) == 5.0 * factor
    assert next_poll_s([game("pre", 9999)], NOW_NS, SETTINGS, factor=factor) == 60.0 * factor
    assert next_poll_s([game("pre", 630)], NOW_NS, SETTINGS, factor=factor) == 30.0
    assert next_poll_s([game("pre", 7)], NOW_NS, SETTINGS, factor=factor) == 7.0


HOUR_NS = 3600 * 10**9


def final(start_s: float, **changes: object) -> GameState:
    """Return a game that is over and has a result."""
    return msgspec.structs.replace(game("post", start_s), **{"completed": True, **changes})


@pytest.mark.parametrize(
    ("games", "since_ns", "expected"),
    [
        pytest.param([], NOW_NS, 60.0, id="no games, first sight"),
        pytest.param([], NOW_NS - 1, 300.0, id="no games, as off season"),
        pytest.param([final(-9000)], NOW_NS - HOUR_NS // 2, 300.0, id="over for half an hour"),
        pytest.param([final(-9000)], NOW_NS - HOUR_NS // 2 + 10**9, 60.0, id="over of late"),
        pytest.param([final(-8 * 3600)], NOW_NS, 300.0, id="began eight hours ago"),
        pytest.param([final(-8 * 3600 + 1)], NOW_NS, 60.0, id="may have ended just now"),
        pytest.param(
            [final(-9000), game("post", -9000)], 0, 60.0, id="one is over without a result"
        ),
        pytest.param(
            [final(-9000), final(-9000, completed=False, status="postponed")], 0, 300.0,
            id="one was never played",
        ),
        pytest.param([final(-9000), game("pre", 9000)], 0, 60.0, id="one is to come"),
        pytest.param([final(-9000), game("pre", 300)], 0, 15.0, id="one is about to begin"),
        pytest.param([final(-9000), game("in", -9000)], 0, 5.0, id="one is on"),
    ],
)  # fmt: skip
def test_nothing_left_to_happen(games: list[GameState], since_ns: int, expected: float) -> None:
    """A board is polled rarely when all of it is over for good, or there are no games at all."""
    assert next_poll_s(games, NOW_NS, SETTINGS, since_ns=since_ns) == expected
    assert (pace_of(games, NOW_NS, since_ns) == "done") is (expected == 300.0)


def test_a_league_has_its_own_pace() -> None:
    """Where a league says how it is polled, that counts; the rest is as for all."""
    nba = msgspec.structs.replace(LEAGUES["nba"], live_s=3.0, quiet_s=120.0)

    assert settings_of(nba, SETTINGS) == msgspec.structs.replace(
        SETTINGS, live_s=3.0, quiet_s=120.0
    )
    assert settings_of(LEAGUES["nba"], SETTINGS) == SETTINGS


def test_user_agent_passes_the_filter() -> None:
    """The product token that ESPN lets in comes first, who we are after it."""
    first, second, contact = USER_AGENT.split(" ", 2)

    assert first.startswith("python-requests/2.")
    assert second.startswith("fairline/")
    assert contact.startswith("(+https://")
