"""When two late sources of one score are in dispute."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from factories import pregame, state
from hypothesis import given
from hypothesis import strategies as st

from fusion.game import GameState
from fusion.score_witness import REMEMBERED, ScoreWitness, ToldScore, WitnessRules

SECOND = 1_000_000_000
RULES = WitnessRules(dispute_s=20, stale_s=300)

Score = tuple[int, int]


def shown(home: int, away: int) -> GameState:
    """Return ESPN's state of a game in play."""
    return state(home_score=home, away_score=away)


def told(home: int | None, away: int | None, **changes: Any) -> ToldScore:
    """Return a told score of a game in play."""
    return msgspec.structs.replace(ToldScore(home, away), **changes)


def witness(*events: tuple[float, GameState | ToldScore]) -> ScoreWitness:
    """Return a witness of these states and told scores, each at its second."""
    made = ScoreWitness(RULES)
    for at_s, event in events:
        if isinstance(event, GameState):
            made.show(event, round(at_s * SECOND))
        else:
            made.see(event, round(at_s * SECOND))
    return made


def disputed(made: ScoreWitness, *at_s: float) -> list[bool]:
    """Return whether there is a dispute at each of these seconds."""
    return [made.disputed(round(each * SECOND)) for each in at_s]


def test_a_told_score_is_of_a_live_game_unless_it_says_so() -> None:
    """The socket tells of games in play; what it leaves out is not over."""
    assert ToldScore(2, 1) == ToldScore(home=2, away=1, period="", live=True, ended=False)


def test_equal_scores_agree_for_ever() -> None:
    """The same score, told once and shown once, is no dispute."""
    made = witness((0, shown(2, 1)), (1, told(2, 1)))
    assert disputed(made, 1, 22, 300) == [False, False, False]


@pytest.mark.parametrize("first", ["shown", "told"])
def test_a_difference_must_last(first: str) -> None:
    """Whoever is ahead, the other has twenty seconds to follow; then it is a dispute."""
    ahead: list[tuple[float, GameState | ToldScore]]
    ahead = [(50, shown(3, 1))] if first == "shown" else [(50, told(3, 1))]
    made = witness((0, shown(2, 1)), (1, told(2, 1)), *ahead)
    assert disputed(made, 50, 69, 70, 70.001, 100) == [False, False, False, True, True]


@pytest.mark.parametrize("last", ["shown", "told"])
def test_a_dispute_ends_when_they_agree(last: str) -> None:
    """The one that was late follows, or the one that was wrong comes back."""
    made = witness((0, shown(2, 1)), (1, told(2, 1)), (50, told(3, 1)))
    assert disputed(made, 90) == [True]
    if last == "shown":
        made.show(shown(3, 1), 91 * SECOND)
    else:
        made.see(told(2, 1), 91 * SECOND)
    assert disputed(made, 91, 200) == [False, False]


def test_a_told_score_that_was_never_shown_is_disputed() -> None:
    """The clock of the difference starts with the first told score, not before."""
    made = witness((0, shown(2, 1)), (500, told(0, 0)))
    assert disputed(made, 500, 520, 521) == [False, False, True]


