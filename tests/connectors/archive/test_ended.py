"""Which games are over, by real rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from archived import write_rows
from rows import DAY, final, game_row

from connectors.archive.ended import ended_games, folder_date
from connectors.archive.places import archive_directory

START_NS = game_row().recv_ns


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """Return an archive with a game that goes on, one that is over, and one that went on again."""
    first = [
        game_row(game_id="nba:live"),
        final(1, 0, game_id="nba:over", recv_ns=START_NS + 5),
        game_row(game_id="nba:over", recv_ns=START_NS + 4),
        final(1, 0, game_id="nba:again", recv_ns=START_NS + 1),
    ]
    write_rows(tmp_path, first, "20261118T190000Z")
    write_rows(tmp_path, [game_row(game_id="nba:again", recv_ns=START_NS + 2)], "20261118T180000Z")
    return tmp_path


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 18), [False, True, False, False]),
        (date(2026, 11, 20), [False, True, False, False]),
        (date(2026, 11, 21), [True, True, True, True]),
    ],
)
def test_the_latest_row_tells(data_dir: Path, today: date, expected: list[bool]) -> None:
    """The last row counts, of whatever session and file; after two days every game is over."""
    is_over = ended_games(archive_directory(data_dir), f"date={DAY}", "league=nba", today)
    names = ("nba:live", "nba:over", "nba:again", "nba:unknown")
    assert [is_over(name) for name in names] == expected


def test_without_games_none_is_over(tmp_path: Path) -> None:
    """Where there is no table, no game is known to be over."""
    is_over = ended_games(tmp_path, f"date={DAY}", "league=nba", date(2026, 11, 18))
    assert not is_over("nba:1")


def test_day_of_a_folder() -> None:
    """A folder says its day."""
    assert folder_date("date=2026-11-18") == date(2026, 11, 18)
