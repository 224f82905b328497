"""Soccer prices: properties over all states, hand-computed cases, and real matches."""

from __future__ import annotations

from math import exp
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.families.soccer import BOUNDS, INPUTS, VALID, Coefficients, probabilities
from models.training.priors_soccer import from_elo

Floats = npt.NDArray[np.float64]
State = dict[str, float]

CLUBS = Coefficients()
FULL_S = 5820.0


def _prior(home: float, draw: float) -> tuple[float, float, float]:
    """Return three probabilities of two numbers in [0, 1], none below half a percent."""
    sides = np.maximum([home * (1.0 - draw), draw, (1.0 - home) * (1.0 - draw)], 0.005)
    one, two, three = (sides / sides.sum()).tolist()
    return one, two, three


priors = st.builds(_prior, st.floats(0.0, 1.0), st.floats(0.0, 0.7))
leads = st.integers(-30, 30).map(float)
reds = st.integers(-1, 11).map(float)


def _state(
    prior: tuple[float, float, float], lead: float, remaining_s: float, cards: tuple[float, float]
) -> State:
    return {
        "lead": lead,
        "prior_home": prior[0],
        "prior_draw": prior[1],
        "prior_away": prior[2],
        "remaining_s": remaining_s,
        "regulation_s": FULL_S,
        "overtime": 0.0,
        "home_reds": cards[0],
        "away_reds": cards[1],
    }


states = st.builds(_state, priors, leads, st.floats(0.0, FULL_S), st.tuples(reds, reds))


def _columns(rows: list[State]) -> dict[str, Floats]:
    return {name: np.array([row[name] for row in rows]) for name in INPUTS}


def _price(row: State, with_: Coefficients = CLUBS) -> Floats:
    price: Floats = probabilities(_columns([row]), with_)[0]
    return price


@pytest.fixture(scope="module", autouse=True)
def solved() -> None:
    """Solve the tables before the first example is timed."""
    _price(_state((0.4, 0.3, 0.3), 0.0, FULL_S, (0.0, 0.0)))


@given(st.lists(states, min_size=1, max_size=20))
def test_every_state_has_probabilities(rows: list[State]) -> None:
    """All numbers are in [0, 1] and a row sums to 1, in extra time too."""
    extra = [{**row, "overtime": 1.0} for row in rows]
    prices = probabilities(_columns(rows + extra), CLUBS)
    assert prices.shape == (2 * len(rows), 3)
    assert ((prices >= 0.0) & (prices <= 1.0)).all()
    assert np.allclose(prices.sum(axis=1), 1.0, rtol=0.0, atol=1e-12)
    assert (prices[len(rows) :] == [0.0, 1.0, 0.0]).all()


@given(states, st.integers(1, 5))
def test_a_larger_lead_is_never_worse(row: State, more: int) -> None:
    """Goals more raise the chance of winning and lower that of losing, or leave them."""
    low, high = probabilities(_columns([row, {**row, "lead": row["lead"] + more}]), CLUBS)
    assert high[0] >= low[0] - 1e-9
    assert high[2] <= low[2] + 1e-9


@given(states)
def test_sides_are_treated_alike(row: State) -> None:
    """Swapping the sides, the prior and the cards swaps the price."""
    swapped = {
        **row,
        "lead": -row["lead"],
        "prior_home": row["prior_away"],
        "prior_away": row["prior_home"],
        "home_reds": row["away_reds"],
        "away_reds": row["home_reds"],
    }
    assert np.allclose(_price(row), _price(swapped)[::-1], rtol=0.0, atol=1e-9)


@given(states)
def test_a_decided_match_is_certain(row: State) -> None:
    """With nothing left the score decides, exactly; a moment before, nearly so."""
    expected = [float(row["lead"] > 0), float(row["lead"] == 0), float(row["lead"] < 0)]
    assert _price({**row, "remaining_s": 0.0}).tolist() == expected
    assert np.allclose(_price({**row, "remaining_s": 0.01}), expected, rtol=0.0, atol=1e-3)


@given(priors.filter(lambda prior: 0.12 < prior[1] < 0.36 and min(prior[0], prior[2]) > 0.08))
def test_the_start_has_the_price_of_the_prior(prior: tuple[float, float, float]) -> None:
    """The first second of a match is worth what was believed before it, where odds are usual."""
    price = _price(_state(prior, 0.0, FULL_S, (0.0, 0.0)))
    assert price == pytest.approx(prior, abs=1e-3)


@given(states, st.sampled_from([2700.0, 3000.0, 5820.0]))
def test_prices_are_continuous_in_time(row: State, left_s: float) -> None:
    """A hundredth of a second about half-time, or the start, is nothing."""
    about = [_price({**row, "remaining_s": left_s + by}) for by in (-0.01, 0.01)]
    assert np.allclose(about[0], about[1], rtol=0.0, atol=1e-4)