def test_a_lag_below_the_limit_is_no_dispute() -> None:
    """With a point every four seconds and one source 15 s late, they never once show the same."""
    made = ScoreWitness(RULES)
    for at_s in range(200):
        made.show(shown(at_s // 4, 0), at_s * SECOND)
        made.see(told(max(at_s - 15, 0) // 4, 0), at_s * SECOND)
        assert disputed(made, at_s) == [False]


def test_a_lag_above_the_limit_is_a_dispute() -> None:
    """The same game with one source 30 s late is in dispute once the lag shows."""
    made = ScoreWitness(RULES)
    found = []
    for at_s in range(200):
        made.show(shown(at_s // 4, 0), at_s * SECOND)
        made.see(told(max(at_s - 30, 0) // 4, 0), at_s * SECOND)
        found.append(made.disputed(at_s * SECOND))
    assert found == [False] * 25 + [True] * 175


def test_a_wrong_score_stays_disputed_while_the_game_goes_on() -> None:
    """Points on both sides do not hide that one source has too many."""
    made = ScoreWitness(RULES)
    found = []
    for at_s in range(100):
        made.show(shown(at_s // 4, 0), at_s * SECOND)
        made.see(told(at_s // 4, 3 if at_s >= 10 else 0), at_s * SECOND)
        found.append(made.disputed(at_s * SECOND))
    assert found == [False] * 31 + [True] * 69


def test_only_what_is_told_disputes() -> None:
    """No told score, one that went stale, one that was withdrawn: ESPN stands alone."""
    assert disputed(witness((0, shown(2, 1))), 1_000) == [False]
    made = witness((0, shown(2, 1)), (1, told(0, 0)))
    assert disputed(made, 300, 301, 301.001) == [True, True, False]
    made.withdraw()
    assert disputed(made, 300) == [False]
    assert made.told(300 * SECOND) == (None, None)


def test_a_witness_that_comes_back_has_its_time_again() -> None:
    """After a stale or withdrawn score the first one told starts anew."""
    made = witness((0, shown(2, 1)), (1, told(0, 0)), (1_000, told(0, 0)))
    assert disputed(made, 1_020, 1_021) == [False, True]
    made.withdraw()
    made.see(told(0, 0), 1_030 * SECOND)
    assert disputed(made, 1_050, 1_051) == [False, True]


def test_a_score_told_again_stays_fresh() -> None:
    """Unchanged states are told again; the difference does not start anew with them."""
    made = witness((0, shown(2, 1)), *((at, told(0, 0)) for at in range(1, 1_000, 100)))
    assert disputed(made, 905) == [True]


def test_a_game_told_over_is_disputed_while_it_is_played() -> None:
    """An end on one side only is as late as a score may be, and no later."""
    made = witness((0, shown(2, 1)), (1, told(2, 1)), (50, told(2, 1, live=False, ended=True)))
    assert disputed(made, 70, 71) == [False, True]
    made.show(state(phase="post", home_score=2, away_score=1), 72 * SECOND)
    assert disputed(made, 72, 200) == [False, False]


def test_before_the_start_and_after_the_end_there_is_no_dispute() -> None:
    """Such a game carries no signal anyway; a late start has its seconds from the start on."""
    made = witness((0, pregame()), (1, told(7, 0)))
    assert disputed(made, 100) == [False]
    made.show(shown(0, 0), 100 * SECOND)
    assert disputed(made, 120, 121) == [False, True]
    made.show(state(phase="post"), 122 * SECOND)
    assert disputed(made, 122) == [False]


def test_a_game_told_as_neither_live_nor_over_is_not_told() -> None:
    """A listing before the start with 0-0 says nothing of a game that ESPN has in play."""
    made = witness((0, shown(7, 0)), (1, told(7, 0)), (2, told(0, 0, live=False)))
    assert disputed(made, 60) == [False]
    assert made.told(2 * SECOND) == (None, None)


def test_an_unknown_score_agrees_with_any() -> None:
    """What cannot be read disputes nothing, but an end does."""
    made = witness((0, shown(2, 1)), (1, told(1, 1)), (2, told(None, None)))
    assert disputed(made, 100) == [False]
    made.see(told(None, None, live=False, ended=True), 100 * SECOND)
    assert disputed(made, 121) == [True]


def test_without_an_order_either_will_do() -> None:
    """Where nobody knows whose number comes first, a dispute needs both orders to be wrong."""
    turned = told(1, 2, ordered=False)
    assert disputed(witness((0, shown(2, 1)), (1, turned)), 100) == [False]
    assert disputed(witness((0, shown(2, 1)), (1, told(1, 2))), 100) == [True]
    assert disputed(witness((0, shown(2, 2)), (1, turned)), 100) == [True]


@pytest.mark.parametrize(
    ("scoreboard", "expected"), [((14, 7), (14, 7)), ((7, 14), (7, 14)), ((10, 17), (7, 14))]
)
def test_without_an_order_the_nearer_is_given(scoreboard: Score, expected: Score) -> None:
    """What is written down is in the order that looks like the scoreboard's."""
    made = witness((0, shown(*scoreboard)), (1, told(7, 14, ordered=False)))
    assert made.told(SECOND) == expected


def test_a_told_score_that_the_venue_dates_earlier_is_ignored() -> None:
    """A state from before a reconnect does not bring an old score back; an undated one counts."""
    made = witness(
        (0, shown(2, 1)), (1, told(2, 1, venue_ms=5_000)), (2, told(1, 1, venue_ms=4_999))
    )
    assert made.told(2 * SECOND) == (2, 1)
    made.see(told(3, 1), 3 * SECOND)
    made.see(told(1, 1, venue_ms=4_999), 4 * SECOND)
    assert made.told(4 * SECOND) == (3, 1)


def test_dates_do_not_silence_a_witness_for_good() -> None:
    """An end counts whatever its date, and after a stale score any date is new."""
    made = witness((0, shown(2, 1)), (1, told(2, 1, venue_ms=9_000_000_000_000)))
    made.see(told(2, 1, venue_ms=5_000, live=False, ended=True), 2 * SECOND)
    assert disputed(made, 23) == [True]
    made.see(told(3, 1, venue_ms=6_000), 303 * SECOND)
    assert made.told(303 * SECOND) == (3, 1)


STEPS: st.SearchStrategy[list[Callable[[ScoreWitness, int], None]]] = st.lists(
    st.one_of(
        st.builds(
            lambda home, away: lambda made, now: made.show(shown(home, away), now),
            st.integers(0, 2),
            st.integers(0, 2),
        ),
        st.builds(
            lambda home, away, ended, ordered: (
                lambda made, now: made.see(
                    ToldScore(home, away, "", not ended, ended, ordered), now
                )
            ),
            st.none() | st.integers(0, 2),
            st.integers(0, 2),
            st.booleans(),
            st.booleans(),
        ),
        st.just(lambda made, now: made.withdraw()),
    ),
    max_size=REMEMBERED,
)


@given(STEPS, st.integers(0, REMEMBERED))
def test_a_witness_may_be_asked_and_pickled_at_any_time(
    steps: list[Callable[[ScoreWitness, int], None]], cut: int
) -> None:
    """Asking changes nothing, nor does a restart from what was kept."""
    plain, asked = ScoreWitness(RULES), ScoreWitness(RULES)
    for number, step in enumerate(steps):
        now_ns = 7 * number * SECOND
        step(plain, now_ns)
        step(asked, now_ns)
        asked.disputed(now_ns)
        asked.told(now_ns)
        if number == cut:
            asked = pickle.loads(pickle.dumps(asked))  # noqa: S301  (made two lines above)
    end_ns = 7 * len(steps) * SECOND
    assert asked.disputed(end_ns) == plain.disputed(end_ns)
    assert asked.told(end_ns) == plain.told(end_ns)
