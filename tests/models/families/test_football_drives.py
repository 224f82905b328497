"""The ends of a drive: cases by hand, and what must hold in every state."""

from __future__ import annotations

from math import exp, inf, nan
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.families.football_drives import (
    BALL_FADE_S,
    FIELD_GOALS,
    TOUCHDOWNS,
    YARDS,
    Drive,
    drive,
)
from models.protocol import Floats

State = dict[str, float]

KICKOFF = 0.8
PLAY: State = {
    "remaining_s": 3000.0,
    "half_left_s": 1200.0,
    "possession": 1.0,
    "down": 1.0,
    "distance": nan,
    "yards_to_goal": 20.0,
    "home_timeouts": 3.0,
    "away_timeouts": 3.0,
}
"""First down at the other 20, ten minutes into the game."""

SECOND_HALF: State = PLAY | {"remaining_s": 1200.0}


def _ends(*states: State, lead: float = 0.0) -> Drive:
    columns: dict[str, Floats] = {name: np.array([each[name] for each in states]) for name in PLAY}
    return drive(columns, np.full(len(states), lead), KICKOFF)


def _after(state: State, end: int, lead: float = 0.0) -> float:
    """Return the lead after one of the ends, in the order of `Drive.leads`."""
    return float(_ends(state, lead=lead).leads[end, 0])


def test_with_time_drives_end_as_they_were_counted() -> None:
    """At every yard and down of the tables touchdowns are those, but for what time denies.

    At 1200 seconds and 20 yards that is 18^2 / (1200^2 + 18^2), 0.02 %. Field goals make up for 0.4
    of it in the red zone.
    """
    for down, (touchdowns, kicks) in enumerate(zip(TOUCHDOWNS, FIELD_GOALS, strict=True), start=1):
        plays = [PLAY | {"down": float(down), "yards_to_goal": float(yards)} for yards in YARDS]
        found = _ends(*plays)
        assert found.touchdown == pytest.approx(touchdowns, abs=0.002)
        sure = np.minimum(kicks, found.kick_only)
        assert found.field_goal == pytest.approx(sure, abs=0.002)


def test_a_touchdown_takes_a_second_a_yard() -> None:
    """With 18 seconds at the 20 half of the 0.42 are left, with none nobody scores."""
    short = PLAY | {"half_left_s": 18.0, "yards_to_goal": 20.0}
    over = PLAY | {"half_left_s": 0.0}
    (whole, half, none) = _ends(PLAY, short, over).touchdown.tolist()
    assert half == pytest.approx(TOUCHDOWNS[0][YARDS.index(20)] / 2.0)
    assert whole == pytest.approx(TOUCHDOWNS[0][YARDS.index(20)], abs=2e-4)
    assert none == 0.0


def test_a_kick_at_once_by_hand() -> None:
    """Fourth down at the 20 with a second: 0.97 x Phi((33 - 20) / 9), and next to no more."""
    last = PLAY | {"down": 4.0, "half_left_s": 1.0, "remaining_s": 1.0}
    good = 0.97 * NormalDist().cdf((33.0 - 20.0) / 9.0)
    assert _ends(last).kick_only[0] == pytest.approx(good, abs=0.002)


def test_points_and_the_ball_that_follows_them() -> None:
    """Seven and three less what the other side's kickoff is worth, and nothing for nothing.

    A drive from the 20 takes 55 + 30 seconds of the many there are; of 1200 less those nothing is
    lost by the end of the half yet, to one part in 10^12.
    """
    found = _ends(PLAY, lead=4.0).leads[:, 0].tolist()
    assert found == pytest.approx([10.2, 6.2, 4.0 - 1.4 * 0.2, -inf, 4.0], abs=1e-9)
    taken = 85.0 * (1.0 - exp(-1200.0 / 85.0))
    assert _ends(PLAY).times[:, 0] == pytest.approx([3000.0 - taken, 3000.0 - 15.0, 3000.0])


