"""Football prices: what must hold in every state, cases by hand, and real games."""

from __future__ import annotations

from math import nan
from pathlib import Path
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.leagues import LEAGUES
from models.families.football import BOUNDS, INPUTS, Coefficients, probabilities
from models.protocol import Floats
from models.training.tables_football import table

State = dict[str, float]

REGULATION_S = 3600.0
HALF_S = 1800.0
OVERTIME_S = {"nfl": 600.0, "cfb": 300.0}
COLLEGE = Coefficients(spread=16.2, growth=0.51, fade=0.86, tilt=0.33)
"""Fitted to the plays of 2019."""

LEAGUE_NUMBERS = {"nfl": Coefficients(), "cfb": COLLEGE}

KICKOFF: State = {
    "lead": 0.0,
    "prior_home": 0.5,
    "prior_away": 0.5,
    "prior_known": 1.0,
    "overtime": 0.0,
    "overtime_s": OVERTIME_S["nfl"],
    "in_break": 0.0,
    "remaining_s": REGULATION_S,
    "regulation_s": REGULATION_S,
    "half_left_s": HALF_S,
    "possession": 0.0,
    "down": 0.0,
    "distance": nan,
    "yards_to_goal": nan,
    "second_half_ball": 0.0,
    "home_timeouts": 3.0,
    "away_timeouts": 3.0,
}


def _columns(states: list[State]) -> dict[str, Floats]:
    return {name: np.array([state[name] for state in states]) for name in INPUTS}


def _home(*states: State, with_: Coefficients | None = None) -> list[float]:
    """Return the price of home in each state."""
    prices = probabilities(_columns(list(states)), with_ or Coefficients())
    home: list[float] = prices[:, 0].tolist()
    return home


def _swapped(state: State) -> State:
    return state | {
        "lead": -state["lead"],
        "prior_home": state["prior_away"],
        "prior_away": state["prior_home"],
        "possession": -state["possession"],
        "second_half_ball": -state["second_half_ball"],
        "home_timeouts": state["away_timeouts"],
        "away_timeouts": state["home_timeouts"],
    }


@st.composite
def states(draw: st.DrawFn) -> State:
    """Draw any state the parser can produce, and scores, downs and places that make no sense."""
    prior = draw(st.floats(0.005, 0.995))
    overtime = draw(st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.0]))
    left = draw(st.one_of(st.integers(0, 120), st.integers(0, 900 if overtime else 3600)))
    first = not overtime and left >= HALF_S and draw(st.booleans())
    ball = draw(st.sampled_from([-1.0, 0.0, 1.0]))
    timeouts = st.one_of(st.just(nan), st.integers(-3, 9).map(float))
    return KICKOFF | {
        "lead": float(draw(st.one_of(st.integers(-20, 20), st.integers(-999, 999)))),
        "prior_home": prior,
        "prior_away": 1.0 - prior,
        "prior_known": float(draw(st.booleans())),
        "overtime": overtime,
        "overtime_s": draw(st.sampled_from([300.0, 600.0, 900.0])),
        "in_break": float(draw(st.booleans())),
        "remaining_s": float(left),
        "half_left_s": left - HALF_S if first else float(left),
        "possession": ball,
        "down": float(draw(st.integers(-1, 5))),
        "distance": draw(st.one_of(st.just(nan), st.integers(-5, 120).map(float))),
        "yards_to_goal": draw(st.one_of(st.just(nan), st.integers(-5, 120).map(float))),
        "second_half_ball": draw(st.sampled_from([-1.0, 0.0, 1.0])),
        "home_timeouts": draw(timeouts),
        "away_timeouts": draw(timeouts),
    }


@st.composite
def numbers(draw: st.DrawFn) -> Coefficients:
    """Draw any coefficients that a fit may end with."""
    return Coefficients(**{name: draw(st.floats(*bounds)) for name, bounds in BOUNDS.items()})


@given(st.lists(states(), min_size=1, max_size=20), numbers())
def test_prices_are_probabilities_without_a_draw(rows: list[State], with_: Coefficients) -> None:
    """Every state has three finite numbers in [0, 1] that sum to 1, and no draw."""
    prices = probabilities(_columns(rows), with_)
    assert prices.shape == (len(rows), 3)
    assert np.isfinite(prices).all()
    assert ((prices >= 0.0) & (prices <= 1.0)).all()
    assert prices[:, 1].tolist() == [0.0] * len(rows)
    assert prices.sum(axis=1) == pytest.approx(1.0, abs=1e-12)


@given(states(), numbers())
def test_a_longer_lead_is_never_worse(state: State, with_: Coefficients) -> None:
    """With all else the same, the price of home never falls from one lead to the next."""
    home = _home(*(state | {"lead": float(lead)} for lead in range(-40, 41)), with_=with_)
    assert (np.diff(home) >= -1e-12).all()


