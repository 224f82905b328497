"""The join with a second witness of the score: what a dispute holds, and for how long."""

from __future__ import annotations

from typing import Any

import pytest
from factories import HOME, LINK, book, listing, pregame, scored, shares, stamp, state, traded
from hypothesis import given
from hypothesis import strategies as st

from fusion.events import (
    Event,
    FramesLost,
    LinkLost,
    Listed,
    Polled,
    ScoreDoubted,
    ScoreTold,
    Ticked,
)
from fusion.join import GameJoin, JoinRules
from fusion.quotes import Priced, Quote
from fusion.rows import GameRow, SignalRow
from fusion.score_witness import SPORTS_LINK, ToldScore, WitnessRules
from fusion.signals import SignalDesk, SignalRules

RULES = JoinRules(witness=WitnessRules(dispute_s=10, stale_s=60))
START: tuple[Event, ...] = (
    Listed(stamp(1), listing()),
    scored(stamp(2, at_s=1), state()),
    traded(stamp(3, at_s=2), book(HOME, ((5_900, shares(500)),), ((6_100, shares(500)),))),
)
AGREES = ToldScore(55, 60, "Q3", ordered=False)
WRONG = ToldScore(55, 63, "Q3", ordered=False)


def told(seq: int, at_s: float, score: ToldScore) -> ScoreTold:
    """Return a told score as an event of the game."""
    return ScoreTold(stamp(seq, at_s=at_s), score)


def tick(seq: int, at_s: float) -> Ticked:
    """Return a second that passed."""
    return Ticked(stamp(seq, at_s=at_s))


def polled(seq: int, at_s: float) -> Polled:
    """Return a poll that found nothing new."""
    return Polled(stamp(seq, at_s=at_s))


def joined(*events: Event) -> tuple[GameJoin, list[Any]]:
    """Fold the start and the events; return the join and what the last one gave."""
    join, rows = GameJoin(RULES), list[Any]()
    for event in (*START, *events):
        rows = [*join.on(event)]
    return join, rows


def seen(rows: list[Any]) -> list[Any]:
    """Return the gates of quotes and what game rows say of the witness, in order."""
    return [
        (row.cause, row.gate)
        if isinstance(row, Quote)
        else (row.told_home, row.told_away, row.disputed)
        for row in rows
        if isinstance(row, Quote | GameRow)
    ]


def test_a_told_score_gives_a_row_of_the_game_once() -> None:
    """The row has the told score in ESPN's order; told again it gives none."""
    join, rows = joined(told(4, 3, AGREES))
    assert seen(rows) == [(60, 55, False)]
    assert rows[0].home_score == 60
    assert join.on(told(5, 4, AGREES)) == []


def test_a_game_without_a_state_gives_no_row() -> None:
    """What is told before the first poll waits for it."""
    join = GameJoin(RULES)
    assert join.on(told(1, 0, AGREES)) == []
    assert seen(join.on(scored(stamp(2, at_s=1), state()))) == [(60, 55, False)]


def test_the_clock_begins_a_dispute() -> None:
    """Nothing but time passes, and the second after the limit shuts the gate of each outcome."""
    join, _ = joined(told(4, 3, WRONG))
    assert join.on(tick(5, 13)) == []
    assert seen(join.on(tick(6, 14))) == [
        ("clock", "score_disputed"),
        ("clock", "score_disputed"),
        (63, 55, True),
    ]
    assert seen(join.on(tick(7, 15))) == []


@pytest.mark.parametrize("way", ["polled", "scored"])
def test_a_score_that_went_back_is_in_doubt_until_the_next_good_poll(way: str) -> None:
    """A board that shows less than before may be right or old: nothing is signalled meanwhile."""
    join, doubted = joined(ScoreDoubted(stamp(4, at_s=3)))
    after = polled(5, 8) if way == "polled" else scored(stamp(5, at_s=8), state(home_score=57))

    assert seen(doubted) == [
        ("score", "score_disputed"),
        ("score", "score_disputed"),
        (None, None, True),
    ]
    assert {row for row in seen(join.on(after)) if row[0] == "score"} == {("score", "")}


@pytest.mark.parametrize("agree", ["told", "scored"])
def test_agreement_ends_a_dispute_at_once(agree: str) -> None:
    """The gates open with the frame that mends it, whichever source was wrong."""
    join, _ = joined(told(4, 3, WRONG), tick(5, 14))
    opened = [("score", ""), ("score", "")]
    if agree == "told":
        assert seen(join.on(told(6, 15, AGREES))) == [*opened, (60, 55, False)]
    else:
        rows = join.on(scored(stamp(6, at_s=15), state(home_score=63)))
        assert seen(rows) == [(63, 55, False), *opened]


