from __future__ import annotations

from flows.connector_settings import (
    discovery_settings,
    open_budgets,
    poll_settings,
    rest_settings,
)
from flows.inbox import Inbox
from flows.sections import Budgets, Espn, Polymarket
from flows.settings import Settings
from flows.venue import Venue, live_venue, venue_at

NOWHERE = "http://127.0.0.1:9"


def test_the_real_venues_are_asked_at_the_configured_pace() -> None:
    """What the user wrote is what the connectors are told."""
    settings = Settings(
        espn=Espn(live_s=7, idle_s=20, quiet_s=90),
        polymarket=Polymarket(discover_s=120, witness_s=45),
    )
    live = live_venue(settings)
    told = poll_settings(settings, live)

    assert (told.live_s, told.idle_s, told.quiet_s) == (7, 20, 90)
    assert discovery_settings(settings, live).every_s == 120
    assert rest_settings(settings, live).witness_s == 45


def test_a_simulator_is_asked_more_often() -> None:
    """It plays many minutes in one, and has a clock of its own."""
    settings = Settings()
    simulator = venue_at(settings, NOWHERE)
    told = poll_settings(settings, simulator)

    assert (told.live_s, told.idle_s, told.quiet_s) == (0.25, 1.0, 1.0)
    assert discovery_settings(settings, simulator).after_s is None
    assert rest_settings(settings, simulator).witness_s == 1.0


def test_budgets_grow_on_a_simulator_only() -> None:
    """The real venues are asked as often as is configured, a simulator as often as it is faster."""
    settings = Settings(budgets=Budgets(espn_per_minute=30, simulated_times=2.5))

    def limits(at: Venue) -> dict[str, int]:
        emit = Inbox(1).put
        return {name: each._limit for name, each in open_budgets(settings, at, emit).items()}

    assert limits(live_venue(settings)) == {
        "espn:scoreboard": 30, "gamma:events": 60, "gamma:sports": 10, "clob:books": 50,
        "clob:markets": 50,
    }  # fmt: skip
    assert limits(venue_at(settings, NOWHERE)) == {
        "espn:scoreboard": 75, "gamma:events": 150, "gamma:sports": 25, "clob:books": 125,
        "clob:markets": 125,
    }  # fmt: skip


def test_processes_divide_the_budgets() -> None:
    """Together they ask no more than one would; none is left without any."""
    settings = Settings(budgets=Budgets(espn_per_minute=31, gamma_sports_per_10_s=2))
    budgets = open_budgets(settings, live_venue(settings), Inbox(1).put, processes=3)

    assert {name: each._limit for name, each in budgets.items()} == {
        "espn:scoreboard": 10, "gamma:events": 20, "gamma:sports": 1, "clob:books": 16,
        "clob:markets": 16,
    }  # fmt: skip
