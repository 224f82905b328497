"""Games that end and go on again, and games that wait to be resumed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from factories import (
    AWAY,
    HOME,
    LINK,
    book,
    listing,
    pregame,
    scored,
    shares,
    stamp,
    state,
    traded,
)
from hypothesis import given
from hypothesis import strategies as st

from fusion.events import Event, FramesLost, LinkLost, Listed, Polled, Scored, Stamp, Ticked, Traded
from fusion.healing import Heal
from fusion.join import GameJoin, JoinRules
from fusion.quotes import PregameMids, Quote

Maker = Callable[[Stamp], Event]

FINAL = {"phase": "post", "status": "final", "completed": True, "clock_s": None}


def snapshot(token: str, bid: int) -> partial[Traded]:
    """Return a maker of a book around `bid` cents, two cents wide."""
    levels = ((bid * 100, shares(50)),), ((bid * 100 + 200, shares(50)),)
    return partial(Traded, link=LINK, message=book(token, *levels))


MAKERS: st.SearchStrategy[Maker] = st.one_of(
    st.builds(snapshot, st.sampled_from([HOME, AWAY]), st.integers(2, 95)),
    st.builds(snapshot, st.sampled_from([HOME, AWAY]), st.integers(2, 95)),
    st.integers(60, 63).map(lambda score: partial(Scored, state=state(home_score=score))),
    st.sampled_from([Polled, Ticked, FramesLost]),
    st.sampled_from([None, listing()]).map(lambda listed: partial(Listed, listing=listed)),
    st.just(partial(LinkLost, link=LINK)),
)


def told(rows: list[Any]) -> Any:
    """Return rows as plain values."""
    return msgspec.to_builtins(rows)


@given(
    makers=st.lists(MAKERS, max_size=30),
    cut=st.integers(0, 30),
    now=st.integers(60, 63),
    final=st.integers(60, 63),
)
def test_a_final_that_is_taken_back_leaves_no_trace(
    makers: list[Maker], cut: int, now: int, final: int
) -> None:
    """After the poll that shows a game live again, all goes on as if it had never been over."""
    events = [make(stamp(seq, at_s=seq)) for seq, make in enumerate(makers)]
    ended = scored(stamp(98, at_s=cut - 0.7), state(home_score=final, winner="home", **FINAL))
    again = scored(stamp(99, at_s=cut - 0.4), state(home_score=now))
    straight, turned = GameJoin(JoinRules()), GameJoin(JoinRules())
    for event in [Listed(stamp(0), listing()), *events[:cut]]:
        straight.on(event)
        turned.on(event)

    turned.on(ended)
    straight.on(again)
    turned.on(again)

    later = [Ticked(stamp(100, at_s=cut - 0.2)), *events[cut:]]
    assert [told(turned.on(event)) for event in later] == [
        told(straight.on(event)) for event in later
    ]
    assert (turned.pregame, turned.odds, turned.polled_ns) == (
        straight.pregame,
        straight.odds,
        straight.polled_ns,
    )


def test_gates_and_heals_come_back_with_the_game() -> None:
    """While it is over nothing trades and no book is asked for; live again, both are as before."""
    join = GameJoin(JoinRules())
    live, over = state(home_score=61), state(home_score=61, winner="home", **FINAL)
    join.on(Listed(stamp(1), listing()))
    join.on(scored(stamp(2), live))
    join.on(snapshot(HOME, 60)(stamp(3, at_s=1)))
    join.on(snapshot(AWAY, 38)(stamp(3, at_s=1)))
    join.on(FramesLost(stamp(4, at_s=2)))

    def gates_and_heals(at_s: int, game: Any) -> tuple[list[str], set[str]]:
        rows = join.on(scored(stamp(10 + at_s, at_s=at_s), game))
        heals: set[str] = {row.remedy for row in rows if isinstance(row, Heal)}
        return [row.gate for row in rows if isinstance(row, Quote)], heals

    assert gates_and_heals(60, over) == (["over", "over"], set())
    gates, heals = gates_and_heals(61, live)
    assert gates == ["link_gap", "link_gap"]
    assert heals == {"resubscribe"}


def test_a_game_that_was_suspended_teaches_no_prior() -> None:
    """Books of a game that waits to be resumed know its score; the pregame price stays."""
    before = PregameMids(home=0.61, away=0.39)
    join = GameJoin(JoinRules())
    join.on(Listed(stamp(1), listing()))
    join.on(scored(stamp(2), pregame()))
    join.on(snapshot(HOME, 60)(stamp(3, at_s=1)))
    assert join.pregame == before

    join.on(scored(stamp(4, at_s=2), state()))
    join.on(scored(stamp(5, at_s=3), pregame(status="suspended", home_score=5, away_score=1)))
    join.on(traded(stamp(6, at_s=4), book(HOME, ((9_000, shares(1)),), ((9_200, shares(1)),))))

    assert join.pregame == before