def test_a_stale_witness_ends_a_dispute() -> None:
    """After its time a told score is nothing, and the row says so."""
    join, _ = joined(told(4, 3, WRONG), tick(5, 60), polled(6, 61))
    assert seen(join.on(tick(7, 64))) == [
        ("clock", ""),
        ("clock", ""),
        (None, None, False),
    ]


@pytest.mark.parametrize(
    "lost", [LinkLost(stamp(6, at_s=15), SPORTS_LINK), FramesLost(stamp(6, at_s=15))]
)
def test_a_lost_link_withdraws_the_witness(lost: Event) -> None:
    """What was told over it holds no more; the books go on as their own links do."""
    join, _ = joined(told(4, 3, WRONG), tick(5, 14))
    assert (None, None, False) in seen(join.on(lost))
    join.on(tick(7, 16))
    gates = {side.gate for side in join.sides.values()}
    assert gates == ({"link_gap", "link_waiting"} if isinstance(lost, FramesLost) else {""})


def test_the_link_of_books_withdraws_nothing() -> None:
    """Another link's end leaves the witness where it is."""
    join, _ = joined(told(4, 3, WRONG), LinkLost(stamp(5, at_s=4), LINK))
    assert join.witness.told(join.now_ns) == (63, 55)


def test_an_older_fault_is_named_first() -> None:
    """A stale score explains a dispute, and not the other way round."""
    join, _ = joined(told(4, 3, WRONG))
    rows = join.on(tick(5, 35))
    assert seen(rows) == [("clock", "stale_score")] * 2 + [(63, 55, True)]


def test_a_game_not_in_play_is_not_disputed() -> None:
    """Before the start the gate is another, and the row has no dispute."""
    join, _ = joined(scored(stamp(4, at_s=2), pregame()), told(5, 3, WRONG))
    assert seen(join.on(tick(6, 14))) == []


def test_a_restart_forgets_what_was_told() -> None:
    """Where frames were lost the witness begins anew, by the rules of now."""
    join, _ = joined(told(4, 3, WRONG), tick(5, 14))
    join.use(JoinRules(witness=WitnessRules(dispute_s=1)))
    join.on(FramesLost(stamp(6, at_s=15)))
    join.on(told(6, 20, WRONG))
    assert seen(join.on(tick(7, 22)))[-1] == (63, 55, True)


def test_a_dispute_closes_a_signal_and_keeps_it_closed() -> None:
    """The edge is there all the time: it opens before, closes for the dispute, opens after."""
    join, desk = GameJoin(RULES), SignalDesk(SignalRules())
    events = [
        *START,
        told(4, 3, WRONG),
        tick(5, 14),
        told(6, 15, WRONG),
        polled(7, 16),
        tick(8, 17),
        told(9, 18, AGREES),
    ]
    moves = [
        (row.transition, row.reason, row.seq)
        for event in events
        for quote in join.on(event)
        if isinstance(quote, Quote) and quote.outcome.selection == "home"
        for row in desk.on(Priced(quote, 0.75, 0.75, "market", "test"))
        if isinstance(row, SignalRow)
    ]
    assert moves == [("open", "book", 3), ("close", "score_disputed", 5), ("open", "score", 9)]


SCORES = st.sampled_from([AGREES, WRONG, ToldScore(None, None), ToldScore(60, 55, ended=True)])
EVENTS = st.lists(
    st.one_of(
        SCORES.map(lambda score: lambda at: ScoreTold(at, score)),
        st.integers(60, 63).map(lambda home: lambda at: scored(at, state(home_score=home))),
        st.just(Ticked),
        st.just(Polled),
        st.just(lambda at: LinkLost(at, SPORTS_LINK)),
    ),
    max_size=30,
)


@given(EVENTS, st.integers(1, 9))
def test_gates_and_rows_say_the_same(makers: list[Any], step_s: int) -> None:
    """After every clock frame each gate tells of a dispute exactly when the last row does."""
    join, _ = joined()
    row_disputed = False
    for number, make in enumerate(makers):
        at_s = 3 + step_s * number
        for event in (make(stamp(10 + 2 * number, at_s=at_s)), tick(11 + 2 * number, at_s)):
            for row in join.on(event):
                if isinstance(row, GameRow):
                    row_disputed = row.disputed
        gates = {side.gate for side in join.sides.values()}
        assert gates <= {"", "stale_score"} or row_disputed
        assert not row_disputed or gates <= {"score_disputed", "stale_score"}
