from __future__ import annotations

import msgspec
import numpy as np
import pytest

from models.evaluation.chance import expected_calibration_error
from models.evaluation.live import (
    LEAST_GAMES,
    LivePrices,
    LiveReport,
    LiveScore,
    live_report,
    live_score,
)
from models.evaluation.scores import Pool, clustered_se
from models.training.state_table import Labels

NAN = float("nan")
DAY = 20_776
"""2026-11-19."""


def prices() -> LivePrices:
    """Return four rows of three games on two days; the market has no price in the second."""
    return LivePrices(
        fair=np.array([0.8, 0.6, 0.3, 0.9]),
        mid=np.array([0.7, NAN, 0.4, 0.8]),
        won=np.array([1.0, 1.0, 0.0, 1.0]),
        game=np.array([0, 0, 1, 2]),
        day=np.array([DAY, DAY, DAY, DAY + 1]),
        phase=Labels(np.array([0, 1, 1, 0]), ("early", "late", "never")),
        model=Labels(np.array([0, 0, 0, 1]), ("m-1", "m-2")),
    )


def many(games: int, off: float) -> LivePrices:
    """Return games priced at 0.5 + off, of which every other came true."""
    won = (np.arange(games) % 2).astype(np.float64)
    return LivePrices(
        fair=np.full(games, 0.5 + off),
        mid=np.full(games, NAN),
        won=won,
        game=np.arange(games),
        day=np.full(games, DAY),
        phase=Labels(np.zeros(games, dtype=np.int64), ("all",)),
        model=Labels(np.zeros(games, dtype=np.int64), ("m-1",)),
    )


def test_scores_by_hand() -> None:
    """The market is compared on the rows where it has a price, and the prices alone on all."""
    rows = prices()
    squares = np.array([0.04, 0.09, 0.01]), np.array([0.09, 0.16, 0.04])
    assert msgspec.to_builtins(live_score(rows, three_way=False)) == {
        "rows": 4,
        "games": 3,
        "brier": pytest.approx((0.04 + 0.16 + 0.09 + 0.01) / 4),
        "ece": pytest.approx((0.2 + 0.4 + 0.3 + 0.1) / 4),
        "ece_by_chance": expected_calibration_error(Pool(rows.fair, rows.won, rows.game)),
        "market": {
            "rows": 3,
            "games": 3,
            "brier_fair": pytest.approx(0.14 / 3),
            "brier_mid": pytest.approx(0.29 / 3),
            "difference": pytest.approx(-0.05),
            "difference_se": pytest.approx(clustered_se(squares[0] - squares[1], np.arange(3))),
            "ece_fair": pytest.approx(0.6 / 3),
            "ece_mid": pytest.approx(0.9 / 3),
        },
    }


def test_three_way_scores_are_sums_over_the_outcomes() -> None:
    """Three rows of a moment together have the Brier score of the moment."""
    rows = msgspec.structs.replace(
        prices().take(np.array([True, True, True, False])),
        fair=np.array([0.5, 0.3, 0.2]),
        mid=np.array([0.4, 0.3, 0.3]),
        won=np.array([1.0, 0.0, 0.0]),
        game=np.zeros(3, dtype=np.int64),
    )
    found = live_score(rows, three_way=True)
    assert found.brier == pytest.approx(0.25 + 0.09 + 0.04)
    assert found.market is not None
    assert found.market.brier_mid == pytest.approx(0.36 + 0.09 + 0.09)


def test_report_has_every_cut() -> None:
    """Parts without rows are left out; a window ends with its day and reaches back."""
    rows = prices()
    found = live_report("nba", rows, three_way=False, limit=0.05, window_days=1, left_out=(2, 1))

    def part(*chosen: int) -> LiveScore:
        return live_score(rows.take(np.isin(np.arange(4), chosen)), three_way=False)

    encode = msgspec.json.encode
    assert encode(found.phases) == encode({"early": part(0, 3), "late": part(1, 2)})
    assert encode(found.models) == encode({"m-1": part(0, 1, 2), "m-2": part(3)})
    assert encode(found.windows) == encode({"2026-11-19": part(0, 1, 2), "2026-11-20": part(3)})
    assert (found.current, found.open_games, found.split_games) == ("m-2", 2, 1)
    wide = live_report("nba", rows, three_way=False, limit=0.05, window_days=2)
    assert encode(wide.windows) == encode(
        {"2026-11-19": part(0, 1, 2), "2026-11-20": part(0, 1, 2, 3)}
    )


def test_league_is_flagged_beyond_chance() -> None:
    """What chance explains is taken off before the limit is asked; few games are never flagged."""

    def reported(games: int, off: float, limit: float) -> LiveReport:
        rows = many(games, off)
        return live_report("nba", rows, three_way=False, limit=limit, window_days=7)

    bad = reported(400, 0.25, 0.05)
    assert bad.whole.ece == pytest.approx(0.25)
    assert bad.flagged
    assert bad.excess == bad.whole.ece - bad.whole.ece_by_chance
    assert not reported(400, 0.25, 0.25).flagged
    assert not reported(400, 0.0, 0.0).flagged
    assert reported(LEAST_GAMES, 0.45, 0.05).flagged
    assert not reported(LEAST_GAMES - 1, 0.45, 0.05).flagged


def test_the_model_that_prices_now_is_judged() -> None:
    """What an older version did wrong is no reason to stop the one that took its place."""
    rows = msgspec.structs.replace(
        many(200, 0.0),
        fair=np.repeat([0.9, 0.5], 100),
        model=Labels(np.repeat([0, 1], 100), ("m-1", "m-2")),
    )
    found = live_report("nba", rows, three_way=False, limit=0.05, window_days=7)
    assert (found.current, found.flagged) == ("m-2", False)
    assert found.models["m-1"].ece == pytest.approx(0.4)
