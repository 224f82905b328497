from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.families.baseball import (
    FRESH,
    INPUTS,
    MAX_LEAD,
    Coefficients,
    probabilities,
    win_tables,
)
from models.protocol import Floats

FITTED = Coefficients()

chances = st.floats(0.005, 0.995)
leads = st.integers(-40, 40)
kinds = st.fixed_dictionaries(
    {"innings": st.sampled_from([9.0, 7.0]), "runner_rule": st.sampled_from([0.0, 1.0])}
)
states = st.fixed_dictionaries(
    {
        "half": st.integers(0, 40),
        "outs": st.integers(0, 3),
        "bases": st.integers(0, 7),
        "fresh": st.integers(0, 1),
        "lead": st.integers(-30, 30),
    }
)
absurd = st.fixed_dictionaries(
    {
        "half": st.integers(-3, 500),
        "outs": st.integers(-2, 9),
        "bases": st.integers(-9, 99),
        "fresh": st.integers(0, 1),
        "lead": st.integers(-300, 300),
        "prior_home": st.floats(0.0, 1.0),
        "innings": st.sampled_from([-1, 0, 1, 7, 9, 99]),
        "runner_rule": st.integers(0, 1),
    }
)


def _columns(*rows: Mapping[str, float]) -> dict[str, Floats]:
    plain = {"lead": 0.0, "prior_home": 0.5, "half": 0.0, "outs": 0.0, "bases": 0.0}
    plain |= {"fresh": 0.0, "runner_rule": 0.0, "innings": 9.0}
    return {name: np.array([(plain | dict(row))[name] for row in rows]) * 1.0 for name in INPUTS}


def _home(*rows: Mapping[str, float]) -> Floats:
    return probabilities(_columns(*rows), FITTED)[:, 0]


@given(rows=st.lists(absurd, min_size=1, max_size=8))
def test_every_state_has_a_price(rows: list[dict[str, float]]) -> None:
    """Whatever is in the columns, rows are in [0, 1], sum to 1 and have no draw."""
    prices = probabilities(_columns(*rows), FITTED)
    assert prices.shape == (len(rows), 3)
    assert ((prices >= 0.0) & (prices <= 1.0)).all()
    np.testing.assert_allclose(prices.sum(axis=1), 1.0, rtol=0.0, atol=1e-12)
    assert (prices[:, 1] == 0.0).all()


@given(rows=st.lists(absurd, min_size=2, max_size=6))
def test_a_row_does_not_depend_on_its_batch(rows: list[dict[str, float]]) -> None:
    """Games of different lengths and rules in one batch are priced as alone."""
    alone = [float(_home(row)[0]) for row in rows]
    assert _home(*rows).tolist() == alone


def test_no_rows_have_no_prices() -> None:
    """An empty batch gives an empty answer of three columns."""
    assert probabilities(_columns(), FITTED).shape == (0, 3)


@given(chance=chances, kind=kinds)
def test_the_first_pitch_has_the_price_of_the_prior(chance: float, kind: dict[str, float]) -> None:
    """Before and at the first pitch home has the chance it had before the game."""
    there = {"prior_home": chance} | kind
    assert _home(there | {"fresh": 1.0}, there) == pytest.approx([chance] * 2, abs=1e-9)


@given(state=states, chance=chances, kind=kinds, more=st.integers(1, 9))
def test_more_lead_is_never_worse(
    state: dict[str, float], chance: float, kind: dict[str, float], more: int
) -> None:
    """At the same state a larger lead of home never lowers its chance."""
    there = state | kind | {"prior_home": chance}
    less, greater = _home(there, there | {"lead": there["lead"] + more})
    assert greater >= less - 1e-12


@given(state=states, chance=chances, kind=kinds, more=st.floats(0.001, 0.4))
def test_a_better_prior_is_never_worse(
    state: dict[str, float], chance: float, kind: dict[str, float], more: float
) -> None:
    """At the same state a side that was thought better has at least the same chance."""
    less, greater = _home(
        state | kind | {"prior_home": chance},
        state | kind | {"prior_home": min(chance + more, 0.995)},
    )
    assert greater >= less - 1e-12


