from __future__ import annotations

import pytest

from fusion.freshness import FreshnessLimits, Gate, LinkState, age_s, freshness_gate

LIMITS = FreshnessLimits(score_s=30, book_s=5)


def test_age_is_in_seconds() -> None:
    """An age is the seconds between two receive times."""
    assert age_s(5_500_000_000, 2_000_000_000) == 3.5


def test_age_of_what_never_came_is_unknown() -> None:
    """What was never heard has no age."""
    assert age_s(5_000_000_000, 0) is None


@pytest.mark.parametrize(
    ("link", "score", "book", "gate"),
    [
        ("live", 30.0, 5.0, ""),
        ("settling", 1.0, 1.0, ""),
        ("live", 30.1, 5.0, "stale_score"),
        ("live", None, 5.0, "stale_score"),
        ("live", 1.0, 5.1, "stale_book"),
        ("live", 1.0, None, "stale_book"),
        ("live", 99.0, 99.0, "stale_book"),
        ("none", 1.0, 1.0, "link_waiting"),
        ("waiting", 1.0, 1.0, "link_waiting"),
        ("down", 1.0, 1.0, "link_down"),
        ("gap", 1.0, 1.0, "link_gap"),
        ("invalid", 1.0, 1.0, "book_invalid"),
    ],
)
def test_gates(link: LinkState, score: float | None, book: float | None, gate: Gate) -> None:
    """The first gate that is shut is named: the link, then the book, then the score."""
    assert freshness_gate(link, score, book, LIMITS) == gate
    assert freshness_gate(link, score, book, LIMITS, disputed=True) == (gate or "score_disputed")


def test_a_dispute_is_named_last() -> None:
    """It is the gate of rows that have nothing else against them."""
    assert freshness_gate("live", 30.0, 5.0, LIMITS, disputed=True) == "score_disputed"
