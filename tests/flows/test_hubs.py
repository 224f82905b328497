from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from attached import attached, collect, controls, running, slates, snapshots, until

from flows.hubs import Hubs, first_cause, heard
from flows.inbox import Arrival
from flows.sections import Budgets, Feeds, Simulator
from flows.settings import Settings
from flows.venue import open_venue
from fusion.errors import FeedError
from fusion.frames import (
    BudgetChanged,
    Connected,
    Disconnected,
    Gap,
    HttpStatus,
    SessionStarted,
    SlateMatched,
)
from fusion.score_witness import SPORTS_LINK
from fusion.share import hub_of
from fusion.slate import Slate, Unmatched

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def venue() -> Iterator[str]:
    """Run a simulator and return its base URL."""
    with open_venue(Settings(simulator=Simulator(speed=60.0))) as opened:
        yield opened.espn_url


def test_session_starts_with_its_name_and_finds_its_slate(venue: str) -> None:
    """A session says what it is, puts its slate on record, and only then has books of it."""
    with running(Settings(venue=venue)) as hub:
        arrivals = collect(hub, lambda found: len(set(snapshots(found))) >= 20)

    seen = controls(arrivals)
    first_book = next(i for i, each in enumerate(arrivals) if snapshots([each]))
    assert seen[0] == SessionStarted("0.1.0", venue)
    assert any(isinstance(each, SlateMatched) for each in controls(arrivals[:first_book]))
    assert any(isinstance(each, Connected) for each in seen)
    assert {token for market in slates(arrivals)[-1].open_markets() for token in market} >= set(
        snapshots(arrivals)
    )


def test_clock_ticks_every_second(venue: str) -> None:
    """A clock frame comes every `feeds.clock_s`, whether or not anything happens."""
    fast = Feeds(clock_s=0.1)
    with running(Settings(venue=venue, feeds=fast)) as hub:
        arrivals = collect(hub, lambda found: sum(a.source == "clock" for a in found) >= 5)

    times = [each.recv_ns for each in arrivals if each.source == "clock"]
    assert 0.3e9 < times[4] - times[0] < 3e9


def test_stop_ends_the_thread_without_an_error(venue: str) -> None:
    """A hub that is asked to end does so soon, and nothing is wrong."""
    with running(Settings(venue=venue)) as hub:
        collect(hub, lambda found: len(found) > 10)
        asked = time.monotonic()
        hub.stop()
        until(hub.ended)

    hub.check()
    assert time.monotonic() - asked < 5


def test_unreachable_venue_is_waited_for() -> None:
    """A venue that does not answer ends nothing: every failed request is on record."""
    with running(Settings(venue=NOWHERE, leagues=["nba", "nhl"])) as hub:
        arrivals = collect(
            hub,
            lambda found: (
                {each.source for each in controls(found) if isinstance(each, HttpStatus)}
                >= {"espn:nba", "espn:nhl", "gamma:sports"}
            ),
        )

    failed = [each for each in controls(arrivals) if isinstance(each, HttpStatus)]
    assert {each.status for each in failed} == {0}
    lost = [each for each in controls(arrivals) if isinstance(each, Disconnected)]
    assert {each.link for each in lost} <= {SPORTS_LINK}


def test_full_inbox_is_a_gap_and_asks_for_snapshots(venue: str) -> None:
    """After frames were lost on our side, every subscribed book gets a new snapshot."""
    small = Feeds(queue_frames=300)
    with running(Settings(venue=venue, feeds=small)) as hub:
        until(lambda: len(hub.inbox) == 300)
        time.sleep(0.5)
        before = hub.inbox.take(1_000, 0.0)
        known = set(snapshots(before))
        after = collect(
            hub,
            lambda found: (
                any(isinstance(each, Gap) for each in controls(found))
                and set(snapshots(found)) >= known
            ),
        )

    gap = next(each for each in controls(after) if isinstance(each, Gap))
    assert gap.dropped > 0
    assert known


def test_dead_connector_is_an_error_with_its_reason() -> None:
    """What ended the thread before its time is raised to whoever asks."""
    hubs = Hubs(Settings(simulator=Simulator(seed=-1)))
    hub = hubs.hubs[0]
    hub.start()
    until(hub.ended)

    assert hubs.failed()
    with pytest.raises(FeedError, match="the feeds stopped: the simulator did not start"):
        hub.check()


