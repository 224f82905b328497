from __future__ import annotations

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.play.tennis_chain import Score, TennisChain, serve_edge

START = Score((0, 0), (0, 0), "home")
SERVE = st.floats(0.2, 0.8)


def held(p: float) -> float:
    """Return the chance of a service game by the formula of the textbooks (Barnett and Clarke)."""
    q = 1.0 - p
    return p**4 * (1 + 4 * q + 10 * q * q) + 20 * (p * q) ** 3 * p * p / (p * p + q * q)


@given(p=SERVE)
def test_a_game_is_that_of_the_textbooks(p: float) -> None:
    """Home holds by the closed form, and breaks what away does not hold."""
    chain = TennisChain(p, p, 3, 0.0)
    assert chain.home_game(START, (0, 0)) == pytest.approx(held(p), abs=1e-12)
    away = Score((0, 0), (0, 0), "away")
    assert chain.home_game(away, (0, 0)) == pytest.approx(1.0 - held(p), abs=1e-12)


@given(home=SERVE, away=SERVE)
@settings(max_examples=20)
def test_a_tie_break_is_the_sum_over_its_scores(home: float, away: float) -> None:
    """Home wins by 7-k for k up to 5, or reaches 6-6 and wins two in a row first."""
    chain = TennisChain(home, away, 3, 0.0)
    own, theirs = home, 1.0 - away
    # Of the first twelve points each side serves six; of the first 7 + k, these are home's.
    serves = [sum((turn + 1) // 2 % 2 == 0 for turn in range(points)) for points in range(14)]

    def scored(points: int, won: int) -> float:
        mine = serves[points]
        return sum(
            comb(mine, a)
            * own**a
            * (1 - own) ** (mine - a)
            * comb(points - mine, b)
            * theirs**b
            * (1 - theirs) ** (points - mine - b)
            for a, b in product(range(mine + 1), range(points - mine + 1))
            if a + b == won
        )

    def point(turn: int) -> float:
        return own if (turn + 1) // 2 % 2 == 0 else theirs

    straight = sum(scored(6 + k, 6) * point(6 + k) for k in range(6))
    both = own * theirs
    level = scored(12, 6) * both / (both + (1 - own) * (1 - theirs))
    score = Score((0, 0), (6, 6), "home")
    assert chain.home_game(score, (0, 0)) == pytest.approx(straight + level, abs=1e-12)


@given(home=SERVE, away=SERVE, best_of=st.sampled_from([3, 5]))
@settings(max_examples=20, deadline=None)
def test_the_truth_of_a_state_is_that_of_its_two_successors(
    home: float, away: float, best_of: int
) -> None:
    """A point splits the chance, at every score of the first games and of a tie break."""
    chain = TennisChain(home, away, best_of, 0.001)
    for games, points in product([(0, 0), (5, 5), (6, 5), (6, 6)], [(0, 0), (1, 2), (2, 1)]):
        score = Score((1, 0), games, "away")
        p = chain.home_point(score, points)
        won = chain.home_win(score, (points[0] + 1, points[1]))
        lost = chain.home_win(score, (points[0], points[1] + 1))
        assert chain.home_win(score, points) == pytest.approx(p * won + (1 - p) * lost, abs=1e-12)


@given(home=SERVE, away=SERVE)
@settings(max_examples=10, deadline=None)
def test_the_sides_mirror_each_other(home: float, away: float) -> None:
    """What home has, away has with the serves changed over, retirements included."""
    one = TennisChain(home, away, 3, 0.01).home_win(START)
    other = TennisChain(away, home, 3, 0.01).home_win(Score((0, 0), (0, 0), "away"))
    assert one == pytest.approx(1.0 - other, abs=1e-12)


def test_retirements_pull_towards_one_half() -> None:
    """The longer a match may last, the more of it they decide; a certain one decides it all."""
    chances = [TennisChain(0.7, 0.6, 3, each).home_win(START) for each in (0.0, 0.01, 0.05, 0.5)]
    assert chances == sorted(chances, reverse=True)
    assert chances[-1] == pytest.approx(0.5, abs=1e-12)


def test_serves_alternate_in_a_tie_break_and_through_it() -> None:
    """One point, then two each; the next set begins with who received in the tie break."""
    chain = TennisChain(0.6, 0.6, 3, 0.0)
    score = Score((0, 0), (6, 6), "home")
    turns = [chain.server(score, (points, 0)) for points in range(6)]
    assert turns == ["home", "away", "away", "home", "home", "away"]
    assert chain.after_game(score, home=True) == Score((1, 0), (0, 0), "away")


def test_the_last_set_has_the_longer_tie_break() -> None:
    """Seven points, ten in the last set, four in a game."""
    chain = TennisChain(0.6, 0.6, 3, 0.0)
    scores = [((0, 0), (6, 6)), ((1, 1), (6, 6)), ((1, 1), (5, 5))]
    assert [chain.target(Score(sets, games, "home")) for sets, games in scores] == [7, 10, 4]


def test_sets_end_where_they_end() -> None:
    """Six games with two ahead, or seven."""
    chain = TennisChain(0.6, 0.6, 5, 0.0)
    after = {
        games: chain.after_game(Score((0, 0), games, "home"), home=True)
        for games in ((4, 4), (5, 4), (5, 5), (6, 5), (6, 6))
    }
    assert after == {
        (4, 4): Score((0, 0), (5, 4), "away"),
        (5, 4): Score((1, 0), (0, 0), "away"),
        (5, 5): Score((0, 0), (6, 5), "away"),
        (6, 5): Score((1, 0), (0, 0), "away"),
        (6, 6): Score((1, 0), (0, 0), "away"),
    }


@pytest.mark.parametrize("best_of", [3, 5])
@pytest.mark.parametrize("strength", [0.15, 0.5, 0.9])
def test_a_strength_is_met(best_of: int, strength: float) -> None:
    """The mean over who serves first is what was asked, and equal sides serve alike."""
    edge = serve_edge(strength, 0.64, best_of, 0.0005)
    chain = TennisChain(0.64 + edge, 0.64 - edge, best_of, 0.0005)
    both = [chain.home_win(Score((0, 0), (0, 0), first)) for first in ("home", "away")]
    assert float(np.mean(both)) == pytest.approx(strength, abs=1e-9)
