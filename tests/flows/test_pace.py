"""When a recorded frame is due."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.pace import Pace, Pacer

SECOND = 1_000_000_000
NIGHT = 1_795_000_000 * SECOND
TIMES = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("speed", "at_s", "reached_s"), [(1.0, 3, 3), (60.0, 3, 180), (0.5, 3, 1.5), (2.0, 0, 0)]
)
def test_the_night_passes_at_its_speed(speed: float, at_s: int, reached_s: float) -> None:
    """What is reached is so many times what has passed on the clock."""
    pace = Pace(first_recv_ns=NIGHT, started_ns=7, speed=speed)
    assert pace.reached_ns(7 + at_s * SECOND) == NIGHT + round(reached_s * SECOND)


@pytest.mark.parametrize(
    ("recv_s", "now_s", "wait_s"),
    [(10, 0, 5.0), (10, 4, 1.0), (10, 5, 0.0), (10, 9, 0.0), (-9, 0, 0.0)],
)
def test_a_frame_waits_until_it_is_due(recv_s: int, now_s: int, wait_s: float) -> None:
    """At twice the speed the tenth second is due after five; what is earlier is due at once."""
    pace = Pace(first_recv_ns=NIGHT, started_ns=0, speed=2.0)
    assert pace.wait_s(NIGHT + recv_s * SECOND, now_s * SECOND) == wait_s


@given(TIMES, TIMES, st.floats(0.01, 10_000))
def test_who_waits_so_long_waits_no_more(recv_ns: int, now_ns: int, speed: float) -> None:
    """After the wait that was told, and a millisecond, a frame is due."""
    pace = Pace(first_recv_ns=0, started_ns=0, speed=speed)
    later_ns = now_ns + round(pace.wait_s(recv_ns, now_ns) * SECOND) + 1_000_000
    assert pace.wait_s(recv_ns, later_ns) == 0.0


def test_pace_begins_with_the_first_frame_of_the_window() -> None:
    """What is before the window is due at once, however long it is; the clock starts behind it."""
    clock = [100 * SECOND]
    pacer = Pacer(10.0, from_ns=NIGHT, now_ns=lambda: clock[0])
    before = pacer.wait_s(NIGHT - 3600 * SECOND), pacer.wait_s(NIGHT - 1)
    clock[0] += 50 * SECOND
    first = pacer.wait_s(NIGHT + 5 * SECOND)
    clock[0] += SECOND

    assert (before, first) == ((0.0, 0.0), 0.0)
    assert pacer.wait_s(NIGHT + 25 * SECOND) == 1.0


def test_hubs_share_a_pace() -> None:
    """The first frame of any hub begins the night for all of them."""
    clock = [0]
    pacer = Pacer(1.0, now_ns=lambda: clock[0])
    assert [pacer.wait_s(NIGHT + second * SECOND) for second in (2, 3, 1)] == [0.0, 1.0, 0.0]
