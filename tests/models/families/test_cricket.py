"""Cricket prices: properties over all states, hand-computed cases, and real matches."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from models.evaluation.scores import brier
from models.families.cricket import BOUNDS, INPUTS, VALID, Coefficients, probabilities, resources
from models.training.tables import state_table, subjects

Floats = npt.NDArray[np.float64]
State = dict[str, float]

IPL = Coefficients()
NAN = float("nan")


def _state(*numbers: float) -> State:
    """Return a row: lead, prior, chase, balls left, wickets and par."""
    return dict(zip(INPUTS, numbers, strict=True))


priors = st.floats(0.005, 0.995)
pars = st.one_of(st.just(NAN), st.floats(-50.0, 1000.0))
states = st.builds(
    _state,
    st.integers(-400, 400).map(float),
    priors,
    st.sampled_from([0.0, 1.0]),
    st.integers(-5, 130).map(float),
    st.integers(-1, 12).map(float),
    pars,
)


def _columns(rows: list[State]) -> dict[str, Floats]:
    return {name: np.array([row[name] for row in rows]) for name in INPUTS}


def _home(*rows: State, with_: Coefficients = IPL) -> list[float]:
    homes: list[float] = probabilities(_columns(list(rows)), with_)[:, 0].tolist()
    return homes


@given(st.lists(states, min_size=1, max_size=20))
def test_every_state_has_probabilities(rows: list[State]) -> None:
    """All numbers are in [0, 1] and a row sums to 1, whatever a scoreboard says; no draws."""
    prices = probabilities(_columns(rows), IPL)
    assert prices.shape == (len(rows), 3)
    assert ((prices >= 0.0) & (prices <= 1.0)).all()
    assert np.allclose(prices.sum(axis=1), 1.0, rtol=0.0, atol=1e-12)
    assert (prices[:, 1] == 0.0).all()


@given(states, st.integers(1, 30))
def test_more_runs_are_never_worse(row: State, more: int) -> None:
    """Runs of the side that bats first help it; those of the chase lower the lead, and hurt it."""
    fewer, many = _home(row, {**row, "lead": row["lead"] + more})
    assert many >= fewer - 1e-12


@given(states, st.integers(0, 8), pars)
def test_a_wicket_never_helps_who_bats(row: State, wickets: int, par: float) -> None:
    """Up to the last pair: what a side may still make grows with the wickets it has in hand."""
    standing = {**row, "wickets": float(wickets), "par": par}
    before, after = _home(standing, {**standing, "wickets": wickets + 1.0})
    gain = after - before if row["chase"] == 0.0 else before - after
    assert gain <= 1e-12


@given(priors, st.integers(1, 240))
def test_a_chase_is_decided_exactly(prior: float, margin: int) -> None:
    """Passed, all out, or out of balls: nothing is left to chance, and level runs are a coin."""
    chased = _state(-1.0, prior, 1.0, 30.0, 4.0, NAN)
    all_out = _state(float(margin), prior, 1.0, 30.0, 10.0, NAN)
    out_of_balls = _state(float(margin), prior, 1.0, 0.0, 4.0, NAN)
    level = {**out_of_balls, "lead": 0.0}
    assert _home(chased, all_out, out_of_balls, level) == [0.0, 1.0, 1.0, 0.5]


@given(priors, pars)
def test_play_begins_at_the_prior(prior: float, par: float) -> None:
    """The first ball is worth what was believed before it, at any level of scores."""
    start = _state(0.0, prior, 0.0, 120.0, 0.0, par)
    assert _home(start) == pytest.approx([prior], abs=1e-9)


@given(priors, pars, st.integers(30, 300), st.sampled_from([(0.0, 4.0), (17.0, 10.0)]))
def test_the_end_of_an_innings_is_the_start_of_the_chase(
    prior: float, par: float, total: int, end: tuple[float, float]
) -> None:
    """To the last digit, whether the balls or the wickets have run out."""
    over = _state(float(total), prior, 0.0, *end, par)
    begun = _state(float(total), prior, 1.0, 120.0, 0.0, par)
    first, second = _home(over, begun)
    assert first == pytest.approx(second, abs=1e-12)


def test_a_higher_par_makes_a_total_worth_less() -> None:
    """180 is a good total where 160 is usual and a poor one where 200 is; unknown is usual."""
    usual, high, unknown = _home(
        *(_state(180.0, 0.5, 1.0, 120.0, 0.0, par) for par in (160.0, 200.0, NAN))
    )
    assert usual == unknown
    assert high < 0.5 < usual


def test_a_row_without_a_prior_has_no_price() -> None:
    """NaN goes through, also of a decided chase, and leaves the other rows alone."""
    rows = [_state(lead, NAN, 1.0, 30.0, 4.0, NAN) for lead in (40.0, -1.0)]
    prices = probabilities(_columns([*rows, _state(-1.0, 0.5, 1.0, 30.0, 4.0, NAN)]), IPL)
    expected = np.array([[NAN] * 3, [NAN] * 3, [0.0, 0.0, 1.0]])
    assert np.array_equal(prices, expected, equal_nan=True)


def test_half_a_chase_is_counted_by_hand() -> None:
    """With an even pace and all wickets, half the balls make half of 160 runs; 100 are needed.

    The spread of what is left is 40 / sqrt(2) runs, and a side is as strong as the other.
    """
    even = Coefficients(
        level=160.0, reach=0.0, curve=1e-9, wickets=1.0, spread=40.0, growth=1.0, tail=1e-9
    )
    row = _state(99.0, 0.5, 1.0, 60.0, 0.0, 300.0)
    expected = ndtr((99.0 - 80.0) / (40.0 / np.sqrt(2.0)))
    assert _home(row, with_=even) == pytest.approx([expected], abs=1e-6)


def test_resources_are_all_at_the_start_and_none_at_the_end() -> None:
    """They go with the balls, and with the wickets."""
    left, in_hand = np.array([1.0, 0.0, 0.5, 0.5]), np.array([10.0, 10.0, 10.0, 5.0])
    whole, none, half, fewer = resources(left, in_hand, IPL).tolist()
    assert (whole, none) == (1.0, 0.0)
    assert 0.0 < fewer < half < 1.0


def test_bounds_name_fields() -> None:
    """Every coefficient has bounds, and starts within them."""
    assert set(BOUNDS) == set(Coefficients.__struct_fields__)
    found = msgspec.structs.asdict(IPL)
    assert all(low < found[name] < high for name, (low, high) in BOUNDS.items())
    assert VALID.endswith(".")


def test_real_matches_are_priced_as_well_as_stated(shared: Path) -> None:
    """On 2018 to 2023 the Brier score is .188, that of the base rate .248; limit .193."""
    frame = pl.read_parquet(shared / "training" / "cricket_ipl.parquet")
    table = state_table(frame, subjects("cricket_ipl")[0])
    table = table.take(np.flatnonzero(table.season >= 2018)[::6])
    found = brier(probabilities(table.columns, IPL), table.outcome, three_way=False)
    assert found.mean() < 0.193
