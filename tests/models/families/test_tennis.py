from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.leagues import LEAGUES
from models.families.tennis import INPUTS, Coefficients, probabilities
from models.protocol import Floats
from models.training.tables_tennis import table

ATP = Coefficients()
WTA = Coefficients(serve=0.24, spread_known=0.1383, spread_unknown=0.1978)
MIRROR = {
    "prior_home": "prior_away",
    "sets_home": "sets_away",
    "games_home": "games_away",
    "points_home": "points_away",
    "earlier_home": "earlier_away",
}

State = dict[str, float]


@st.composite
def states(draw: st.DrawFn) -> State:
    """Draw a state of a match in play."""
    best_of = draw(st.sampled_from([3, 5]))
    sets = [draw(st.integers(0, best_of // 2)) for _ in range(2)]
    games = draw(st.sampled_from([(a, b) for a in range(7) for b in range(7)]))
    tie = games == (6, 6)
    most = 8 if tie else 5
    points = draw(st.one_of(st.none(), st.tuples(st.integers(0, most), st.integers(0, most))))
    prior = draw(st.floats(0.005, 0.995))
    lost = [draw(st.integers(0, 4)) for _ in range(2)]
    return {
        "prior_home": prior,
        "prior_away": 1.0 - prior,
        "prior_known": draw(st.sampled_from([0.0, 1.0])),
        "sets_home": sets[0],
        "sets_away": sets[1],
        "games_home": games[0],
        "games_away": games[1],
        "earlier_home": 6 * sets[0] + lost[0] * sets[1],
        "earlier_away": 6 * sets[1] + lost[1] * sets[0],
        "best_of": best_of,
        "server": draw(st.sampled_from([-1.0, 0.0, 1.0])),
        "points_home": np.nan if points is None else points[0],
        "points_away": np.nan if points is None else points[1],
        "tiebreak": float(tie),
    }


absurd = st.fixed_dictionaries(
    {name: st.one_of(st.integers(-9, 120), st.floats()) for name in INPUTS}
    | {"prior_home": st.floats(0.0, 1.0)}
)
fits = st.sampled_from([ATP, WTA])


def _columns(*rows: Mapping[str, float]) -> dict[str, Floats]:
    plain: State = dict.fromkeys(INPUTS, 0.0) | {"prior_home": 0.5, "best_of": 3.0}
    return {name: np.array([float((plain | dict(row))[name]) for row in rows]) for name in INPUTS}


def _home(*rows: Mapping[str, float], with_: Coefficients = ATP) -> list[float]:
    found: list[float] = probabilities(_columns(*rows), with_)[:, 0].tolist()
    return found


@given(states(), fits)
def test_chances_are_probabilities(state: State, fit: Coefficients) -> None:
    """Three numbers from 0 to 1 that sum to 1; nobody draws."""
    row = probabilities(_columns(state), fit)[0]

    assert np.all((row >= 0.0) & (row <= 1.0))
    assert (row.sum(), row[1]) == (pytest.approx(1.0), 0.0)


@given(absurd, fits)
def test_absurd_states_have_chances_too(state: State, fit: Coefficients) -> None:
    """Whatever the columns say, a row with a prior has a price."""
    row = probabilities(_columns(state), fit)[0]

    assert np.all((row >= 0.0) & (row <= 1.0))
    assert row.sum() == pytest.approx(1.0)


@given(states(), fits)
def test_players_swapped_swap_the_chances(state: State, fit: Coefficients) -> None:
    """Seen from the other side of the net the same match has the same price."""
    other = dict(state)
    for name, opposite in MIRROR.items():
        other[name], other[opposite] = state[opposite], state[name]
    other["server"] = -state["server"]

    assert _home(state, with_=fit)[0] == pytest.approx(1.0 - _home(other, with_=fit)[0], abs=1e-9)


@pytest.mark.parametrize("more", ["sets_home", "games_home", "points_home"])
@given(state=states(), fit=fits)
def test_more_is_never_worse(more: str, state: State, fit: Coefficients) -> None:
    """A set, game or point more makes no price lower, and one of the other player none higher."""
    if more == "games_home":
        # Points of a game and of the tie break after it are not the same state.
        state["points_home"] = state["points_away"] = np.nan
    ahead, behind = dict(state), dict(state)
    ahead[more] += 1.0
    behind[MIRROR[more]] += 1.0
    for each in (ahead, behind):
        each["tiebreak"] = float(each["games_home"] == each["games_away"] == 6)

    lower, before, higher = _home(behind, state, ahead, with_=fit)

    assert lower - 1e-9 <= before <= higher + 1e-9


@given(states(), st.floats(0.005, 0.995))
def test_better_prior_is_never_worse(state: State, prior: float) -> None:
    """A higher prior makes no price lower."""
    low, high = sorted([state["prior_home"], prior])

    worse, better = _home(state | {"prior_home": low}, state | {"prior_home": high})

    assert worse <= better + 1e-9


@given(states(), fits)
def test_unknown_server_is_between_the_two(state: State, fit: Coefficients) -> None:
    """Who does not know the server gets a price between those of who does."""
    state["points_home"] = state["points_away"] = np.nan

    own, nobody, other = _home(*[state | {"server": side} for side in (1, 0, -1)], with_=fit)

    assert min(own, other) - 1e-9 <= nobody <= max(own, other) + 1e-9


@pytest.mark.parametrize(
    ("state", "home"),
    [
        ({"best_of": 3, "sets_home": 2}, 1.0),
        ({"best_of": 3, "sets_home": 1, "sets_away": 2, "games_home": 5}, 0.0),
        ({"best_of": 5, "sets_home": 3, "sets_away": 2}, 1.0),
        ({"best_of": 3, "sets_home": 1, "games_home": 6, "games_away": 2}, 1.0),
        ({"best_of": 5, "sets_away": 2, "games_home": 6, "games_away": 7}, 0.0),
    ],
)
def test_decided_match_is_exactly_decided(state: State, home: float) -> None:
    """Who has the sets has won, to the last bit, by the games too where the set is not told yet."""
    assert _home({"prior_home": 0.2, "prior_known": 1.0} | state) == [home]


@given(states(), st.sampled_from([(6, 0), (6, 4), (7, 5), (7, 6)]))
def test_end_of_a_set_is_no_jump(state: State, end: tuple[int, int]) -> None:
    """A set is worth the same as games that win it and as one more set, points or not."""
    state["sets_home"] = state["sets_away"] = 0.0
    state["earlier_home"] = state["earlier_away"] = 0.0
    at_end = state | {"games_home": end[0], "games_away": end[1]}
    after = state | {"sets_home": 1.0, "games_home": 0.0, "games_away": 0.0}
    after |= {"points_home": np.nan, "points_away": np.nan, "tiebreak": 0.0}
    after |= {"earlier_home": end[0], "earlier_away": end[1]}

    told, counted = _home(at_end, after)

    assert told == pytest.approx(counted, abs=1e-9)


@pytest.mark.parametrize("known", [0.0, 1.0])
def test_set_point_runs_into_the_set(known: float) -> None:
    """At 5-0 and 40-0 the price is within 0.02 of that after the set."""
    point, after = _home(
        {"prior_known": known, "server": 1.0, "games_home": 5.0, "points_home": 3.0},
        {"prior_known": known, "server": -1.0, "sets_home": 1.0, "earlier_home": 6.0},
    )

    assert point == pytest.approx(after, abs=0.02)


@given(st.floats(0.01, 0.99), st.sampled_from([0.0, 1.0]), st.sampled_from([3, 5]), fits)
def test_match_begins_at_its_prior(
    prior: float, known: float, best_of: int, fit: Coefficients
) -> None:
    """At 0-0, whoever serves, the price is the prior."""
    start = {"prior_home": prior, "prior_known": known, "best_of": best_of}

    assert _home(*[start | {"server": side} for side in (1, 0, -1)], with_=fit) == pytest.approx(
        [prior] * 3, abs=2e-4
    )


def test_level_deciding_tie_break_is_even() -> None:
    """At 6-6 in the tie break of a deciding set equals have even chances on either serve."""
    state = {"sets_home": 1, "sets_away": 1, "games_home": 6, "games_away": 6, "tiebreak": 1}
    state |= {"points_home": 6, "points_away": 6}

    assert _home(state | {"server": 1}, state | {"server": -1}) == pytest.approx([0.5, 0.5])


def test_nobody_knew_then_the_score_tells_more() -> None:
    """After 6-0 a match without a prior moves further than one that was priced even."""
    state = {"sets_home": 1, "earlier_home": 6, "earlier_away": 0}

    unknown, known = _home(*[state | {"prior_known": known} for known in (0.0, 1.0)])

    assert 0.5 < known < unknown < 1.0


def test_missing_prior_has_no_price() -> None:
    """A row whose prior is NaN is NaN in every column; the next one is not."""
    found = probabilities(_columns({"prior_home": np.nan}, {"sets_home": 2.0}), ATP)

    assert np.isnan(found).tolist() == [[True] * 3, [False] * 3]


def test_rows_do_not_know_each_other() -> None:
    """Three thousand rows priced at once have the prices they have alone."""
    rows = [
        {"games_home": a % 6, "games_away": a % 5, "prior_home": 0.1 + a % 7 / 10, "server": 1}
        for a in range(3000)
    ]

    found = _home(*rows)

    assert [found[at] for at in (0, 1023, 1024, 2999)] == [
        pytest.approx(_home(rows[at])[0]) for at in (0, 1023, 1024, 2999)
    ]


def test_thousand_rows_take_a_few_milliseconds() -> None:
    """A batch of 1,000 is priced in less than 5 microseconds a row at its best."""
    columns = _columns(*[{"games_home": row % 6, "server": 1.0} for row in range(1000)])
    probabilities(columns, ATP)
    took = []
    for _ in range(20):
        begun = perf_counter()
        probabilities(columns, ATP)
        took.append(perf_counter() - begun)

    assert min(took) < 5e-3


@pytest.mark.parametrize(("tour", "fit", "limit"), [("ATP", ATP, 0.165), ("WTA", WTA, 0.173)])
def test_real_matches_of_2015(shared: Path, tour: str, fit: Coefficients, limit: float) -> None:
    """Best-of-three matches stay below a limit; a logistic on the score has 0.164 and 0.171."""
    frame = pl.read_parquet(shared / "training" / "tennis.parquet").filter(
        pl.col("league") == tour, pl.col("season") == 2015, pl.col("best_of") == 3
    )
    states = table(frame, LEAGUES[tour.lower()])
    states = states.take(np.arange(0, states.rows, 6))

    home = probabilities(states.columns, fit)[:, 0]

    won = states.outcome == 0
    assert won.size > 10_000
    assert np.mean((home - won) ** 2) < limit
    off = np.bincount((home * 10).astype(np.int64).clip(0, 9), weights=won - home, minlength=10)
    assert np.abs(off).sum() / won.size < 0.035
