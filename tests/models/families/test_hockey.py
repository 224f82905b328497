"""Hockey prices: properties over all states, hand-computed cases, and real games."""

from __future__ import annotations

from math import exp
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.families.hockey import BOUNDS, INPUTS, VALID, Coefficients, probabilities
from models.training.priors_hockey import from_elo

Floats = npt.NDArray[np.float64]
State = dict[str, float]

NHL = Coefficients()

priors = st.floats(0.005, 0.995)
leads = st.integers(-30, 30).map(float)
states = st.fixed_dictionaries(
    {
        "lead": leads,
        "prior_home": priors,
        "remaining_s": st.floats(0.0, 3600.0),
        "overtime": st.sampled_from([0.0, 0.0, 1.0, 2.0, 7.0]),
        "overtime_s": st.just(300.0),
    }
)


def _columns(rows: list[State]) -> dict[str, Floats]:
    return {name: np.array([row[name] for row in rows]) for name in INPUTS}


def _price(**changes: float) -> Floats:
    """Return the price of one state: the start of a game of equals, but for the changes."""
    start = {"lead": 0.0, "prior_home": 0.5, "remaining_s": 3600.0}
    row = {**start, "overtime": 0.0, "overtime_s": 300.0, **changes}
    price: Floats = probabilities(_columns([row]), NHL)[0]
    return price


@pytest.fixture(scope="module", autouse=True)
def solved() -> None:
    """Solve the tables before the first example is timed."""
    _price()


@given(st.lists(states, min_size=1, max_size=20))
def test_every_state_has_probabilities(rows: list[State]) -> None:
    """All numbers are in [0, 1], draws have none, and a row sums to 1."""
    prices = probabilities(_columns(rows), NHL)
    assert prices.shape == (len(rows), 3)
    assert ((prices >= 0.0) & (prices <= 1.0)).all()
    assert (prices[:, 1] == 0.0).all()
    assert np.allclose(prices.sum(axis=1), 1.0, rtol=0.0, atol=1e-12)


@given(states, st.integers(1, 5))
def test_a_larger_lead_is_never_worse(row: State, more: int) -> None:
    """At the same state, goals more do not lower the chance of the side that has them."""
    better = {**row, "lead": row["lead"] + more}
    low, high = probabilities(_columns([row, better]), NHL)[:, 0]
    assert high >= low - 1e-12


@given(states)
def test_sides_are_treated_alike(row: State) -> None:
    """Swapping the sides and the prior swaps the price."""
    swapped = {**row, "lead": -row["lead"], "prior_home": 1.0 - row["prior_home"]}
    prices = probabilities(_columns([row, swapped]), NHL)
    assert np.allclose(prices[0], prices[1][::-1], rtol=0.0, atol=1e-9)


@given(states.filter(lambda row: row["lead"] != 0.0))
def test_a_decided_game_is_certain(row: State) -> None:
    """A lead at the end of regulation, or at any time in overtime, is exactly 1 or 0."""
    ended = {**row, "remaining_s": 0.0, "overtime": 0.0}
    beyond = {**row, "overtime": 1.0}
    home = 1.0 if row["lead"] > 0.0 else 0.0
    expected = [[home, 0.0, 1.0 - home]] * 2
    assert probabilities(_columns([ended, beyond]), NHL).tolist() == expected


@given(priors)
def test_the_start_has_the_price_of_the_prior(prior: float) -> None:
    """The first second of a game is worth what was believed before it."""
    assert _price(prior_home=prior)[0] == pytest.approx(prior, abs=1e-9)


@given(priors)
def test_overtime_begins_at_the_price_at_which_regulation_ended(prior: float) -> None:
    """A level score makes no jump between the last second, the break and overtime."""
    break_ = _price(prior_home=prior, remaining_s=0.0)
    overtime = _price(prior_home=prior, remaining_s=300.0, overtime=1.0)
    last = _price(prior_home=prior, remaining_s=0.01)
    # Between two strengths the table is a straight line, the price of overtime is not.
    assert np.allclose(break_, overtime, rtol=0.0, atol=5e-5)
    assert np.allclose(break_, last, rtol=0.0, atol=1e-4)