@given(chance=chances, inning=st.integers(0, 12), lead=leads, kind=kinds)
def test_swapping_the_sides_swaps_the_price(
    chance: float, inning: int, lead: int, kind: dict[str, float]
) -> None:
    """Between whole innings the sides are alike but for the prior, also in extra innings."""
    there = kind | {"half": 2.0 * inning, "fresh": 1.0}
    home, swapped = _home(
        there | {"prior_home": chance, "lead": lead},
        there | {"prior_home": 1.0 - chance, "lead": -lead},
    )
    assert home == pytest.approx(1.0 - swapped, abs=1e-9)


@given(chance=chances, half=st.integers(0, 25), lead=leads, bases=st.integers(0, 7), kind=kinds)
def test_the_third_out_is_the_start_of_the_next_half(
    chance: float, half: int, lead: int, bases: int, kind: dict[str, float]
) -> None:
    """Three outs and the pause after them have one price."""
    there = kind | {"prior_home": chance, "lead": lead}
    out, pause = _home(
        there | {"half": half, "outs": 3.0, "bases": bases},
        there | {"half": half + 1.0, "fresh": 1.0},
    )
    assert out == pause


@given(chance=chances, half=st.integers(0, 17), lead=st.integers(-9, 9))
def test_a_half_inning_begins_with_nobody_on(chance: float, half: int, lead: int) -> None:
    """In regulation the pause and the first batter with nobody out have one price."""
    there = {"prior_home": chance, "half": half, "lead": lead}
    before, begun = _home(there | {"fresh": 1.0}, there)
    assert before == begun


@pytest.mark.parametrize("innings", [7.0, 9.0])
@given(chance=chances, lead=st.integers(1, 40), extra=st.integers(0, 4), bases=st.integers(0, 7))
def test_a_decided_game_is_decided(
    innings: float, chance: float, lead: int, extra: int, bases: int
) -> None:
    """A lead of home in a last bottom half has won, any lead after it has won or lost."""
    last = 2.0 * (innings + extra) - 1.0
    there = {"prior_home": chance, "innings": innings, "runner_rule": 1.0, "bases": bases}
    prices = probabilities(
        _columns(
            there | {"half": last, "fresh": 1.0, "lead": lead},
            there | {"half": last, "outs": 2.0, "lead": lead},
            there | {"half": last, "outs": 3.0, "lead": lead},
            there | {"half": last, "outs": 3.0, "lead": -lead},
        ),
        FITTED,
    )
    won, lost = [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]
    assert prices.tolist() == [won, won, won, lost]


def test_the_bottom_of_the_ninth_by_hand() -> None:
    """Level, home wins with a run or, failing that, half of the extra innings of equal sides.

    Without a runner rule an extra inning is won by home with the chance p, drawn with d, and
    begun again; at equal strength that is one half whatever p and d.
    """
    tables = win_tables(9, runner_rule=False, with_=FITTED)
    middle = tables.start.size // 2
    level = tables.win[17, MAX_LEAD, :FRESH, middle]
    three_outs = tables.win[18, MAX_LEAD, FRESH, middle]
    assert tables.start[middle] == pytest.approx(0.5)
    assert three_outs == pytest.approx(0.5)
    assert 0.60 < level[0] < 0.66
    # A runner on third and nobody out is worth most, two outs and nobody on least.
    assert level.argmin() == 2 * 8
    assert level[4] > 0.88


def test_a_runner_on_second_begins_extra_innings_where_the_rule_says_so() -> None:
    """Level with home to bat, the runner is worth some .10; the pause is the state with him on."""
    there = {"half": 19.0, "fresh": 1.0}
    ruled, free, begun = _home(
        there | {"runner_rule": 1.0}, there, {"half": 19.0, "bases": 2.0, "runner_rule": 1.0}
    )
    assert ruled == begun
    assert 0.05 < ruled - free < 0.2


