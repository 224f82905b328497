"""What a listing that was fetched later must not tell."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from factories import START_NS, rules

from fusion.hindsight import without_hindsight
from fusion.listing import ListedEvent, ListedMarket, ListedTeam

OPEN = ListedEvent(
    event_id="9",
    slug="nba-nyk-bos-2026-11-18",
    title="Knicks vs. Celtics",
    code="nba",
    start_ns=START_NS,
    event_date="2026-11-18",
    teams=(ListedTeam("Boston Celtics"),),
    markets=(ListedMarket(rules(), "Knicks vs. Celtics"),),
)


def over(closed_ns: int | None, ended_ns: int | None) -> ListedEvent:
    """Return the same event when the game was over and its market closed."""
    closed = rules(closed=True, accepting_orders=False)
    return msgspec.structs.replace(
        OPEN,
        markets=(ListedMarket(closed, "Knicks vs. Celtics", closed_ns=closed_ns),),
        closed=True,
        closed_ns=closed_ns,
        ended=True,
        ended_ns=ended_ns,
    )


@pytest.mark.parametrize("dated_ns", [None, START_NS + 1])
def test_what_became_known_later_is_not_known(dated_ns: int | None) -> None:
    """An end without a date, or dated behind the frame, leaves the event as it was: open."""
    assert without_hindsight([over(dated_ns, dated_ns)], START_NS) == (OPEN,)


def test_what_was_known_stays() -> None:
    """An end that is dated before the frame, or at it, is a fact."""
    event = over(START_NS, START_NS - 1)
    assert without_hindsight([event], START_NS) == (event,)


def test_each_fact_has_its_own_date() -> None:
    """Between the end of the game and the closing of its market, the one is known."""
    (event,) = without_hindsight([over(START_NS + 9, START_NS - 1)], START_NS)
    known = {"ended": True, "ended_ns": START_NS - 1}
    assert event == msgspec.structs.replace(OPEN, **known)


@pytest.mark.parametrize("changes", [{}, {"accepting_orders": False}])
def test_an_open_market_is_as_it_is_listed(changes: dict[str, Any]) -> None:
    """A market that takes no orders and is not closed was stopped in play, which counts."""
    stopped = msgspec.structs.replace(OPEN, markets=(ListedMarket(rules(**changes), ""),))
    assert without_hindsight([OPEN, stopped], START_NS) == (OPEN, stopped)
