"""What a reader wants: times with open ends, sources whole or by their beginning."""

from __future__ import annotations

import pytest

from connectors.journal.wanted import EVERYTHING, Wanted
from fusion.frames import Frame


@pytest.mark.parametrize(
    ("wanted", "has"),
    [
        (EVERYTHING, True),
        (Wanted(since_ns=10), True),
        (Wanted(since_ns=11), False),
        (Wanted(until_ns=11), True),
        (Wanted(until_ns=10), False),
        (Wanted(since_ns=0, until_ns=11), True),
        (Wanted(sources=frozenset({"espn:nba"})), True),
        (Wanted(sources=frozenset({"clock", "espn:"})), True),
        (Wanted(sources=frozenset({"espn"})), False),
        (Wanted(sources=frozenset({"espn:nb"})), False),
        (Wanted(sources=frozenset({"espn:nba:1"})), False),
        (Wanted(since_ns=0, until_ns=11, sources=frozenset({"clock"})), False),
    ],
)
def test_frame_is_wanted_for_its_time_and_source(wanted: Wanted, has: bool) -> None:
    """The start is included and the end is not; a beginning ends in a colon."""
    assert wanted.has(Frame(0, 10, "espn:nba", b"")) == has


@pytest.mark.parametrize(
    ("first_ns", "last_ns", "may"),
    [(0, 9, False), (0, 10, True), (12, 15, True), (19, 99, True), (20, 99, False), (0, 99, True)],
)
def test_interval_may_hold_wanted_times(first_ns: int, last_ns: int, may: bool) -> None:
    """An interval that touches the wanted one may not be passed over."""
    assert Wanted(since_ns=10, until_ns=20).has_time(first_ns, last_ns) == may


@pytest.mark.parametrize(
    ("wanted", "has_all"),
    [
        (EVERYTHING, True),
        (Wanted("s", 7), True),
        (Wanted(hub=1), True),
        (Wanted(since_ns=0), False),
        (Wanted(until_ns=0), False),
        (Wanted(sources=frozenset({"clock"})), False),
    ],
)
def test_position_alone_asks_nothing_of_a_frame(wanted: Wanted, has_all: bool) -> None:
    """Frames need only be looked at for a time or a source."""
    assert wanted.has_all() == has_all
