"""What a price costs: microseconds per row in a batch of 1,000 and of a single row.

Run it with `python benchmarks/prices.py`. Rates and drifts of a prior are solved once per game
and remembered, so a first call with a new prior is timed apart.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from time import perf_counter

from fusion.game import GameState, Situation, Team
from fusion.leagues import LEAGUES, League
from models.protocol import Prior
from models.registry import model_for, price_batch

BATCH = 1000
REPEATS = 20
LEAGUES_SHOWN = ("nba", "nfl", "nhl", "mlb", "eng.1")
US_PER_S = 1e6

Price = Callable[[Sequence[GameState], Sequence[Prior]], object]

_HOME = Team("1", "HOM", "Home")
_AWAY = Team("2", "AWY", "Away")


def random_state(dice: random.Random, league: League) -> GameState:
    """Return a game somewhere in regulation time."""
    period = dice.randint(1, league.periods)
    begun = (period - 1) * league.period_s if league.clock == "up" else 0.0
    return GameState(
        game_id=f"{league.key}:1",
        league=league.key,
        start_ns=0,
        home=_HOME,
        away=_AWAY,
        phase="in",
        status="in_progress",
        completed=False,
        home_score=dice.randint(0, 5),
        away_score=dice.randint(0, 5),
        period=period,
        clock_s=begun + dice.uniform(0.0, league.period_s) if league.period_s else None,
        situation=Situation(
            possession=dice.choice(("home", "away")),
            down=dice.randint(1, 4),
            yards_to_goal=dice.randint(1, 99),
            outs=dice.randint(0, 2),
            bases=dice.randint(0, 7),
            bottom=dice.random() < 0.5,
            home_reds=int(dice.random() < 0.1),
        ),
    )


def random_prior(dice: random.Random, league: League) -> Prior:
    """Return a pregame price."""
    home = dice.uniform(0.2, 0.7)
    draw = 0.25 * 4 * home * (1 - home) if league.three_way else 0.0
    return Prior(home=home * (1 - draw), draw=draw, away=(1 - home) * (1 - draw), source="market")


def best_us(price: Price, states: Sequence[GameState], priors: Sequence[Prior]) -> float:
    """Return the microseconds of the fastest of some calls."""
    runs = []
    for _ in range(REPEATS):
        begun = perf_counter()
        price(states, priors)
        runs.append(perf_counter() - begun)
    return min(runs) * US_PER_S


def first_us(price: Price, state: GameState, prior: Prior) -> float:
    """Return the microseconds of one call, whatever it has to solve."""
    begun = perf_counter()
    price([state], [prior])
    return (perf_counter() - begun) * US_PER_S


def main() -> None:
    """Print one line per family, and one of a batch of all of them."""
    dice = random.Random(7)  # noqa: S311 - games for a clock, not secrets
    print(f"{'':8}{'per row of 1000':>18}{'single row':>14}{'new prior':>14}   (microseconds)")
    mixed: list[tuple[GameState, Prior]] = []
    for key in LEAGUES_SHOWN:
        league = LEAGUES[key]
        model = model_for(league)
        assert model is not None
        slate = [random_prior(dice, league) for _ in range(15)]
        states = [random_state(dice, league) for _ in range(BATCH)]
        priors = [dice.choice(slate) for _ in range(BATCH)]
        model.price(states, priors)
        batch_us = best_us(model.price, states, priors) / BATCH
        single_us = best_us(model.price, states[:1], priors[:1])
        fresh = [random_prior(dice, league) for _ in range(REPEATS)]
        new_us = sum(first_us(model.price, states[0], prior) for prior in fresh) / REPEATS
        print(f"{key:8}{batch_us:18.2f}{single_us:14.1f}{new_us:14.1f}")
        mixed += list(zip(states, priors, strict=True))[: BATCH // len(LEAGUES_SHOWN)]
    states, priors = ([pair[0] for pair in mixed], [pair[1] for pair in mixed])
    mixed_us = best_us(price_batch, states, priors) / len(mixed)
    print(f"{'mixed':8}{mixed_us:18.2f}")


if __name__ == "__main__":
    main()
