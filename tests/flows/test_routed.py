from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from bytewax.inputs import FixedPartitionedSource, StatefulSourcePartition
from bytewax.testing import TestingSource
from factories import AWAY, HOME, LINK, listing
from payloads import (
    book_body,
    control,
    espn_event,
    frame,
    gamma_event,
    listing_body,
    market_frame,
    scoreboard,
)

from flows.route import Routed, Router
from flows.routed import RoutedPartition, RoutedSource
from flows.snapshots import VERSION
from fusion.errors import RecoveryError
from fusion.events import Ended, Listed, Scored
from fusion.frames import Connected, Disconnected, Frame, SlateMatched
from fusion.share import Share, hub_of
from fusion.slate import Slate

FINAL = scoreboard(espn_event(phase="post", home=99, away=80))
AFTER = scoreboard(espn_event(phase="post", home=101, away=80))
NIGHT = [
    control(1, Connected(LINK)),
    market_frame(2, book_body(HOME), book_body(AWAY, "0.39", "0.41")),
    frame(3, "espn:nba", scoreboard(espn_event(home=56, away=55))),
    frame(4, "clock", ""),
    frame(5, "polymarket:market:0", "garbage"),
    frame(6, "espn:nba", FINAL, at_s=10),
    frame(7, "clock", "", at_s=11),
    frame(8, "clock", "", at_s=700),
    frame(9, "espn:nba", FINAL, at_s=701),
    market_frame(10, book_body(HOME, "0.98", "0.99", ms=9)),
    control(11, Disconnected(LINK)),
    frame(12, "espn:nba", AFTER, at_s=702),
    frame(13, "clock", "", at_s=1400),
]
MATCHED = [control(0, SlateMatched(Slate((listing(),)))), *NIGHT]
UNMATCHED = [frame(0, "gamma:events", listing_body(gamma_event())), *NIGHT]


def new_router(share: Share) -> Router:
    """Return a router with a share."""
    return Router(share=share)


def parts(frames: list[Frame], *cuts: int) -> list[Routed]:
    """Route frames, with a snapshot and a new router at each cut."""
    routed: list[Routed] = []
    snapshot: Any = None
    for start, end in pairwise([0, *cuts, len(frames)]):
        source = RoutedSource(TestingSource(frames[start:end], 99), new_router)
        if snapshot is not None:
            version, (_, router) = snapshot
            snapshot = version, (0, router)
        partition = source.build_part("feeds", "iterable", snapshot)
        routed += partition.next_batch()
        snapshot = partition.snapshot()
    return routed


@pytest.mark.parametrize("frames", [MATCHED, UNMATCHED])
def test_a_restored_router_goes_on_exactly(frames: list[Frame]) -> None:
    """Wherever a night is cut, and however often, what comes out is the same."""
    whole = Router()(frames)

    for cut in range(1, len(frames)):
        assert parts(frames, cut) == whole
    assert parts(frames, *range(1, len(frames))) == whole


def test_a_game_is_let_go_and_comes_back_when_it_changes() -> None:
    """Ten minutes after its end a game ends; only another result brings it back, once more."""
    told = [type(event) for key, event in Router()(MATCHED) if key == "nba:401"]

    first = told.index(Ended)
    assert told[first:] == [Ended, Listed, Scored, Ended]


def test_settings_are_those_of_the_restart() -> None:
    """What a person changed in between holds for games and links that were known before, too."""
    ended, quiet = MATCHED[:7], [*MATCHED[:4], frame(5, "polymarket:market:0", "PONG", at_s=9)]
    clock = [frame(20, "clock", "", at_s=32)]

    def told(known: list[Frame], doubt_s: float, ended_s: float) -> set[str]:
        before, after = Router(30.0, ended_s=600.0), Router(doubt_s, ended_s=ended_s)
        before(known)
        after.restore(before.snapshot())
        return {type(event).__name__ for _, event in after(clock)}

    assert told(ended, 30.0, 600.0) == set()
    assert told(ended, 30.0, 20.0) == {"Ended"}
    assert told(quiet, 60.0, 600.0) == {"Ticked"}
    assert told(quiet, 25.0, 600.0) == {"LinkDoubted", "Ticked"}


def test_both_states_come_back() -> None:
    """The position of the frames is that of the snapshot, too."""
    source = RoutedSource(TestingSource(MATCHED, 1), new_router)
    partition = source.build_part("feeds", "iterable", None)
    before = [each for _ in range(4) for each in partition.next_batch()]
    again = source.build_part("feeds", "iterable", partition.snapshot())
    after = [each for _ in MATCHED[4:] for each in again.next_batch()]

    assert before + after == Router()(MATCHED)
    assert source.list_parts() == ["iterable"]


def test_state_of_another_version_is_refused() -> None:
    """The error says how to go on."""
    source = RoutedSource(TestingSource(MATCHED, 1), new_router)
    with pytest.raises(RecoveryError, match=r"fairline run --new"):
        source.build_part("feeds", "iterable", (VERSION + 1, (0, b"")))


def test_waking_and_closing_are_those_of_the_frames() -> None:
    """The partition hands on when it is to be woken, and that it is closed."""
    closed: list[bool] = []

    class Frames(StatefulSourcePartition[Frame, None]):
        def next_batch(self) -> list[Frame]:
            return []

        def next_awake(self) -> None:
            return None

        def snapshot(self) -> None:
            return None

        def close(self) -> None:
            closed.append(True)

    partition = RoutedPartition(Frames(), Router())
    assert (partition.next_batch(), partition.next_awake()) == ([], None)
    partition.close()
    assert closed == [True]


def test_each_partition_has_a_router_with_its_share() -> None:
    """Of one stream that comes to three hubs, each emits the games that are its own."""
    source = RoutedSource(Repeated(MATCHED, 3), new_router)
    emitted = [
        {key for key, _ in source.build_part("feeds", part, None).next_batch() if key != "none"}
        for part in source.list_parts()
    ]

    assert emitted == [{"nba:401"} if hub == hub_of("nba:401", 3) else set() for hub in range(3)]


class Repeated(FixedPartitionedSource[Frame, None]):
    """The same frames in each of some partitions."""

    def __init__(self, frames: list[Frame], parts: int) -> None:
        self._frames = frames
        self._parts = parts

    def list_parts(self) -> list[str]:
        """Return a partition a hub."""
        return [f"hub-{number}" for number in range(self._parts)]

    def build_part(self, step_id: str, for_part: str, resume_state: None) -> Any:
        """Return a partition that emits all in one batch."""
        return TestingSource(self._frames, 99).build_part(step_id, "iterable", None)