@given(states(), numbers())
def test_sides_are_alike(state: State, with_: Coefficients) -> None:
    """The price of home is that of away when the teams swap places, prior and ball as well."""
    mirrored = probabilities(_columns([_swapped(state)]), with_)[0, ::-1]
    assert mirrored == pytest.approx(probabilities(_columns([state]), with_)[0], abs=1e-12)


@given(states(), st.sampled_from([-30.0, -1.0, 1.0, 30.0]))
def test_a_decided_game_is_exactly_zero_or_one(state: State, lead: float) -> None:
    """In the break after the last second a lead has won, whoever was thought stronger."""
    over = state | {"lead": lead, "in_break": 1.0, "remaining_s": 0.0, "half_left_s": 0.0}
    assert _home(over) == [1.0 if lead > 0.0 else 0.0]


@given(states(), numbers())
def test_half_time_changes_nothing(state: State, with_: Coefficients) -> None:
    """The last moment of the first half has the price of the second half before its kickoff."""
    game = state | {"overtime": 0.0, "remaining_s": HALF_S}
    before = game | {"half_left_s": 0.0}
    after = game | {"half_left_s": HALF_S, "possession": 0.0}
    assert _home(before, with_=with_) == pytest.approx(_home(after, with_=with_), abs=1e-9)


@given(states(), numbers())
def test_overtime_starts_where_regulation_ended(state: State, with_: Coefficients) -> None:
    """A level game has the same price in the break before overtime as at its start."""
    level = state | {"lead": 0.0, "possession": 0.0}
    over = level | {"overtime": 0.0, "in_break": 1.0, "remaining_s": 0.0, "half_left_s": 0.0}
    extra = level | {"overtime": 1.0, "in_break": 0.0, "remaining_s": 600.0, "half_left_s": 600.0}
    assert _home(over, with_=with_) == pytest.approx(_home(extra, with_=with_), abs=1e-9)


@given(states(), numbers())
def test_an_unknown_ball_lies_between_the_two_sides(state: State, with_: Coefficients) -> None:
    """Where no place is told, home with the ball is no worse than nobody, nobody than away."""
    here = state | {"yards_to_goal": nan, "down": 0.0, "second_half_ball": 0.0}
    home, nobody, away = _home(*(here | {"possession": side} for side in (1, 0, -1)), with_=with_)
    assert home >= nobody - 1e-12 >= away - 2e-12


@given(st.floats(0.005, 0.995), numbers(), st.booleans())
def test_the_start_has_the_price_of_the_prior(
    prior: float, with_: Coefficients, known: bool
) -> None:
    """Before anybody has the ball, in-play prices begin where pregame prices end."""
    start = KICKOFF | {"prior_home": prior, "prior_away": 1.0 - prior, "prior_known": float(known)}
    assert _home(start, with_=with_) == pytest.approx([prior], abs=1e-9)


@given(st.lists(states(), min_size=2, max_size=9))
def test_a_row_does_not_depend_on_its_batch(rows: list[State]) -> None:
    """A state has the same price alone as among others."""
    assert _home(*rows) == pytest.approx([_home(row)[0] for row in rows], abs=1e-12)


def test_without_a_prior_there_is_no_price() -> None:
    """A NaN prior gives a NaN row, in play and in the break after the end."""
    unknown = KICKOFF | {"prior_home": nan, "prior_away": nan, "lead": 3.0}
    over = unknown | {"in_break": 1.0, "remaining_s": 0.0, "half_left_s": 0.0}
    assert np.isnan(probabilities(_columns([unknown, over]), Coefficients())).all()


def test_a_touchdown_ahead_at_half_time_by_hand() -> None:
    """Seven points, equal sides: S = 14.75 x 0.5^0.352 = 11.56, and Phi(7 / 11.56) = 0.7276."""
    half_time = KICKOFF | {"lead": 7.0, "remaining_s": HALF_S, "half_left_s": 0.0, "in_break": 1.0}
    assert _home(half_time) == pytest.approx([0.7276], abs=1e-4)


def test_a_last_kick_by_hand() -> None:
    """Level, fourth down at the 20 with three seconds: a kick, or overtime.

    It is good with 0.97 x Phi((33 - 20) / 9) = 0.8979; 0.41 seconds are left, in which 3 points
    are safe, and a kick that is not good leaves 0.4983.
    """
    last_kick = KICKOFF | {
        "remaining_s": 3.0,
        "half_left_s": 3.0,
        "possession": 1.0,
        "down": 4.0,
        "yards_to_goal": 20.0,
    }
    assert _home(last_kick) == pytest.approx([0.4983 + 0.8979 * 0.5017], abs=2e-4)


def test_time_to_get_nearer_is_worth_what_drives_made_of_it() -> None:
    """Two behind at midfield: hopeless with five seconds, three in ten come back with forty.

    At midfield with 31 to 60 seconds and 0 to 3 points behind 0.38 of the sides scored in the
    seasons 2009 to 2015; the other one may still answer.
    """
    behind = KICKOFF | {"lead": -2.0, "possession": 1.0, "down": 1.0, "yards_to_goal": 50.0}
    five, forty = (behind | {"remaining_s": left, "half_left_s": left} for left in (5.0, 40.0))
    home = _home(five, forty)
    assert home[0] < 0.06
    assert home[1] == pytest.approx(0.32, abs=0.06)


