from __future__ import annotations

import time
from threading import Event, Thread, Timer

from flows.inbox import Arrival, Inbox
from fusion.frames import Gap, SessionStarted, encode_control

FULL = "the queue was full: the flow is slower than the feeds"


def ticking(*times_ns: int) -> Inbox:
    """Return an inbox of three places whose clock tells these times, one after the other."""
    times = iter(times_ns)
    return Inbox(3, lambda: next(times))


def test_arrivals_are_taken_in_order_and_in_batches() -> None:
    """What was left first is taken first, at most so many at once."""
    inbox = ticking(10, 20, 30)
    for number in range(3):
        inbox.put("espn:nba", b"%d" % number)

    assert len(inbox) == 3
    assert inbox.take(2, 0) == [Arrival(10, "espn:nba", b"0"), Arrival(20, "espn:nba", b"1")]
    assert inbox.take(2, 0) == [Arrival(30, "espn:nba", b"2")]
    assert (len(inbox), inbox.take(2, 0)) == (0, [])


def test_receive_times_never_go_back() -> None:
    """A clock that is set back holds the time still until it has caught up."""
    inbox = ticking(10, 7, 12)
    for _ in range(3):
        inbox.put("clock", b"")

    assert [arrival.recv_ns for arrival in inbox.take(3, 0)] == [10, 10, 12]


def test_control_is_an_arrival_of_our_own() -> None:
    """What Fairline says itself goes on record by the same way."""
    inbox = ticking(10)
    inbox.control(SessionStarted("1", "live"))

    told = b'{"kind":"session","version":"1","venue":"live","tells":true}'
    assert inbox.take(1, 0) == [Arrival(10, "control", told)]


def test_overflow_is_told_before_the_next_arrival() -> None:
    """What does not fit is counted, and the next that fits stands behind a gap."""
    inbox = ticking(1, 2, 3, 4, 5, 6)
    for name in (b"a", b"b", b"c", b"lost", b"lost too"):
        inbox.put("polymarket:market:0", name)
    assert (inbox.gaps, [arrival.payload for arrival in inbox.take(9, 0)]) == (
        0,
        [b"a", b"b", b"c"],
    )

    inbox.put("polymarket:market:0", b"d")
    inbox.put("polymarket:market:0", b"e")

    assert inbox.gaps == 1
    assert inbox.take(9, 0) == [
        Arrival(4, "control", encode_control(Gap(FULL, 2))),
        Arrival(5, "polymarket:market:0", b"d"),
        Arrival(6, "polymarket:market:0", b"e"),
    ]


def test_every_overflow_is_a_gap_of_its_own() -> None:
    """The count starts anew with each gap."""
    inbox = Inbox(1)
    for _ in range(2):
        inbox.put("clock", b"")
        inbox.put("clock", b"lost")
        inbox.take(9, 0)
    inbox.put("clock", b"")

    gaps = [arrival for arrival in inbox.take(9, 0) if arrival.source == "control"]
    assert inbox.gaps == 2
    assert [gap.payload for gap in gaps] == [encode_control(Gap(FULL, 1))]


def test_take_waits_for_the_first_only() -> None:
    """An empty inbox is waited for so long; one with something in it is not."""
    inbox = Inbox(3)
    started = time.monotonic()
    assert inbox.take(5, 0.05) == []
    waited = time.monotonic() - started
    inbox.put("clock", b"")
    started = time.monotonic()
    taken = inbox.take(5, 10)

    assert waited >= 0.05
    assert ([arrival.source for arrival in taken], time.monotonic() - started < 5) == (
        ["clock"],
        True,
    )


def test_an_arrival_wakes_who_waits() -> None:
    """What another thread leaves is had at once, not when the patience ends."""
    inbox = Inbox(3)

    def later() -> None:
        time.sleep(0.05)
        inbox.put("clock", b"tick")

    thread = Thread(target=later)
    thread.start()
    started = time.monotonic()
    taken = inbox.take(1, 20)
    thread.join()

    assert [arrival.payload for arrival in taken] == [b"tick"]
    assert time.monotonic() - started < 10


def test_inboxes_with_one_bell_are_waited_for_together() -> None:
    """Who waits for an inbox comes back when something is in the other, and misses nothing."""
    bell, first, second = Event(), Inbox(9), Inbox(9)
    for inbox in (first, second):
        inbox.ring(bell)
    Timer(0.05, second.put, ("clock", b"1")).start()
    begun = time.monotonic()
    quiet = first.take(9, 5.0)
    waited = time.monotonic() - begun
    there = second.take(9, 5.0)
    begun = time.monotonic()
    nothing = [first.take(9, 0.05), second.take(9, 0.05)]

    assert (quiet, [each.payload for each in there], nothing) == ([], [b"1"], [[], []])
    assert 0.04 < waited < 2.0
    assert time.monotonic() - begun >= 0.09