@given(priors, leads, st.sampled_from([300.0, 1200.0, 2400.0]))
def test_prices_are_continuous_in_time(prior: float, lead: float, left_s: float) -> None:
    """A hundredth of a second about the end of a period, or of a step of the table, is nothing."""
    about = [_price(prior_home=prior, lead=lead, remaining_s=left_s + by) for by in (-0.01, 0.01)]
    assert np.allclose(about[0], about[1], rtol=0.0, atol=1e-4)


def test_a_row_without_a_prior_has_no_price() -> None:
    """NaN goes through, and leaves the other rows alone."""
    rows = [
        {"lead": 1.0, "prior_home": prior, "remaining_s": 60.0, "overtime": over, "overtime_s": 300}
        for prior, over in ((float("nan"), 0.0), (float("nan"), 1.0), (0.5, 1.0))
    ]
    expected = np.array([[np.nan] * 3, [np.nan] * 3, [1.0, 0.0, 0.0]])
    assert np.array_equal(probabilities(_columns(rows), NHL), expected, equal_nan=True)


def test_overtime_is_a_race_for_one_goal_and_then_a_coin() -> None:
    """The sides score in proportion to the root of their rates; scoreless, half each."""
    prior = 0.7
    endless = _price(prior_home=prior, remaining_s=1200.0, overtime=1.0)[0]
    minute = _price(prior_home=prior, remaining_s=60.0, overtime=1.0)[0]
    scoreless = exp(-0.2247)
    assert 0.5 < endless < prior
    assert minute == pytest.approx(endless * (1.0 - scoreless) + 0.5 * scoreless, abs=1e-12)
    assert _price(prior_home=prior, remaining_s=0.0, overtime=2.0)[0] == 0.5
    assert _price(prior_home=prior, remaining_s=30.0, overtime=3.0)[0] == endless


def test_an_empty_net_is_worth_what_it_was() -> None:
    """With a minute and a half left one goal held in 95 of 100 games, two in 99 and more.

    NHL 2018 to 2020, between 60 and 90 seconds left: 1,451 of 1,521 rows and 928 of 930.
    """
    one, two = (_price(lead=lead, remaining_s=75.0)[0] for lead in (1.0, 2.0))
    assert one == pytest.approx(0.954, abs=0.02)
    assert two == pytest.approx(0.998, abs=0.005)


def test_bounds_name_fields() -> None:
    """Every coefficient has bounds, and only what results can tell is free."""
    assert set(BOUNDS) == set(Coefficients.__struct_fields__)
    assert {name for name, (low, high) in BOUNDS.items() if low != high} == {"behind"}
    assert VALID.endswith(".")


def test_real_games_are_priced_as_well_as_stated(shared: Path) -> None:
    """On regulation time of 2020 the Brier score is .1514, that of the rate .249; limit .1545."""
    frame = pl.read_parquet(shared / "training" / "nhl.parquet")
    frame = frame.filter((pl.col("season") == 2020) & (pl.col("period") < 4)).gather_every(4)
    rows = {name: frame[name].cast(pl.Float64).to_numpy() for name in ("remaining_s", "home_won")}
    lead = (frame["home_score"] - frame["away_score"]).cast(pl.Float64).to_numpy()
    columns = {
        "lead": lead,
        "prior_home": from_elo(frame["elo_home_prob"].cast(pl.Float64).to_numpy()),
        "remaining_s": rows["remaining_s"],
        "overtime": lead * 0.0,
        "overtime_s": lead * 0.0 + 300.0,
    }
    home = probabilities(columns, NHL)[:, 0]
    score = float(((home - rows["home_won"]) ** 2).mean())
    late = rows["remaining_s"] <= 300.0
    assert score < 0.1545
    assert float(((home - rows["home_won"])[late] ** 2).mean()) < 0.077