def test_a_kneel_gives_the_ball_up_with_what_is_left() -> None:
    """First down, no timeouts: 3 x 45 seconds are burnt; with three of them 15."""
    none = SECOND_HALF | {"half_left_s": 1200.0, "away_timeouts": 0.0}
    below = none | {"away_timeouts": -1.0}
    three = none | {"away_timeouts": 3.0}
    unknown = none | {"away_timeouts": nan}
    found = _ends(none, below, three, unknown)
    assert found.times[1].tolist() == [1065.0, 1065.0, 1185.0, 1185.0]
    ball = -1.4 * 0.2 * (1.0 - exp(-1065.0 / BALL_FADE_S))
    assert found.leads[3, 0] == pytest.approx(ball)


def test_a_ball_of_unknown_place_begins_at_the_own_25() -> None:
    """But nobody can kneel on it: lead and time stay as they are, in either half."""
    for half in (PLAY, SECOND_HALF):
        lost, placed = half | {"yards_to_goal": nan}, half | {"yards_to_goal": 75.0}
        found, at_25 = _ends(lost, lead=3.0), _ends(placed, lead=3.0)
        assert found.touchdown == at_25.touchdown
        assert found.leads[[0, 1, 2, 4]].tolist() == at_25.leads[[0, 1, 2, 4]].tolist()
        assert (found.leads[3, 0], found.times[1, 0]) == (3.0, half["remaining_s"])


def test_a_longer_distance_is_worse() -> None:
    """On third down the odds fall by (5.3 / distance)^0.35, and an unknown one is the usual."""
    third = PLAY | {"down": 3.0, "yards_to_goal": 40.0}
    one, ten, unknown = _ends(*(third | {"distance": by} for by in (1.0, 10.0, nan))).touchdown
    usual = TOUCHDOWNS[2][YARDS.index(40)]
    odds = usual / (1.0 - usual) * (5.3 / 10.0) ** 0.35
    assert unknown == pytest.approx(usual, abs=0.001)
    assert ten == pytest.approx(odds / (1.0 + odds), abs=0.001)
    assert one > usual + 0.05


ANY = st.one_of(st.just(nan), st.integers(-5, 130).map(float))


@given(ANY, ANY, st.integers(-1, 6).map(float), ANY, st.integers(0, 3600).map(float))
def test_every_state_has_chances_and_times(
    yards: float, distance: float, down: float, timeouts: float, left: float
) -> None:
    """Downs, places and counts that make no sense are cut to the nearest that does."""
    state = SECOND_HALF | {
        "yards_to_goal": yards,
        "distance": distance,
        "down": down,
        "away_timeouts": timeouts,
        "remaining_s": left,
        "half_left_s": left,
    }
    inside = state | {
        "yards_to_goal": min(max(yards, 1.0), 99.0),
        "distance": min(max(distance, 0.0), 40.0),
        "down": min(max(down, 1.0), 4.0),
        "away_timeouts": min(max(timeouts, 0.0), 3.0),
    }
    found, expected = _ends(state), _ends(inside)
    for own, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(own, other)
    chances = np.array([found.touchdown, found.field_goal, found.kick_only])
    assert ((chances >= 0.0) & (chances <= 1.0)).all()
    assert found.touchdown[0] + found.field_goal[0] <= 1.0 + 1e-12
    assert ((found.times >= 0.0) & (found.times <= left)).all()


def test_a_row_does_not_depend_on_its_batch() -> None:
    """A drive alone is that among others, to the last bit or two."""
    states = [PLAY | {"yards_to_goal": float(yards), "half_left_s": 40.0} for yards in range(1, 99)]
    whole = _ends(*states)
    for at in (0, 40, 97):
        for alone, among in zip(_ends(states[at]), whole, strict=True):
            np.testing.assert_allclose(alone[..., 0], among[..., at], rtol=1e-14)
