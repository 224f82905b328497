"""Basketball prices: properties over all states, hand-computed cases, and real games."""

from __future__ import annotations

from math import exp, sqrt
from pathlib import Path
from statistics import NormalDist

import msgspec
import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.leagues import LEAGUES
from models.families.basketball import BOUNDS, INPUTS, VALID, Coefficients, probabilities
from models.inputs import column_names
from models.training.tables_basketball import table

Floats = npt.NDArray[np.float64]
State = dict[str, float]

NBA = Coefficients()
FILES = {
    "nba": ("nba.parquet", NBA),
    "ncaamb": ("ncaam.parquet", Coefficients(sigma=13.3, swing=2.6, fade=0.67)),
    "wnba": ("wnba.parquet", Coefficients(sigma=15.0)),
}

_START = {
    "lead": 0.0,
    "possession": 0.0,
    "prior_home": 0.5,
    "prior_known": 1.0,
    "overtime": 0.0,
    "remaining_s": 2880.0,
    "regulation_s": 2880.0,
}

priors = st.floats(0.005, 0.995)
fits = st.builds(
    Coefficients,
    sigma=st.floats(5.0, 40.0),
    swing=st.floats(0.2, 12.0),
    fade=st.floats(0.2, 1.5),
    ball=st.floats(0.0, 1.0),
)
states = st.fixed_dictionaries(
    {
        "lead": st.integers(-300, 300).map(float),
        "possession": st.sampled_from([-1.0, 0.0, 1.0]),
        "prior_home": priors,
        "prior_known": st.sampled_from([0.0, 1.0]),
        "overtime": st.sampled_from([0.0, 0.0, 1.0, 2.0, 95.0]),
        "remaining_s": st.floats(0.0, 2880.0),
        "regulation_s": st.sampled_from([2400.0, 2880.0]),
    }
)


def _columns(rows: list[State]) -> dict[str, Floats]:
    whole = [{**row, "prior_away": 1.0 - row["prior_home"]} for row in rows]
    return {name: np.array([row[name] for row in whole]) for name in INPUTS}


def _price(**changes: float) -> Floats:
    """Return the price of one state: the start of a game of equals, but for the changes."""
    price: Floats = probabilities(_columns([{**_START, **changes}]), NBA)[0]
    return price


@given(st.lists(states, min_size=1, max_size=20), fits)
def test_every_state_has_probabilities(rows: list[State], with_: Coefficients) -> None:
    """All numbers are in [0, 1], draws have none, and a row sums to 1."""
    prices = probabilities(_columns(rows), with_)
    assert prices.shape == (len(rows), 3)
    assert ((prices >= 0.0) & (prices <= 1.0)).all()
    assert (prices[:, 1] == 0.0).all()
    np.testing.assert_allclose(prices.sum(axis=1), 1.0, atol=1e-12)


@given(states, fits, st.integers(1, 60))
def test_more_lead_is_never_worse(row: State, with_: Coefficients, more: int) -> None:
    """Points for home at the same state never lower its chance."""
    ahead = {**row, "lead": row["lead"] + more}
    less, greater = probabilities(_columns([row, ahead]), with_)[:, 0]
    assert greater >= less


@given(states, fits, priors)
def test_a_better_home_side_is_never_worse(row: State, with_: Coefficients, other: float) -> None:
    """A higher prior never lowers the chance of home at the same state."""
    low, high = sorted((row["prior_home"], other))
    rows = [{**row, "prior_home": low}, {**row, "prior_home": high}]
    less, greater = probabilities(_columns(rows), with_)[:, 0]
    assert greater >= less - 1e-12


@given(states, fits)
def test_swapping_the_sides_swaps_the_price(row: State, with_: Coefficients) -> None:
    """The advantage of home is in the prior and nowhere else."""
    columns = _columns([row])
    swapped = {
        **columns,
        "lead": -columns["lead"],
        "possession": -columns["possession"],
        "prior_home": columns["prior_away"],
        "prior_away": columns["prior_home"],
    }
    here, there = probabilities(columns, with_)[0], probabilities(swapped, with_)[0]
    np.testing.assert_allclose(there[::-1], here, atol=1e-12)