def test_the_kickoff_of_the_second_half_counts_until_it_comes() -> None:
    """Who receives it is 0.8 points ahead at half-time, by hand, and no more once it has."""
    at = KICKOFF | {"second_half_ball": 1.0, "remaining_s": HALF_S, "half_left_s": 0.0}
    break_, theirs = at | {"in_break": 1.0}, at | {"second_half_ball": -1.0}
    begun = at | {"half_left_s": HALF_S, "possession": 1.0, "yards_to_goal": 75.0, "down": 1.0}
    nobody = begun | {"second_half_ball": 0.0}
    home = _home(break_, theirs, begun, nobody)
    worth = NormalDist().cdf(0.8 / (14.75 * 0.5**0.352))
    assert home[:2] == pytest.approx([worth, 1.0 - worth], abs=1e-4)
    assert home[2] == home[3]


def test_a_leader_kneels_when_the_other_side_cannot_stop_the_clock() -> None:
    """A point ahead with 100 seconds and first down is won without timeouts, open with three."""
    ahead = KICKOFF | {
        "lead": 1.0,
        "remaining_s": 100.0,
        "half_left_s": 100.0,
        "possession": 1.0,
        "down": 1.0,
        "yards_to_goal": 60.0,
    }
    kneels, plays, in_doubt = _home(
        ahead | {"away_timeouts": 0.0},
        ahead | {"away_timeouts": 3.0},
        ahead | {"away_timeouts": nan},
    )
    assert kneels > 0.9999
    assert plays < 0.9
    assert in_doubt == plays


def test_three_and_seven_are_key_margins_late() -> None:
    """Five seconds from the end, at the other 30, only 3 and 7 points are steps in the price."""
    late = KICKOFF | {
        "remaining_s": 5.0,
        "half_left_s": 5.0,
        "possession": 1.0,
        "down": 1.0,
        "yards_to_goal": 30.0,
    }
    deficits = (2, 3, 4, 6, 8)
    home = dict(
        zip(deficits, _home(*(late | {"lead": -float(by)} for by in deficits)), strict=True)
    )
    assert home[2] - home[3] > 0.1
    assert home[4] - home[6] < 0.01
    assert home[6] - home[8] > 0.1


def test_in_overtime_of_the_nfl_the_ball_is_worth_more_than_in_college() -> None:
    """Sudden death rewards the first to score; in college both sides get the ball."""
    ball = KICKOFF | {
        "overtime": 1.0,
        "remaining_s": 300.0,
        "half_left_s": 300.0,
        "possession": 1.0,
        "down": 1.0,
        "yards_to_goal": 25.0,
    }
    (nfl,) = _home(ball)
    (college,) = _home(ball | {"overtime_s": OVERTIME_S["cfb"]}, with_=COLLEGE)
    assert nfl > 0.75
    assert 0.5 < college < 0.7


def test_a_lead_says_more_where_nobody_knew_the_strengths() -> None:
    """After a quarter seven points weigh more on a league's rate than on a market's price."""
    ahead = KICKOFF | {"lead": 7.0, "remaining_s": 2700.0, "half_left_s": 900.0}
    known, unknown = _home(ahead, ahead | {"prior_known": 0.0})
    assert 0.01 < unknown - known < 0.06


LIMITS = {
    "nfl": ("source = 'pbp' and season = 2015", 0.159),
    "nfl quarters": ("source = 'quarter'", 0.165),
    "nfl play-offs": ("source = 'nflscrapR_post'", 0.166),
    "cfb": ("season = 2019", 0.101),
}
"""Rows, and a Brier score: that of the formula on all of them, and about 0.004 for the sample."""

PUBLISHED_MARGIN = {"nfl play-offs": -0.005, "cfb": 0.003}
"""How much worse than the published probability the Brier score may be on the same rows."""


@pytest.mark.parametrize("name", list(LIMITS))
def test_real_games_are_priced_as_well_as_was_measured(shared: Path, name: str) -> None:
    """Brier scores on real plays stay near what they were, beside the published ones too."""
    key = name.partition(" ")[0]
    where, limit = LIMITS[name]
    frame = pl.read_parquet(shared / "training" / f"{key}.parquet").filter(pl.sql_expr(where))
    frame = frame.gather_every(max(1, frame.height // 6000))
    rows = table(frame, LEAGUES[key])
    home = probabilities(rows.columns, LEAGUE_NUMBERS[key])[:, 0]
    error = (home - (rows.outcome == 0)) ** 2
    assert float(error.mean()) < limit
    if name in PUBLISHED_MARGIN:
        published = frame["pub_home_wp"].to_numpy()
        told = ~np.isnan(published)
        theirs = (published - (rows.outcome == 0))[told] ** 2
        assert float(error[told].mean()) < float(theirs.mean()) + PUBLISHED_MARGIN[name]
