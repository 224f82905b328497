"""Ratings from earlier matches: what they know, in what order, and that nothing leaks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.ratings_tennis import DOUBT, LEARN, SLOPE, Match, expected_by_earlier

NAN = float("nan")

matches = st.lists(
    st.builds(
        Match,
        day=st.integers(0, 6),
        first=st.sampled_from("ABCD"),
        second=st.sampled_from("WXYZ"),
        won=st.sampled_from([0.0, 1.0, NAN]),
        expected=st.one_of(st.just(NAN), st.floats(0.0, 1.0)),
    ),
    max_size=20,
)


def _swapped(match: Match) -> Match:
    return Match(match.day, match.second, match.first, 1.0 - match.won, 1.0 - match.expected)


def test_one_win_is_counted_by_hand() -> None:
    """An even match moves both ratings by half of LEARN; one match counts for 1 / (1 + DOUBT)."""
    found = expected_by_earlier([Match(1, "A", "B", 1.0, NAN), Match(2, "A", "B", NAN, NAN)])
    between = LEARN / (1.0 + DOUBT)
    expected = 1.0 / (1.0 + np.exp(-SLOPE * between))
    assert found.tolist() == pytest.approx([NAN, expected], nan_ok=True)


def test_a_rating_elsewhere_tells_of_an_unrated_match() -> None:
    """Both met the same opponents: who was rated above them is above who was below them."""
    rated = [Match(day, "A", "C", NAN, 0.8) for day in range(8)]
    rated += [Match(day, "B", "C", NAN, 0.5) for day in range(8)]
    found = expected_by_earlier([*rated, Match(9, "A", "B", NAN, NAN)])
    assert 0.6 < found[-1] < 0.8


def test_who_was_never_seen_has_no_rating() -> None:
    """Nor has the opponent a price then."""
    found = expected_by_earlier([Match(1, "A", "B", 1.0, 0.6), Match(2, "A", "C", NAN, NAN)])
    assert np.isnan(found).all()


@given(matches)
def test_a_day_knows_nothing_of_itself_or_of_later_ones(played: list[Match]) -> None:
    """Other results of the last day change no price of it, and later days none of the earlier."""
    last = max((match.day for match in played), default=0)
    others = [
        match._replace(won=1.0 - match.won, expected=NAN) if match.day == last else match
        for match in played
    ]
    assert np.array_equal(expected_by_earlier(played), expected_by_earlier(others), equal_nan=True)
    earlier = [match for match in played if match.day < last]
    before = [at for at, match in enumerate(played) if match.day < last]
    assert np.array_equal(
        expected_by_earlier(earlier), expected_by_earlier(played)[before], equal_nan=True
    )


@given(matches)
def test_players_are_treated_alike(played: list[Match]) -> None:
    """Naming the other player first gives the other chance, in (0, 1)."""
    found = expected_by_earlier(played)
    swapped = expected_by_earlier([_swapped(match) for match in played])
    assert found == pytest.approx(1.0 - swapped, nan_ok=True)
    there = found[~np.isnan(found)]
    assert ((there > 0.0) & (there < 1.0)).all()