@given(priors, leads, st.floats(60.0, FULL_S))
def test_a_red_card_never_helps_who_gets_it(
    prior: tuple[float, float, float], lead: float, left_s: float
) -> None:
    """With a man less a side wins less often and loses more often."""
    without, sent_off = (_price(_state(prior, lead, left_s, (cards, 0.0))) for cards in (0.0, 1.0))
    assert sent_off[0] <= without[0] + 1e-9
    assert sent_off[2] >= without[2] - 1e-9


def test_a_row_without_a_prior_has_no_price() -> None:
    """NaN goes through, and leaves the other rows alone."""
    nan = float("nan")
    rows = [_state(prior, 1.0, 0.0, (0.0, 0.0)) for prior in ((nan, nan, nan), (0.4, 0.3, 0.3))]
    expected = np.array([[nan] * 3, [1.0, 0.0, 0.0]])
    assert np.array_equal(probabilities(_columns(rows), CLUBS), expected, equal_nan=True)


def test_half_the_time_left_is_counted_by_hand() -> None:
    """Without effects of score and cards, goals left are those of the prior by the time left.

    Means of 1.5 and 1.0 over the match are the prior; with an even pace half of each is left, and
    home, one behind, levels by exactly one goal more than away.
    """
    plain = Coefficients(rise=0.0, red_own=0.0, red_other=0.0, behind=0.0, ahead=0.0)
    chances = {1.5: [1.0], 1.0: [1.0], 0.75: [1.0], 0.5: [1.0]}
    for mean, terms in chances.items():
        for goals in range(1, 25):
            terms.append(terms[-1] * mean / goals)
    pairs = [(home, away) for home in range(25) for away in range(25)]

    def chance(home: float, away: float, lead: int, sign: int) -> float:
        ends = (pair for pair in pairs if np.sign(lead + pair[0] - pair[1]) == sign)
        total = sum(chances[home][x] * chances[away][y] for x, y in ends)
        return total * exp(-home - away)

    one, two, three = (chance(1.5, 1.0, 0, sign) for sign in (1, 0, -1))
    expected = [chance(0.75, 0.5, -1, sign) for sign in (1, 0, -1)]
    price = _price(_state((one, two, three), -1.0, FULL_S / 2.0, (0.0, 0.0)), plain)
    assert price == pytest.approx(expected, abs=5e-4)


def test_bounds_name_fields() -> None:
    """Every coefficient has bounds, and starts within them."""
    assert set(BOUNDS) == set(Coefficients.__struct_fields__)
    for name, (low, high) in BOUNDS.items():
        assert low is not None
        assert high is not None
        assert low < getattr(CLUBS, name) < high
    assert VALID.endswith(".")


def _real(frame: pl.DataFrame, prior: tuple[Floats, Floats, Floats]) -> dict[str, Floats]:
    minute = frame["minute"].cast(pl.Float64).to_numpy()
    lead = (frame["home_score"] - frame["away_score"]).cast(pl.Float64).to_numpy()
    cards = {
        name: frame[name].cast(pl.Float64).to_numpy() if name in frame.columns else lead * 0.0
        for name in ("home_reds", "away_reds")
    }
    return {
        "lead": lead,
        "prior_home": prior[0],
        "prior_draw": prior[1],
        "prior_away": prior[2],
        "remaining_s": np.where(minute < 45.0, FULL_S, FULL_S - 120.0) - 60.0 * minute,
        "regulation_s": lead * 0.0 + FULL_S,
        "overtime": lead * 0.0,
        **cards,
    }


def _brier(prices: Floats, results: pl.Series) -> float:
    truth = np.stack([(results == letter).to_numpy() for letter in "HDA"], axis=1)
    return float(((prices - truth) ** 2).sum(axis=1).mean())


def test_real_matches_of_clubs_are_priced_as_well_as_stated(shared: Path) -> None:
    """On 2019 to 2021 the three-way Brier score is .4133, that of the prior .572; limit .422."""
    frame = pl.read_parquet(shared / "training" / "soccer.parquet")
    frame = frame.filter((pl.col("season") >= 2019) & pl.col("p_home_close").is_not_null())
    frame = frame.gather_every(6)
    closing = [
        frame[name].cast(pl.Float64).to_numpy()
        for name in ("p_home_close", "p_draw_close", "p_away_close")
    ]
    home, draw, away = (side / sum(closing) for side in closing)
    prices = probabilities(_real(frame, (home, draw, away)), CLUBS)
    assert _brier(prices, frame["result"]) < 0.422


def test_real_matches_of_nations_are_priced_as_well_as_stated(shared: Path) -> None:
    """On 2016 to 2021 the three-way Brier score after 90 minutes is .355; limit .37."""
    frame = pl.read_parquet(shared / "training" / "soccer_intl.parquet")
    frame = frame.filter(pl.col("season") > 2015).gather_every(3)
    prior = from_elo(frame["elo_exp_home"].cast(pl.Float64).to_numpy())
    assert _brier(probabilities(_real(frame, prior), CLUBS), frame["result90"]) < 0.37
