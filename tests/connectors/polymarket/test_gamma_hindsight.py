"""The ends that real listings tell, and what is left of them at an earlier time."""

from __future__ import annotations

from pathlib import Path

from connectors.polymarket.gamma import parse_events
from fusion.hindsight import without_hindsight

KICK_OFF_NS = 1_782_752_400_000_000_000
"""2026-06-29T17:00:00Z, when Brazil against Japan began."""


def test_ends_of_a_match_are_dated(shared: Path) -> None:
    """The event, its end and each of its markets have a time; before kick-off none is known."""
    payload = (shared / "captures/polymarket/gamma/wc_match_post.json").read_bytes()
    events = parse_events(payload).events
    (event,) = (each for each in events if each.slug == "fifwc-bra-jpn-2026-06-29")
    (before,) = without_hindsight([event], KICK_OFF_NS)

    assert (event.closed, event.closed_ns) == (True, 1_782_760_913_000_000_000)
    assert (event.ended, event.ended_ns) == (True, 1_782_759_785_096_141_000)
    assert {market.rules.closed for market in event.markets} == {True}
    assert {market.rules.accepting_orders for market in event.markets} == {False}
    assert (before.closed, before.ended, before.closed_ns, before.ended_ns) == (
        False,
        False,
        None,
        None,
    )
    assert {(each.rules.closed, each.rules.accepting_orders) for each in before.markets} == {
        (False, True)
    }
