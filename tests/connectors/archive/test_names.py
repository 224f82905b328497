"""Names of files: what they say is what they were made from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.archive.names import FileName, game_file, merged_file, parse_name

SESSIONS = st.from_regex(r"[\w.-]{1,30}", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "20261120T190501Z-rows-0-00000012.parquet",
            FileName("20261120T190501Z", "published", "rows-0", 12),
        ),
        (
            "20261120T190501Z-01-records-3-123456789.parquet",
            FileName("20261120T190501Z-01", "published", "records-3", 123456789),
        ),
        (
            "20261120T190501Z-01-000000000041-0000.parquet",
            FileName("20261120T190501Z-01", "published", "000000000041", 0),
        ),
        (
            "20261120T190501Z-game-nba%3A401810000.parquet",
            FileName("20261120T190501Z", "game", game="nba:401810000"),
        ),
        ("20261120T190501Z-merged-0002.parquet", FileName("20261120T190501Z", "merged", number=2)),
        (".20261120T190501Z-merged-0002.parquet.compacting", None),
        ("journal-20261120T190501Z-00000001.parquet", None),
        ("notes.parquet", None),
    ],
)
def test_names_of_files(name: str, expected: FileName | None) -> None:
    """Every kind of name says its session and what the file is; others say nothing."""
    assert parse_name(name) == expected


@given(session=SESSIONS, game=st.text(min_size=1, max_size=20))
def test_a_game_is_found_again(session: str, game: str) -> None:
    """Whatever the session and the game are called, the name tells them apart."""
    name = game_file(session, game)
    assert "/" not in name
    assert parse_name(name) == FileName(session, "game", game=game)


@given(session=SESSIONS, number=st.integers(0, 10**9))
def test_a_merged_file_is_found_again(session: str, number: int) -> None:
    """A session whose name ends like a kind of file is still the session."""
    for named in (session, f"{session}-merged-1", f"{session}-game-1", f"{session}-rows-0"):
        expected = FileName(named, "merged", number=number)
        assert parse_name(merged_file(named, number)) == expected
