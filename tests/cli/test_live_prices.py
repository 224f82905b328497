from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from live_archive import write_archive
from rows import final, game_row, tick

from cli.live_prices import live_prices, read_prices, triples, with_results
from fusion.leagues import LEAGUES
from fusion.rows import Row

SOCCER = {"league": "eng.1", "game_id": "eng.1:5"}


def two_way(**changes: Any) -> list[Row]:
    """Return both sides of a moment, home at 0.7."""
    both: dict[str, Any] = {"cause": "score", **changes}
    return [tick(**both), tick(**both, outcome="away", fair=0.3)]


def three_way(**changes: Any) -> list[Row]:
    """Return a moment of a soccer match: 0.5, 0.3 and 0.2."""
    chances = {"home": 0.5, "draw": 0.3, "away": 0.2}
    return [
        tick(**{"cause": "score", **SOCCER, **changes}, outcome=outcome, fair=fair)
        for outcome, fair in chances.items()
    ]


@pytest.fixture
def rows(tmp_path: Path) -> pl.DataFrame:
    """Return two moments of a game with a result, a game without one, and a tie."""
    first, second = {"seq": 1, "recv_ns": 10}, {"seq": 2, "recv_ns": 20}
    later = {"game_id": "nba:2", "date": "2026-11-19", "recv_ns": 30}
    tie = {"game_id": "nba:3", "recv_ns": 40}
    archive = write_archive(
        tmp_path,
        [
            *two_way(**first, bid=None),
            *two_way(**second, model="m-2"),
            final(3, 1, recv_ns=90),
            *two_way(**later),
            *two_way(**tie),
            game_row(state="post", completed=True, home_score=2, away_score=2, **tie),
        ],
    )
    return read_prices(archive)


def test_games_without_a_winner_are_counted(rows: pl.DataFrame) -> None:
    """One has no result yet, one is a tie; their rows are left out."""
    found = with_results(rows)
    assert (found.open_games, found.split_games) == (1, 1)
    assert found.rows["game_id"].unique().to_list() == ["nba:401"]


def test_two_way_games_are_scored_by_home(rows: pl.DataFrame) -> None:
    """The row of home stands for both sides; a mid that is missing is NaN."""
    found = live_prices(with_results(rows).rows, LEAGUES["nba"])
    assert found.fair.tolist() == [0.7, 0.7]
    assert np.isnan(found.mid[0])
    assert found.mid[1] == pytest.approx(0.6)
    assert (found.won.tolist(), found.game.tolist()) == ([1.0, 1.0], [0, 0])
    assert [found.model.names[code] for code in found.model.codes] == ["brownian", "m-2"]
    assert found.day.tolist() == [(date(2026, 11, 18) - date(1970, 1, 1)).days] * 2


def test_newest_days_are_those_of_the_archive(tmp_path: Path) -> None:
    """They are counted back from the newest tick, not from today."""
    days = ["2026-11-15", "2026-11-18", "2026-11-19"]
    archive = write_archive(
        tmp_path, [row for day in days for row in two_way(date=day, game_id=f"nba:{day}")]
    )
    assert read_prices(archive, 2)["date"].unique().sort().cast(pl.String).to_list() == days[1:]
    assert read_prices(archive, 1)["date"].n_unique() == 1
    assert read_prices(archive)["date"].n_unique() == 3


def test_unknown_leagues_are_left_out(tmp_path: Path) -> None:
    """A league that the configuration does not have any more has no rules."""
    strange = two_way(league="gone", game_id="gone:1")
    assert read_prices(write_archive(tmp_path, [*strange, *two_way()]))[
        "league"
    ].unique().to_list() == ["nba"]


def test_moments_have_all_outcomes(tmp_path: Path) -> None:
    """Three rows are one moment; one that lacks an outcome is left out."""
    whole = three_way(seq=1, recv_ns=10)
    part = three_way(seq=2, recv_ns=20)[:2]
    ended = final(1, 1, recv_ns=99, period=2, **SOCCER)
    soccer = with_results(read_prices(write_archive(tmp_path, [*whole, *part, ended]))).rows
    found = triples(soccer, LEAGUES["eng.1"])
    assert found.select("seq", "home", "draw", "away", "result").rows() == [
        (1, 0.5, 0.3, 0.2, "draw")
    ]


def test_two_way_moments_have_no_draw(rows: pl.DataFrame) -> None:
    """What is not home is away."""
    found = triples(with_results(rows).rows, LEAGUES["nba"])
    assert found["seq"].to_list() == [1, 2]
    assert found.select("home", "draw").rows() == [(0.7, 0.0)] * 2
    assert found["away"].to_list() == pytest.approx([0.3, 0.3])


def test_archive_without_prices_is_empty(tmp_path: Path) -> None:
    """A game that nobody priced gives no rows."""
    assert read_prices(write_archive(tmp_path, [game_row()])).height == 0