def test_a_runner_who_is_not_on_the_board_yet_is_counted() -> None:
    """Level with nobody on and out in the top of the tenth can only be the moment before it."""
    there = {"half": 18.0, "runner_rule": 1.0}
    assert _home(there, there | {"outs": 1.0})[0] == pytest.approx(0.5)
    assert _home(there | {"outs": 1.0})[0] > 0.65


def test_seven_innings_make_a_lead_worth_more() -> None:
    """After five innings of seven a run is worth as much as after seven of nine, nearly."""
    there = {"fresh": 1.0, "lead": 1.0}
    short, long, same = _home(
        there | {"half": 10.0, "innings": 7.0}, there | {"half": 10.0}, there | {"half": 14.0}
    )
    assert short > long + 0.05
    assert short == pytest.approx(same, abs=0.01)


def test_strength_fades() -> None:
    """Level after seven innings a favourite is better off where its strength does not fade."""
    late = _columns({"half": 14.0, "fresh": 1.0, "prior_home": 0.7})
    fitted, lasting = (
        float(probabilities(late, with_)[0, 0]) for with_ in (FITTED, Coefficients(fade=0.0))
    )
    assert lasting > fitted + 0.005
    assert fitted > 0.5


def test_fewer_runs_make_a_lead_worth_more() -> None:
    """A lower level of runs leaves less to come, and a lead after three innings is safer."""
    there = _columns({"half": 6.0, "fresh": 1.0, "lead": 2.0})
    few, many = (
        float(probabilities(there, Coefficients(level=level))[0, 0]) for level in (-0.3, 0.1)
    )
    assert few > many + 0.02


def test_no_price_without_a_prior() -> None:
    """A row without a prior is NaN in all columns, beside rows that have a price."""
    prices = probabilities(_columns({"prior_home": np.nan}, {}), FITTED)
    assert np.isnan(prices).all(axis=1).tolist() == [True, False]


def test_a_batch_costs_well_under_two_microseconds_a_row() -> None:
    """1,000 rows, best of five: 0.2 microseconds a row measured, 2 allowed."""
    rows = _columns(*({"half": row % 20, "lead": row % 7 - 3.0} for row in range(1_000)))
    probabilities(rows, FITTED)
    seconds = []
    for _ in range(5):
        begun = perf_counter()
        probabilities(rows, FITTED)
        seconds.append(perf_counter() - begun)
    assert min(seconds) < 2e-6 * 1_000


@pytest.mark.parametrize(
    ("source", "season", "limit"), [("halfinn", 2017, 0.1625), ("pbp", 2019, 0.1585)]
)
def test_prices_of_real_games(shared: Path, source: str, season: int, limit: float) -> None:
    """The Brier score of 20,000 real states keeps a limit, and beats who leads by .01."""
    wanted = (pl.col("source") == source) & (pl.col("season") == season)
    played = pl.scan_parquet(shared / "training" / "mlb.parquet").filter(
        wanted & pl.col("ml_home_prob").is_not_null()
    )
    states = played.collect().sample(20_000, seed=1)
    lead = _numbers(states, "home_score") - _numbers(states, "away_score")
    columns = {
        "lead": lead,
        "prior_home": _numbers(states, "ml_home_prob"),
        "half": 2.0 * (_numbers(states, "inning") - 1.0) + _numbers(states, "bottom"),
        "outs": _numbers(states, "outs"),
        "bases": _numbers(states, "bases"),
        "fresh": np.full(lead.size, 1.0 if source == "halfinn" else 0.0),
        "runner_rule": np.zeros(lead.size),
        "innings": _numbers(states, "sched_innings"),
    }
    won = _numbers(states, "home_won")
    brier = float(((probabilities(columns, FITTED)[:, 0] - won) ** 2).mean())
    leader = np.choose(np.sign(lead).astype(int) + 1, [0.21, 0.53, 0.79])
    assert brier < limit
    assert brier < float(((leader - won) ** 2).mean()) - 0.01


def _numbers(states: pl.DataFrame, name: str) -> Floats:
    return states[name].cast(pl.Float64).to_numpy()
