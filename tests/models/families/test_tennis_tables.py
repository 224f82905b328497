from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from models.families.tennis_tables import (
    STRENGTHS,
    game,
    game_place,
    match_place,
    set_place,
    set_won,
    tables,
    tiebreak,
)

LEVEL = 0.5577
FIRST = np.arange(3)


def test_game_has_the_chance_that_adding_up_its_scores_gives() -> None:
    """Win to love, to 15 and to 30 and from deuce sum to the chance of the server."""
    p, q = 0.6, 0.4
    deuce = p**2 / (p**2 + q**2)
    whole = p**4 * (1 + 4 * q + 10 * q**2) + 20 * p**3 * q**3 * deuce

    found = game(np.array([p]))[..., 0]

    assert found[0, 0] == pytest.approx(whole)
    assert (found[3, 3], found[4, 4]) == pytest.approx((deuce, deuce))
    assert found[3, 2] == pytest.approx(p + q * deuce)
    assert (found[4, 3], found[3, 4]) == pytest.approx((p + q * deuce, p * deuce))
    assert (found[4, 0], found[4, 2], found[0, 4], found[2, 4]) == (1.0, 1.0, 0.0, 0.0)


def test_tie_break_knows_who_serves_next() -> None:
    """At 6-5 a point wins, else it is level; from 6-6 it takes a point on each serve."""
    own, other = np.array([0.7]), np.array([0.4])
    level = 0.7 * 0.4 / (0.7 * 0.4 + 0.3 * 0.6)

    found = tiebreak(own, other)[..., 0]

    assert found[:, 6, 6] == pytest.approx([level, level])
    assert found[:, 6, 5] == pytest.approx([0.7 + 0.3 * level, 0.4 + 0.6 * level])
    assert found[:, 7, 6] == pytest.approx([0.7 + 0.3 * level, 0.4 + 0.6 * level])
    # After 5-5, an even number of points, the serve changes with the next one.
    assert found[0, 5, 5] == pytest.approx(0.7 * found[1, 6, 5] + 0.3 * found[1, 5, 6])
    # After 5-4, an odd number, the same player serves again.
    assert found[0, 5, 4] == pytest.approx(0.7 * found[0, 6, 4] + 0.3 * found[0, 5, 5])


def test_set_is_won_at_six_or_seven() -> None:
    """From 5-4 on serve a game wins; from 6-5 one wins and the other makes a tie break."""
    own, other, tie = np.array([0.8]), np.array([0.3]), np.array([0.6])

    found = set_won(np.stack([own, other]), np.stack([tie, tie]))[..., 0]

    assert found[:, 6, 6] == pytest.approx([0.6, 0.6])
    assert found[0, 6, 5] == pytest.approx(0.8 + 0.2 * 0.6)
    assert found[1, 5, 6] == pytest.approx(0.3 * 0.6)
    assert found[0, 5, 4] == pytest.approx(0.8 + 0.2 * found[1, 5, 5])
    assert (found[0, 6, 4], found[1, 7, 5], found[0, 4, 6], found[1, 5, 7]) == (1, 1, 0, 0)


def test_who_serves_first_does_not_change_a_set() -> None:
    """Both begin as many points of every length, so that a set has one chance."""
    found = tables(LEVEL).set_won
    start = np.zeros((2, 2), dtype=np.int64)
    servers = np.array([0, 1])

    own, other = found[set_place(start, servers, start, np.zeros(2, dtype=np.int64))]

    assert own == pytest.approx(other, abs=1e-12)
    assert own == pytest.approx(tables(LEVEL).one_set, abs=1e-12)


def test_matches_are_sums_over_sets() -> None:
    """Best of three is s^2 (3 - 2s); after one set each, the set in play decides."""
    found = tables(LEVEL)
    s = found.one_set

    assert found.match(2) == pytest.approx(s**2 * (3 - 2 * s))
    assert found.match(3) == pytest.approx(s**3 * (10 - 15 * s + 6 * s**2))
    deciding = match_place(2, 1, 1)
    assert (found.lost[deciding], found.swing[deciding]) == (
        pytest.approx(np.zeros(STRENGTHS.size)),
        pytest.approx(np.ones(STRENGTHS.size)),
    )


def test_tables_are_even_between_equals_and_mirrored() -> None:
    """At strength 0 a set is even; at -d it has the chance that the other player has at d."""
    s = tables(LEVEL).one_set

    assert s[STRENGTHS.size // 2] == pytest.approx(0.5)
    assert s[::-1] == pytest.approx(1.0 - s)
    assert np.all(np.diff(s) > 0)


def test_likelihood_of_games_sums_to_one() -> None:
    """After seven games one of the eight scores stands, whoever served first."""
    found = np.exp(tables(LEVEL).games)

    after_seven = sum(found[game_place(FIRST, a, 7 - a)] for a in range(8))

    assert after_seven == pytest.approx(np.ones((3, STRENGTHS.size)))


def test_one_break_is_likelier_for_the_stronger() -> None:
    """Of 2-1 and 1-2 with player 1 serving first, the first becomes likelier with strength."""
    found = tables(LEVEL).games

    for a, b in product(range(6), range(6)):
        ratio = found[game_place(FIRST, a + 1, b)] - found[game_place(FIRST, a, b + 1)]
        assert np.all(np.diff(ratio, axis=1) > 0), (a, b)
