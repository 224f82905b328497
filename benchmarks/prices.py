"""What a price costs: microseconds per row in a batch of 1,000 and of a single row.

Run it with `python benchmarks/prices.py`. Beside the whole way from a state to its price stand
the columns alone, the model alone, and scikit-learn's gradient boosting and logistic regression
on the same columns.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from importlib import import_module
from time import perf_counter

import numpy as np

from fusion.game import GameState, SetScore, Situation, Team
from fusion.leagues import LEAGUES, League
from models.inputs import columns
from models.protocol import Prior
from models.registry import BUILT_IN

BATCH = 1000
REPEATS = 30
LEAGUES_SHOWN = ("nba", "nfl", "nhl", "mlb", "eng.1", "atp")
US_PER_S = 1e6

_HOME = Team("1", "HOM", "Home")
_AWAY = Team("2", "AWY", "Away")


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
    """Return the microseconds of the fastest of some calls."""
    runs = []
    for _ in range(REPEATS):
        begun = perf_counter()
        call()
        runs.append(perf_counter() - begun)
    return min(runs) * US_PER_S


def main() -> None:
    """Print one line per league, and one of a batch of all of them."""
    dice = random.Random(7)  # noqa: S311 - games for a clock, not secrets
    print("microseconds a row, in a batch of 1,000 and alone")
    heads = ("whole", "columns", "model", "boosting", "logistic", "whole, alone", "boosting, alone")
    print(f"{'':8}" + "".join(f"{head:>17}" for head in heads))
    ensemble, linear = (import_module(f"sklearn.{name}") for name in ("ensemble", "linear_model"))
    mixed: list[tuple[GameState, Prior]] = []
    for key in LEAGUES_SHOWN:
        league = LEAGUES[key]
        model = BUILT_IN.model_for(league)
        assert model is not None
        states = [random_state(dice, league) for _ in range(BATCH)]
        priors = [random_prior(dice, league) for _ in range(BATCH)]
        made = columns(states, priors, league)
        numbers = np.nan_to_num(np.stack([made[name] for name in model.inputs], axis=1))
        won = numbers[:, 0] + np.random.default_rng(7).standard_normal(BATCH) > 0.0
        boosting = ensemble.HistGradientBoostingClassifier(max_iter=100).fit(numbers, won)
        logistic = linear.LogisticRegression(max_iter=5000).fit(
            numbers / numbers.std(axis=0).clip(1), won
        )
        calls: list[Callable[[], object]] = [
            partial(BUILT_IN.price, states, priors),
            partial(columns, states, priors, league),
            partial(model.price, made),
            partial(boosting.predict_proba, numbers),
            partial(logistic.predict_proba, numbers),
        ]
        alone: list[Callable[[], object]] = [
            partial(BUILT_IN.price, states[:1], priors[:1]),
            partial(boosting.predict_proba, numbers[:1]),
        ]
        figures = [best_us(call) / BATCH for call in calls] + [best_us(call) for call in alone]
        print(f"{key:8}" + "".join(f"{figure:17.2f}" for figure in figures))
        mixed += list(zip(states, priors, strict=True))[: BATCH // len(LEAGUES_SHOWN)]
    states, priors = [pair[0] for pair in mixed], [pair[1] for pair in mixed]
    print(f"{'mixed':8}{best_us(partial(BUILT_IN.price, states, priors)) / len(mixed):17.2f}")


if __name__ == "__main__":
    main()
