"""How far the prices of a simulated evening were from the truth, by league.

The simulator knows the true win probabilities of its games at every moment. What is compared with
them is the whole path: the scoreboard's delay, the poll, the clock, the prior and the model.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

import msgspec
import numpy as np

from connectors.http import HttpFailed, fetch, new_session
from flows.venue import Venue
from fusion.frames import NS_PER_MS
from fusion.game import Selection
from models.evaluation.scores import Pool, calibration_error

COLUMN: dict[Selection, int] = {"home": 1, "draw": 2, "away": 3}

Step = tuple[int, float, float, float, int, int]
"""Virtual milliseconds, the truth of home, draw and away, and the score."""


class PricedAt(msgspec.Struct, frozen=True):
    """The fair price of an outcome when the scoreboard brought something new."""

    league: str
    game_id: str
    outcome: Selection
    recv_ns: int
    fair: float


class _Game(msgspec.Struct):
    steps: list[Step]


class _State(msgspec.Struct):
    speed: float
    virtual_ms: int


class Truth(msgspec.Struct, frozen=True):
    """The steps of each game; `virtual_ms` was the evening's time at `at_ns`."""

    at_ns: int
    virtual_ms: int
    speed: float
    games: dict[str, list[Step]]

    def of(self, price: PricedAt) -> float | None:
        """Return the true probability of what was priced, when it was; None of unknown games."""
        steps = self.games.get(price.game_id)
        if not steps:
            return None
        before_ms = (self.at_ns - price.recv_ns) * self.speed / NS_PER_MS
        place = bisect_right(steps, self.virtual_ms - before_ms, key=lambda step: step[0]) - 1
        return float(steps[max(place, 0)][COLUMN[price.outcome]])


class PathError(msgspec.Struct, frozen=True):
    """How far the prices of a league were from the truth, as probabilities.

    `calibration` is the expected calibration error, `rms` the root of the mean square.
    """

    league: str
    prices: int
    games: int
    calibration: float
    rms: float


def ask_truth(venue: Venue) -> Truth | None:
    """Return what a simulator knows, None where it does not say."""
    session = new_session("fairline")
    try:
        games = fetch(session, f"{venue.espn_url}/simulator/truth")
        state = fetch(session, f"{venue.espn_url}/simulator")
        at_ns = time.time_ns()
        told = msgspec.json.decode(state, type=_State)
        steps = msgspec.json.decode(games, type=dict[str, _Game])
    except (HttpFailed, msgspec.MsgspecError):
        return None
    return Truth(at_ns, told.virtual_ms, told.speed, {key: one.steps for key, one in steps.items()})


def path_errors(prices: Iterable[PricedAt], truth: Truth) -> list[PathError]:
    """Return the error of each league, in the order of their names."""
    by_league: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    for price in prices:
        true = truth.of(price)
        if true is not None:
            by_league[price.league].append((price.game_id, price.fair, true))
    return [_error(league, rows) for league, rows in sorted(by_league.items())]


def _error(league: str, rows: list[tuple[str, float, float]]) -> PathError:
    fair = np.array([row[1] for row in rows])
    true = np.array([row[2] for row in rows])
    games = len({row[0] for row in rows})
    return PathError(
        league=league,
        prices=fair.size,
        games=games,
        calibration=calibration_error(Pool(fair, true, np.zeros(fair.size, np.int64))),
        rms=float(np.sqrt(np.mean((fair - true) ** 2))),
    )
