from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from connectors.espn.cadence import USER_AGENT, PollSettings, next_poll_s, slate_days
from fusion.game import GameState, Phase, Team

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
        ([game("pre", 601)], 60.0),
        ([game("pre", 640)], 60.0),
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


def test_user_agent_passes_the_filter() -> None:
    """The product token that ESPN lets in comes first, who we are after it."""
    first, second, contact = USER_AGENT.split(" ", 2)

    assert first.startswith("python-requests/2.")
    assert second.startswith("fairline/")
    assert contact.startswith("(+https://")
