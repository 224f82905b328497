"""What a price costs: microseconds per row in a batch of 1,000 and of a single row.

Both are the whole way from a state to its price, columns included; how much of it the columns are
stands beside them. They are compared with scikit-learn's logistic regression and histogram
gradient boosting, `predict_proba` alone, on the columns that the model reads.

Run with `python -m benchmarks.prices`; `--json` prints one object on the last line.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from time import perf_counter
from typing import Any

import numpy as np

from fusion.game import GameState, SetScore, Situation, Team
from fusion.leagues import LEAGUES, League
from models.inputs import columns
from models.protocol import Columns, Floats, Prior
from models.registry import BUILT_IN

BATCH = 1000
RUNS = 30
SHORTEST_S = 0.001
LEAGUES_SHOWN = ("nba", "nfl", "nhl", "mlb", "eng.1", "atp")
US_PER_S = 1e6

HEADS = (
    ("batch_us", "batch"),
    ("columns_us", "columns"),
    ("single_us", "single"),
    ("batch_logistic", "batch / logistic"),
    ("batch_boosting", "batch / boosting"),
    ("single_logistic", "single / logistic"),
    ("single_boosting", "single / boosting"),
)

_HOME = Team("1", "HOM", "Home")
_AWAY = Team("2", "AWY", "Away")

Row = tuple[GameState, Prior]
Predict = Callable[[Floats], object]


def random_state(dice: random.Random, league: League) -> GameState:
    """Return a game somewhere in regulation time."""
    period = dice.randint(1, league.periods)
    begun = (period - 1) * league.period_s if league.clock == "up" else 0.0
    tennis = league.sport == "tennis"
    sets = (SetScore(6, 3, winner="home"), SetScore(dice.randint(0, 5), dice.randint(0, 5)))
    return GameState(
        game_id=f"{league.key}:1",
        league=league.key,
        start_ns=0,
        home=_HOME,
        away=_AWAY,
        phase="in",
        status="in_progress",
        completed=False,
        home_score=1 if tennis else dice.randint(0, 5),
        away_score=0 if tennis else dice.randint(0, 5),
        period=period,
        clock_s=begun + dice.uniform(0.0, league.period_s) if league.period_s else None,
        situation=Situation(
            possession=dice.choice(("home", "away")),
            down=dice.randint(1, 4),
            distance=dice.randint(1, 10),
            yards_to_goal=dice.randint(1, 99),
            home_timeouts=dice.randint(0, 3),
            away_timeouts=dice.randint(0, 3),
            outs=dice.randint(0, 2),
            bases=dice.randint(0, 7),
            bottom=dice.random() < 0.5,
            home_reds=int(dice.random() < 0.1),
            server=dice.choice(("home", "away")),
        ),
        sets=sets if tennis else (),
        best_of=3 if tennis else 0,
    )


def random_prior(dice: random.Random, league: League) -> Prior:
    """Return a pregame price."""
    home = dice.uniform(0.2, 0.7)
    draw = 0.25 * 4 * home * (1 - home) if league.three_way else 0.0
    return Prior(home=home * (1 - draw), draw=draw, away=(1 - home) * (1 - draw), source="market")


def best_us(call: Callable[[], object]) -> float:
    """Return the microseconds of a call, in the fastest of some runs of at least 1 ms each."""
    begun = perf_counter()
    call()
    calls = max(1, round(SHORTEST_S / (perf_counter() - begun)))
    runs = []
    for _ in range(RUNS):
        begun = perf_counter()
        for _ in range(calls):
            call()
        runs.append((perf_counter() - begun) / calls)
    return min(runs) * US_PER_S


def whole_us(rows: Sequence[Row]) -> float:
    """Return the microseconds of pricing rows at once."""
    states, priors = [state for state, _ in rows], [prior for _, prior in rows]
    return best_us(partial(BUILT_IN.price, states, priors))


def fitted_others(made: Columns, inputs: Sequence[str]) -> tuple[Floats, dict[str, Predict]]:
    """Return the columns that a model reads as a matrix, and two classifiers fitted to them."""
    # Loaded by name: it is no dependency, and comes without types.
    ensemble, linear = (import_module(f"sklearn.{name}") for name in ("ensemble", "linear_model"))
    numbers = np.nan_to_num(np.stack([made[name] for name in inputs], axis=1))
    won = numbers[:, 0] + np.random.default_rng(7).standard_normal(BATCH) > np.median(numbers[:, 0])
    scaled = numbers / np.maximum(numbers.std(axis=0), 1.0)
    return scaled, {
        "logistic": linear.LogisticRegression(max_iter=5000).fit(scaled, won).predict_proba,
        "boosting": ensemble.HistGradientBoostingClassifier().fit(scaled, won).predict_proba,
    }


def figures_of(rows: Sequence[Row], league: League) -> dict[str, float]:
    """Return the microseconds of a league's rows, and how many times scikit-learn's they are."""
    model = BUILT_IN.model_for(league)
    if model is None:
        msg = f"{league.key} has no model; leave it out of LEAGUES_SHOWN"
        raise ValueError(msg)
    states, priors = [state for state, _ in rows], [prior for _, prior in rows]
    made = columns(states, priors, league)
    numbers, others = fitted_others(made, model.inputs)
    batch, single = whole_us(rows) / BATCH, whole_us(rows[:1])
    figures = {
        "batch_us": batch,
        "columns_us": best_us(partial(columns, states, priors, league)) / BATCH,
        "single_us": single,
    }
    for name, predict in others.items():
        figures[f"batch_{name}"] = batch / (best_us(partial(predict, numbers)) / BATCH)
        figures[f"single_{name}"] = single / best_us(partial(predict, numbers[:1]))
    return figures


def main(arguments: Sequence[str]) -> None:
    """Print one line per league, and one of a batch of all of them."""
    # Boosting would take all cores; only what is loaded by now is held to one.
    import_module("sklearn.ensemble")
    with import_module("threadpoolctl").threadpool_limits(1):
        compare(as_json="--json" in arguments)


def compare(*, as_json: bool) -> None:
    """Measure every league and print what was found."""
    dice = random.Random(7)  # noqa: S311 - games for a clock, not secrets
    print(f"microseconds a row, state to price, in a batch of {BATCH} and alone; and how many")
    print("times those of scikit-learn's predict_proba on ready columns they are")
    print(f"{'':8}" + "".join(f"{head:>18}" for _, head in HEADS))
    found: dict[str, Any] = {}
    mixed: list[Row] = []
    for key in LEAGUES_SHOWN:
        league = LEAGUES[key]
        rows = [(random_state(dice, league), random_prior(dice, league)) for _ in range(BATCH)]
        figures = figures_of(rows, league)
        print(f"{key:8}" + "".join(f"{figures[name]:18.2f}" for name, _ in HEADS))
        found[key] = {name: round(figure, 3) for name, figure in figures.items()}
        mixed += rows[: BATCH // len(LEAGUES_SHOWN)]
    batch = whole_us(mixed) / len(mixed)
    print(f"{'mixed':8}{batch:18.2f}")
    found["mixed"] = {"batch_us": round(batch, 3)}
    if as_json:
        print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
