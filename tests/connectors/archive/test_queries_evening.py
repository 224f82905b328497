"""The named queries on the archive of a simulated evening, against what must hold of any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from evening_archive import SPEED, evening_archive

from connectors.archive.connect import ask, connect, named_query

MINUTE_S = str(60.0 / SPEED)


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of the evening."""
    return evening_archive(tmp_path_factory)


def rows(data_dir: Path, sql: str, **parameters: str) -> list[dict[str, Any]]:
    """Return the answer to a question."""
    with connect(data_dir) as connection:
        answer: list[dict[str, Any]] = ask(connection, sql, parameters).to_pylist()
    return answer


def number(data_dir: Path, sql: str) -> Any:
    """Return the one value of an answer."""
    ((value,),) = (row.values() for row in rows(data_dir, sql))
    return value


def test_timeline_ends_with_the_final_score(data_dir: Path) -> None:
    """The last line of a game's timeline is its result."""
    results = rows(data_dir, "FROM results WHERE game_id IN (SELECT game_id FROM ticks)")
    for game in results:
        last = rows(data_dir, named_query("game_timeline"), game_id=game["game_id"])[-1]
        assert (last["home_score"], last["away_score"]) == (game["home_score"], game["away_score"])
    assert len(results) >= 10


def test_book_leads_the_polls_of_the_simulator(data_dir: Path) -> None:
    """The simulator's makers see a score before it is polled: many moves were under way."""
    answer = rows(data_dir, named_query("lead_lag"), window_s=MINUTE_S)
    changes = number(
        data_dir,
        "SELECT count(*) FROM (SELECT (home_score, away_score) AS score, lag(score) OVER (PARTITION"
        " BY game_id ORDER BY recv_ns, seq) AS before FROM games WHERE state = 'in')"
        " WHERE before IS NOT NULL AND score <> before",
    )
    leads = [row["lead_s"] for row in answer if row["lead_s"] is not None]
    window_s = float(MINUTE_S)

    assert len(answer) == changes > 100
    assert all(-window_s <= lead_s <= window_s for lead_s in leads)
    assert sum(lead_s > 0 for lead_s in leads) > len(leads) / 4 > 5


def test_minutes_hold_every_tick_of_a_live_book(data_dir: Path) -> None:
    """The updates of all minutes are the ticks with two sides, and no spread is below a tick."""
    answer = rows(data_dir, named_query("spread_depth_by_minute"), minute_s=MINUTE_S)
    ticks = number(
        data_dir, "SELECT count(*) FROM ticks WHERE link = 'live' AND (bid + ask) IS NOT NULL"
    )

    assert sum(row["updates"] for row in answer) == ticks
    assert min(row["spread"] for row in answer) >= 0.001
    assert all(row["widest"] >= row["spread"] - 1e-6 for row in answer)
    assert len({row["minute_utc"] for row in answer}) > 60


def test_every_signal_has_its_outcome(data_dir: Path) -> None:
    """Every signal that opened is one row, closed and paid, as its game has a result."""
    answer = rows(data_dir, named_query("signals_with_outcome"))
    opened = rows(data_dir, "SELECT signal_id FROM signals WHERE transition = 'open' ORDER BY ALL")
    paid = {row["game_id"] for row in rows(data_dir, "FROM results WHERE result <> 'split'")}

    assert sorted(row["signal_id"] for row in answer) == [row["signal_id"] for row in opened]
    assert all(row["open_s"] >= 0 and row["close_reason"] for row in answer)
    for row in answer:
        assert (row["pnl"] is not None) == (row["game_id"] in paid)
        if row["game_id"] in paid:
            assert row["pnl"] == round((row["outcome"] == row["result"]) - row["cost"], 6)


def test_coverage_is_that_of_the_ticks(data_dir: Path) -> None:
    """The games that were matched are those that have ticks, and each league has a row."""
    answer = rows(data_dir, named_query("coverage"))
    matched = number(data_dir, "SELECT count(DISTINCT game_id) FROM slates WHERE token_id <> ''")
    leagues = rows(data_dir, "SELECT DISTINCT league FROM ticks")

    assert sum(row["matched"] for row in answer) == matched >= 10
    assert {row["league"] for row in leagues} <= {row["league"] for row in answer if row["matched"]}


def test_dead_letters_are_all_counted(data_dir: Path) -> None:
    """The letters of all reasons are the table, each example among its frames."""
    answer = rows(data_dir, named_query("dead_letters_by_reason"))
    total = number(data_dir, "SELECT count(*) FROM dead_letters")

    assert sum(row["letters"] for row in answer) == total > 0
    assert {row["reason"] for row in answer} >= {"doubles_match", "undecided_match"}


def test_facts_of_the_evening_were_fresh(data_dir: Path) -> None:
    """Ages rise from one quantile to the next, and no league's score was stale for long."""
    answer = rows(data_dir, named_query("freshness"))
    ticks = number(data_dir, "SELECT count(*) FROM ticks WHERE state = 'in'")

    assert sum(row["ticks"] for row in answer) == ticks
    for row in answer:
        ages = [row[f"score_{name}_s"] for name in ("p50", "p90", "p99", "max")]
        assert ages == sorted(ages)
        assert row["stale_score"] < 0.05