@given(states, fits, st.sampled_from([-40.0, -1.0, 1.0, 40.0]))
def test_a_decided_game_is_certain(row: State, with_: Coefficients, lead: float) -> None:
    """With nothing left to play a lead has won, in regulation and in overtime."""
    price = probabilities(_columns([{**row, "lead": lead, "remaining_s": 0.0}]), with_)[0]
    assert price.tolist() == ([1.0, 0.0, 0.0] if lead > 0 else [0.0, 0.0, 1.0])


@given(states, fits)
def test_the_start_is_the_prior(row: State, with_: Coefficients) -> None:
    """At the first second the price is the prior, however well it was known."""
    start = {**row, "lead": 0.0, "overtime": 0.0, "possession": 0.0}
    start["remaining_s"] = row["regulation_s"]
    home = probabilities(_columns([start]), with_)[0, 0]
    assert home == pytest.approx(row["prior_home"], abs=1e-12)


@given(states, fits, st.integers(1, 4))
def test_the_end_of_a_level_period_is_the_start_of_overtime(
    row: State, with_: Coefficients, overtime: int
) -> None:
    """The last moment of regulation or of an overtime, level, is worth the next overtime.

    Whoever had the ball in it.
    """
    last = {**row, "lead": 0.0, "remaining_s": 0.0, "overtime": overtime - 1.0}
    first = {**last, "possession": 0.0, "remaining_s": 300.0, "overtime": float(overtime)}
    end, start = probabilities(_columns([last, first]), with_)[:, 0]
    assert end == pytest.approx(start, abs=1e-12)


@given(states, fits, st.floats(30.0, 2400.0))
def test_time_moves_prices_smoothly(row: State, with_: Coefficients, left_s: float) -> None:
    """A hundredth of a second at any clock, the end of a period included, moves nothing."""
    rows = [{**row, "remaining_s": at} for at in (left_s, left_s - 0.01)]
    before, after = probabilities(_columns(rows), with_)[:, 0]
    assert after == pytest.approx(before, abs=1e-3)


@given(st.lists(states, min_size=2, max_size=8))
def test_a_batch_is_its_rows(rows: list[State]) -> None:
    """A row has the price it has alone."""
    alone = np.concatenate([probabilities(_columns([row]), NBA) for row in rows])
    np.testing.assert_allclose(probabilities(_columns(rows), NBA), alone, atol=1e-14)


def test_no_prior_is_no_price() -> None:
    """A row without a prior is NaN in all its columns; the other rows keep theirs."""
    columns = _columns([{**_START, "prior_home": float("nan")}, _START])
    prices = probabilities(columns, NBA)
    assert np.isnan(prices[0]).all()
    assert prices[1].tolist() == [0.5, 0.0, 0.5]


def test_a_lead_at_half_time_is_worth_what_the_formula_says() -> None:
    """Six points at the half between equals: 6 e^-0.3 over the spread of what is to come."""
    spread = sqrt(17.4**2 * (1.0 - exp(-0.6)) / 1.2 + 3.7)
    home = NormalDist().cdf(6.0 * exp(-0.3) / spread)
    np.testing.assert_allclose(
        _price(lead=6.0, remaining_s=1440.0), [home, 0.0, 1.0 - home], atol=1e-9
    )
    assert home == pytest.approx(0.6592, abs=1e-3)


def test_the_ball_counts_until_the_time_is_up() -> None:
    """Level with a minute left it is worth 0.45 points, with three seconds 0.63 of that."""
    spread = sqrt(17.4**2 * (1.0 - exp(-1.2 / 48.0)) / 1.2 + 3.7 * (1.0 - exp(-60.0 / 8.0)))
    worth = 0.45 * exp(-0.6 / 48.0) / spread
    has_it = _price(remaining_s=60.0, possession=1.0)
    assert has_it[0] == pytest.approx(NormalDist().cdf(worth), abs=1e-6)
    spread = sqrt(17.4**2 * (1.0 - exp(-1.2 / 960.0)) / 1.2 + 3.7 * (1.0 - exp(-3.0 / 8.0)))
    late = _price(remaining_s=3.0, possession=-1.0)
    worth = 0.45 * (1.0 - exp(-1.0)) * exp(-0.6 / 960.0) / spread
    assert late[2] == pytest.approx(NormalDist().cdf(worth), abs=1e-6)