def test_a_spent_budget_is_on_record_and_loses_no_league(venue: str) -> None:
    """With far fewer requests than are wanted each league is still asked for, later."""
    few = Budgets(gamma_events_per_10_s=2, simulated_times=1.0)
    with running(Settings(venue=venue, budgets=few, leagues=["nba", "nfl"])) as hub:
        arrivals = collect(
            hub, lambda found: sum(each.source == "gamma:events" for each in found) >= 2
        )

    changed = next(each for each in controls(arrivals) if isinstance(each, BudgetChanged))
    lists = [each.recv_ns for each in arrivals if each.source == "gamma:events"]
    assert changed == BudgetChanged("gamma:events", "exhausted", 2, 2)
    assert lists[1] - lists[0] > 1.5e9


def test_a_game_is_refused_only_once_its_league_was_listed() -> None:
    """Before the first listing of a league nobody can say that a game has no event."""
    waiting = Unmatched("nba", "nba:1", "", "no_event")
    unclear = Unmatched("nba", "nba:2", "", "ambiguous", "two events")
    slate = Slate((), (waiting, unclear))

    assert heard(slate, ()).unmatched == (unclear,)
    assert heard(slate, {"nba"}) == slate


def sources(arrivals: list[Arrival]) -> set[str]:
    """Return what arrived, by where it came from."""
    return {each.source for each in arrivals}


def test_hubs_share_the_games_and_hear_the_same_boards(venue: str) -> None:
    """Each hub has the slate and the books of its share, and every scoreboard, polled once."""
    settings = Settings(venue=venue, leagues=["nba", "nfl", "mlb"], feeds=Feeds(hubs=2))
    with attached(settings) as hubs:
        found = [
            collect(hub, lambda seen: bool(slates(seen)) and len(slates(seen)[-1].games) >= 2)
            for hub in hubs.hubs
        ]
        for number, hub in enumerate(hubs.hubs):
            found[number] += collect(hub, lambda seen: bool(snapshots(seen)))

    games = [{game.game_id for game in slates(each)[-1].games} for each in found]
    boards = [[a.payload for a in each if a.source.startswith("espn:")] for each in found]
    assert [{hub_of(game_id, 2) for game_id in each} for each in games] == [{0}, {1}]
    assert [controls(each)[0] for each in found] == [
        SessionStarted("0.1.0", venue, tells=True),
        SessionStarted("0.1.0", venue, tells=False),
    ]
    assert set(boards[0]) & set(boards[1])
    for seen in found:
        listed = {token for market in slates(seen)[-1].open_markets() for token in market}
        assert set(snapshots(seen)) <= listed


def test_a_hub_that_comes_late_misses_nothing(venue: str) -> None:
    """It gets the slate at once and every scoreboard whole, though they were polled before."""
    leagues = ["nba", "nfl"]
    hubs = Hubs(Settings(venue=venue, leagues=leagues, feeds=Feeds(hubs=2)))
    first, late = hubs.hubs
    first.start()
    collect(first, lambda seen: bool(slates(seen)) and len(slates(seen)[-1].games) >= 1)
    late.start()
    wanted = {f"espn:{league}" for league in leagues}
    arrivals = collect(late, lambda seen: sources(seen) >= wanted and bool(slates(seen)))
    hubs.stop()
    until(hubs.ended)

    kinds = [type(each) for each in controls(arrivals)]
    assert kinds[:2] == [SessionStarted, SlateMatched]
    assert {hub_of(game.game_id, 2) for game in slates(arrivals)[-1].games} == {1}


def test_a_hub_that_comes_after_the_end_has_ended() -> None:
    """Nothing is started again for it."""
    hubs = Hubs(Settings(venue=NOWHERE, leagues=["nba"], feeds=Feeds(hubs=2)))
    first, late = hubs.hubs
    first.start()
    hubs.stop()
    until(first.ended)
    late.start()

    assert (late.ended(), late.inbox.take(10, 0.0)) == (True, [])
    late.check()


def test_the_first_cause_is_told() -> None:
    """Of errors in groups, the message is that of what was wrong."""
    cause = FeedError("no way there")
    group = BaseExceptionGroup("tasks", [BaseExceptionGroup("hub", [cause]), KeyError()])

    assert first_cause(group) is cause
    assert first_cause(cause) is cause
