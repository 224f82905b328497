from __future__ import annotations

from fusion.link_watch import LinkWatch

SECOND = 1_000_000_000


def test_link_that_answers_and_brings_nothing_is_doubted() -> None:
    """Thirty seconds of PONGs without data put a link in doubt, and again after thirty more."""
    watch = LinkWatch(doubt_s=30)
    watch.hear("a", 0, data=True)
    doubted = []
    for second in range(1, 65):
        watch.hear("a", second * SECOND, data=False)
        doubted += [(second, link) for link in watch.doubtful(second * SECOND)]

    assert doubted == [(30, "a"), (60, "a")]


def test_data_ends_the_doubt() -> None:
    """Data makes a link good again, and the time of doubt starts anew."""
    watch = LinkWatch(doubt_s=30)
    watch.hear("a", 0, data=True)
    watch.hear("a", 30 * SECOND, data=False)
    assert watch.doubtful(30 * SECOND) == ["a"]

    watch.hear("a", 31 * SECOND, data=True)
    watch.hear("a", 60 * SECOND, data=False)

    assert watch.doubtful(60 * SECOND) == []
    assert watch.doubtful(61 * SECOND) == ["a"]


def test_link_that_says_nothing_at_all_is_not_doubted_but_stale() -> None:
    """A link without even a heartbeat is the business of the age of its books."""
    watch = LinkWatch(doubt_s=30)
    watch.hear("a", 0, data=True)

    assert watch.doubtful(30 * SECOND) == []


def test_link_that_is_down_is_forgotten() -> None:
    """A link that went down was last heard never."""
    watch = LinkWatch(doubt_s=30)
    watch.hear("a", 5, data=True)
    assert watch.heard_ns("a") == 5

    watch.drop("a")
    watch.drop("b")

    assert (watch.heard_ns("a"), watch.doubtful(90 * SECOND)) == (0, [])


def test_cleared_watch_knows_no_link() -> None:
    """A new session starts without links."""
    watch = LinkWatch(doubt_s=30)
    watch.hear("a", 5, data=True)
    watch.clear()

    assert watch.heard_ns("a") == 0