def test_the_better_side_is_better_in_overtime() -> None:
    """Three tenths of the strength are left there: a favourite of .8 has .60."""
    home = NormalDist().cdf(0.3 * NormalDist().inv_cdf(0.8))
    assert _price(prior_home=0.8, overtime=1.0, remaining_s=300.0)[0] == pytest.approx(home)
    assert home == pytest.approx(0.5997, abs=1e-4)


def test_a_point_in_the_last_second_is_not_yet_won() -> None:
    """The ball may be anywhere: a lead of one point with a second to go loses now and then."""
    assert 0.75 < _price(lead=1.0, remaining_s=1.0)[0] < 0.97


def test_a_lead_tells_who_is_better_where_nobody_knew() -> None:
    """The same lead is worth more where it also teaches something, and less where it is level."""
    known, unknown = (_price(lead=10.0, remaining_s=1440.0, prior_known=is_) for is_ in (1.0, 0.0))
    assert unknown[0] > known[0] + 0.01
    level = {"prior_home": 0.6, "remaining_s": 720.0}
    assert _price(**level, prior_known=0.0)[0] < _price(**level, prior_known=1.0)[0]


def test_bayes_by_hand() -> None:
    """Ten points after half a game of strangers: mean and variance of a normal posterior."""
    spread = sqrt(17.4**2 * (1.0 - exp(-0.6)) / 1.2 + 3.7)
    game = sqrt(17.4**2 * (1.0 - exp(-1.2)) / 1.2 + 3.7)
    variance = 1.0 / (1.0 / 0.49 + 0.5)
    mean = variance * 10.0 / game
    weight = 0.3 + 0.7 * 0.5**0.8
    z = (10.0 * exp(-0.3) / spread + weight * mean) / sqrt(1.0 + variance * weight**2)
    price = _price(lead=10.0, remaining_s=1440.0, prior_known=0.0)
    assert price[0] == pytest.approx(NormalDist().cdf(z), abs=1e-9)


@pytest.mark.parametrize("wrong", [{"sigma": 0.0}, {"theta": 0.0}, {"swing": -1.0}, {"pace": 1}])
def test_coefficients_that_cannot_be(wrong: dict[str, float]) -> None:
    """A spread or a reversion of nothing, a negative variance or a stranger is refused."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, Coefficients)


def test_what_the_family_says_of_itself() -> None:
    """Its inputs are columns the feed supplies, and its start values lie within the bounds."""
    assert set(INPUTS) <= set(column_names("basketball"))
    assert VALID
    fields = {name: getattr(NBA, name) for name in Coefficients.__struct_fields__}
    assert set(BOUNDS) == set(fields)
    assert [name for name, (low, high) in BOUNDS.items() if not low <= fields[name] <= high] == []


@pytest.mark.parametrize(
    ("league", "season", "limit"),
    [
        ("nba", 2019, 0.1450),
        ("nba", 2023, 0.1385),
        ("ncaamb", 2018, 0.1195),
        ("wnba", 2025, 0.1740),
    ],
)
def test_prices_of_real_games(shared: Path, league: str, season: int, limit: float) -> None:
    """Brier scores stay at the level measured on whole seasons, with some room."""
    file, with_ = FILES[league]
    path = shared / "training" / file
    if not path.exists():
        pytest.skip(f"no training data at {path}")
    frame = pl.read_parquet(path).filter(pl.col("season") == season)
    if league == "nba":
        frame = frame.filter(pl.col("source") != "quarter")
    frame = frame.sample(min(frame.height, 20_000), seed=1)
    rules = LEAGUES[league]
    states = table(frame, rules)
    home, won = probabilities(states.columns, with_)[:, 0], states.outcome == 0
    assert float(np.mean((home - won) ** 2)) < limit
    assert float(np.mean(home)) == pytest.approx(float(np.mean(won)), abs=0.04)
