"""The families against real games: no worse than the simple models that were fitted to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import pytest

from fusion.game import GameState, Situation
from fusion.leagues import LEAGUES
from models.protocol import Prior
from models.registry import price_batch

StateOf = Callable[..., GameState]
Floats = npt.NDArray[np.float64]

_CLOCK = (
    "period, remaining_s - greatest(0, {periods} - period) * {length} as clock_s, "
    "home_score, away_score, if(home_won = 1, 0, 2) as result, "
)
_POSSESSION = "poss, down, {yards} as yards, "
_DIAMOND = (
    "inning as period, bottom, outs, bases, home_score, away_score, "
    "if(home_won = 1, 0, 2) as result, coalesce(ml_home_prob, elo_home_prob) as p_home, "
)


SIDES: dict[int, Literal["home", "away"]] = {1: "home", -1: "away"}
MODEL_NAMES = {
    "basketball": "brownian-1",
    "football": "brownian-1",
    "hockey": "hockey-1",
    "baseball": "innings-1",
    "soccer": "goals-1",
}


class Case(NamedTuple):
    """Rows of one file: what to read, and the Brier score they must stay under.

    `limit` is that of the simple model in the README of the data plus its margin of error;
    `sigma` turns a spread into a prior.
    """

    league: str
    file: str
    columns: str
    where: str
    limit: float
    sigma: float = 0.0


CASES = {
    "nba": Case(
        "nba",
        "nba",
        _CLOCK.format(periods=4, length=720) + "home_spread as spread",
        "source = 'pbp' and season = 2019 and home_spread is not null",
        0.1435 + 0.004,
        12.2,
    ),
    "ncaamb": Case(
        "ncaamb",
        "ncaam",
        _CLOCK.format(periods=2, length=1200) + "home_spread as spread",
        "season = 2018 and home_spread is not null",
        0.1205 + 0.004,
        11.0,
    ),
    "wnba": Case(
        "wnba",
        "wnba",
        _CLOCK.format(periods=4, length=600) + "elo_home_prob as p_home",
        "elo_home_prob is not null",
        0.1753 + 0.010,
    ),
    "nfl": Case(
        "nfl",
        "nfl",
        _CLOCK.format(periods=4, length=900)
        + _POSSESSION.format(yards="yardline_100")
        + "coalesce(ml_home_prob, elo_home_prob) as p_home",
        "source = 'pbp' and season = 2015",
        0.1545 + 0.007,
    ),
    "cfb": Case(
        "cfb",
        "cfb",
        _CLOCK.format(periods=4, length=900)
        + _POSSESSION.format(yards="yards_to_endzone")
        + "home_spread as spread, pub_home_wp as published",
        "home_spread is not null and pub_home_wp is not null",
        0.1173 + 0.007,
        16.0,
    ),
    "nhl": Case(
        "nhl",
        "nhl",
        _CLOCK.format(periods=3, length=1200) + "elo_home_prob as p_home",
        "season = 2020",
        0.1519 + 0.004,
    ),
    "mlb half innings": Case(
        "mlb", "mlb", _DIAMOND + "0", "source = 'halfinn' and season = 2017", 0.1602 + 0.003
    ),
    "mlb plays": Case(
        "mlb", "mlb", _DIAMOND + "0", "source = 'pbp' and date >= '2019-06-01'", 0.1507 + 0.010
    ),
    "soccer": Case(
        "eng.1",
        "soccer",
        "if(minute < 45, 1, 2) as period, minute * 60.0 as clock_s, home_score, away_score, "
        "home_reds, away_reds, position(result in 'HDA') - 1 as result, "
        "p_home_close as p_home, p_draw_close as p_draw, p_away_close as p_away",
        "season >= 2020 and p_home_close is not null",
        0.4181 + 0.006,
    ),
}


def _read(folder: Path, case: Case, rows: int = 4000) -> list[dict[str, Any]]:
    """Return the same rows at every run: those whose hash comes first."""
    table = duckdb.read_parquet(str(folder / "training" / f"{case.file}.parquet"))
    chosen = table.filter(case.where).set_alias("t").order("hash(t::varchar)").limit(rows)
    found = chosen.project(case.columns)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def _prior(row: dict[str, Any], sigma: float) -> Prior:
    if "p_draw" in row:
        total = row["p_home"] + row["p_draw"] + row["p_away"]
        sides = (row["p_home"] / total, row["p_draw"] / total, row["p_away"] / total)
        return Prior(*sides, source="odds")
    home = row["p_home"] if "p_home" in row else NormalDist().cdf(-row["spread"] / sigma)
    home = min(max(home, 0.005), 0.995)
    return Prior(home=home, draw=0.0, away=1.0 - home, source="odds")


def _state(state_of: StateOf, league: str, row: dict[str, Any]) -> GameState:
    clock = row.get("clock_s")
    bottom = row.get("bottom")
    return state_of(
        league,
        period=row["period"],
        clock_s=None if clock is None else float(clock),
        home_score=row["home_score"],
        away_score=row["away_score"],
        situation=Situation(
            possession=SIDES.get(row.get("poss", 0)),
            down=row.get("down"),
            yards_to_goal=row.get("yards"),
            outs=row.get("outs"),
            bases=row.get("bases"),
            bottom=None if bottom is None else bool(bottom),
            home_reds=row.get("home_reds", 0),
            away_reds=row.get("away_reds", 0),
        ),
    )


def _brier(prices: Floats, results: Floats) -> float:
    """Return the squared error of home, or of all three columns where there are draws."""
    if not results[:, 1].any():
        return float(((prices[:, 0] - results[:, 0]) ** 2).mean())
    return float(((prices - results) ** 2).sum(axis=1).mean())


def _by_leader(states: list[GameState], results: Floats) -> Floats:
    """Return how often each side wins when home leads, trails or is level, on these rows."""
    leads = np.array([np.sign(state.home_score - state.away_score) for state in states])
    prices = np.empty_like(results)
    for sign in (-1, 0, 1):
        prices[leads == sign] = results[leads == sign].mean(axis=0)
    return prices


@pytest.mark.parametrize("name", list(CASES))
def test_prices_are_as_good_as_simple_fitted_models(
    shared: Path, state_of: StateOf, name: str
) -> None:
    """On games of the newest season the Brier score is near the fitted one, and beats the lead."""
    case = CASES[name]
    rows = _read(shared, case)
    states = [_state(state_of, case.league, row) for row in rows]
    priors = [_prior(row, case.sigma) for row in rows]
    results = np.eye(3)[[row["result"] for row in rows]]
    prices, names = price_batch(states, priors)
    figures = {
        "rows": len(rows),
        "always the same": _brier(np.broadcast_to(results.mean(axis=0), results.shape), results),
        "who leads": _brier(_by_leader(states, results), results),
        "prior": _brier(np.array([[p.home, p.draw, p.away] for p in priors]), results),
        "model": _brier(prices, results),
    }
    assert set(names) == {MODEL_NAMES[LEAGUES[case.league].sport]}
    assert figures["model"] < case.limit
    assert figures["model"] < figures["who leads"] - 0.008


def test_college_football_is_level_with_the_published_probability(
    shared: Path, state_of: StateOf
) -> None:
    """On the same plays the price is as good as ESPN's own, up to the noise of the sample."""
    case = CASES["cfb"]
    rows = _read(shared, case)
    states = [_state(state_of, case.league, row) for row in rows]
    prices, _ = price_batch(states, [_prior(row, case.sigma) for row in rows])
    results = np.array([row["result"] == 0 for row in rows])
    published = np.array([row["published"] for row in rows])
    ours = float(((prices[:, 0] - results) ** 2).mean())
    assert ours < float(((published - results) ** 2).mean()) + 0.004
