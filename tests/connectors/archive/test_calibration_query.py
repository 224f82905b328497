"""The named query `calibration`: what was priced in play, the market beside it, and the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from live_archive import write_archive
from rows import final, game_row, tick

from connectors.archive.connect import ask, connect, named_query
from fusion.rows import Row

SOCCER = {"league": "eng.1", "game_id": "eng.1:5"}
S = 1_000_000_000
START_NS = 1_795_000_000 * S


def asked(data_dir: Path, rows: list[Row], columns: str) -> list[tuple[Any, ...]]:
    """Return columns of the query's answer on an archive of these rows."""
    with connect(write_archive(data_dir, rows)) as connection:
        answer = ask(connection, named_query("calibration")).select(columns.split(", "))
    return [tuple(row.values()) for row in answer.to_pylist()]


def test_only_prices_of_scores_in_play_count(tmp_path: Path) -> None:
    """A row caused by the book, before the start, or without a price is none of them."""
    rows: list[Row] = [
        tick(seq=1, cause="score", fair=0.7),
        tick(seq=2, cause="book", fair=0.7),
        tick(seq=3, cause="score", fair=0.7, state="pre"),
        tick(seq=4, cause="score", fair=None),
        tick(seq=5, cause="score", fair=0.3, outcome="away"),
    ]
    assert asked(tmp_path, rows, "seq, outcome, fair, result, won") == [
        (1, "home", 0.7, None, None),
        (5, "away", 0.3, None, None),
    ]


def test_mid_needs_two_sides_of_a_live_book(tmp_path: Path) -> None:
    """Without a bid, without an ask, or on a link in doubt the market has no price."""
    rows: list[Row] = [
        tick(seq=1, cause="score", bid=0.5, ask=0.75),
        tick(seq=2, cause="score", bid=None, ask=0.75),
        tick(seq=3, cause="score", bid=0.5, ask=None),
        tick(seq=4, cause="score", bid=0.5, ask=0.75, link="doubt"),
    ]
    assert asked(tmp_path, rows, "seq, mid") == [(1, 0.625), (2, None), (3, None), (4, None)]


def test_text_of_the_board_is_that_of_the_moment(tmp_path: Path) -> None:
    """The text that came with the row or last before it goes with it, never a later one."""
    rows: list[Row] = [
        game_row(recv_ns=START_NS, detail="Top 1st"),
        game_row(recv_ns=START_NS + 2 * S, detail="Mid 1st"),
        game_row(recv_ns=START_NS + 9 * S, detail="Bot 1st"),
        tick(seq=1, cause="score", recv_ns=START_NS - S),
        tick(seq=2, cause="score", recv_ns=START_NS + S),
        tick(seq=3, cause="score", recv_ns=START_NS + 2 * S),
    ]
    assert asked(tmp_path, rows, "seq, detail") == [(1, None), (2, "Top 1st"), (3, "Mid 1st")]


@pytest.mark.parametrize(
    ("over", "expected"),
    [
        ({"home_score": 3, "away_score": 1, "winner": "home"}, "home"),
        ({"home_score": 3, "away_score": 1, "winner": None}, "home"),
        ({"home_score": 2, "away_score": 0, "winner": "away", "status": "retired"}, "away"),
        ({"home_score": 2, "away_score": 2, "winner": None}, "split"),
        ({"home_score": 2, "away_score": 2, "winner": "draw"}, "split"),
        ({"home_score": 0, "away_score": 0, "winner": "home", "status": "walkover"}, "split"),
        ({"home_score": 2, "away_score": 1, "winner": "home", "completed": False}, None),
    ],
    ids=["winner", "score", "retired", "tie", "told tie", "walkover", "postponed"],
)
def test_result_of_two_way_games(
    tmp_path: Path, over: dict[str, Any], expected: str | None
) -> None:
    """A tie and a walkover are nobody's, and a game that did not end has no result."""
    ended = game_row(**{"state": "post", "status": "final", "completed": True, **over})
    sides: list[Row] = [tick(cause="score"), tick(cause="score", outcome="away")]
    won = {"home": (False, True), "away": (True, False)}.get(expected or "", (None, None))
    assert asked(tmp_path, [*sides, ended], "outcome, result, won") == [
        ("away", expected, won[0]),
        ("home", expected, won[1]),
    ]


def test_last_result_counts(tmp_path: Path) -> None:
    """A result that was corrected is the later one."""
    rows: list[Row] = [
        tick(cause="score"),
        final(2, 1, recv_ns=START_NS),
        final(2, 3, recv_ns=START_NS + S),
    ]
    assert asked(tmp_path, rows, "result, won") == [("away", False)]


@pytest.mark.parametrize(
    ("ended", "at_ninety", "expected"),
    [
        (("full_time", 2, 1, 1), (1, 1), "draw"),
        (("full_time", 2, 1, 2), (1, 1), "away"),
        (("final_aet", 4, 2, 1), (1, 1), "draw"),
        (("final_pen", 5, 0, 0), (0, 0), "draw"),
        (("final", 4, 2, 1), (1, 1), "draw"),
        (("final_aet", 4, 1, 1), (1, 0), "home"),
    ],
)
def test_soccer_is_decided_after_ninety_minutes(
    tmp_path: Path,
    ended: tuple[str, int, int, int],
    at_ninety: tuple[int, int],
    expected: str,
) -> None:
    """Extra time, also that of a second leg, changes nothing of the market's result."""
    sides: list[Row] = [
        tick(cause="score", recv_ns=START_NS, outcome=outcome, **SOCCER)
        for outcome in ("away", "draw", "home")
    ]
    played = {"recv_ns": START_NS + S, "period": 2, **SOCCER}
    status, period, home, away = ended
    over = {"state": "post", "status": status, "completed": True, "winner": "home"}
    rows = [
        *sides,
        game_row(home_score=at_ninety[0], away_score=at_ninety[1], **played),
        game_row(recv_ns=START_NS + 2 * S, period=3, home_score=9, **SOCCER),
        game_row(
            recv_ns=START_NS + 3 * S,
            period=period,
            home_score=home,
            away_score=away,
            **over,
            **SOCCER,
        ),
    ]
    assert asked(tmp_path, rows, "outcome, result, won") == [
        (outcome, expected, outcome == expected) for outcome in ("away", "draw", "home")
    ]


def test_league_is_chosen_by_a_pattern(tmp_path: Path) -> None:
    """Without a parameter every league is told."""
    archive = write_archive(tmp_path, [tick(cause="score"), tick(cause="score", **SOCCER)])
    with connect(archive) as connection:
        found = [
            ask(connection, named_query("calibration"), given)["league"].to_pylist()
            for given in ({}, {"league": "nba"}, {"league": "eng%"})
        ]
    assert found == [["eng.1", "nba"], ["nba"], ["eng.1"]]
