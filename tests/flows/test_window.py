"""Which rows of a replay are kept, and how a time is typed."""

from __future__ import annotations

import msgspec
import pytest
from factories import GAME, START_NS, listing
from rows import GAME_ROW, LETTER, TICK

from flows.window import Window, parse_moment
from fusion.slate import Slate, Unmatched
from fusion.slate_rows import slate_rows

SECOND = 1_000_000_000
FIRST_NS = 1_795_215_900 * SECOND
"""2026-11-20T23:05:00Z, in the evening."""


@pytest.mark.parametrize(
    ("window", "all_kept"),
    [
        (Window(), True),
        (Window(until_ns=7), True),
        (Window(from_ns=7), False),
        (Window(games=frozenset({"nba:"})), False),
    ],
)
def test_all_is_kept_unless_something_is_said(window: Window, all_kept: bool) -> None:
    """An end keeps every row, for the frames behind it are not read."""
    assert window.keeps_all() == all_kept


@pytest.mark.parametrize(("after_ns", "kept"), [(-1, False), (0, True), (1, True)])
def test_rows_are_kept_from_a_moment_on(after_ns: int, kept: bool) -> None:
    """A row of the moment itself is kept."""
    row = msgspec.structs.replace(TICK, recv_ns=START_NS + after_ns)
    assert Window(from_ns=START_NS).keeps(GAME, row) == kept


@pytest.mark.parametrize(
    ("games", "kept"),
    [
        ({GAME}, True),
        ({"nba:"}, True),
        ({"nhl:", GAME}, True),
        ({"nba:4"}, False),
        ({"nba:4010"}, False),
        ({"nb:"}, False),
        ({"nhl:"}, False),
    ],
)
def test_games_are_chosen_by_id_or_league(games: set[str], kept: bool) -> None:
    """A game is named whole; with a league all its games are."""
    window = Window(games=frozenset(games))
    assert [window.keeps(GAME, row) for row in (TICK, GAME_ROW)] == [kept] * 2


def test_what_belongs_to_no_game_is_kept_with_its_league() -> None:
    """Dead letters and refused listings are of a league, or of none."""
    slate = Slate((listing(),), (Unmatched("nba", "", "nba-nyk-bos-2026-11-19", "no_game"),))
    listed, _, refused = slate_rows(Slate(), slate, 7, START_NS)
    spoilt = msgspec.structs.replace(LETTER, league="nba")
    stray = msgspec.structs.replace(LETTER, league="none")
    rows = (listed, refused, spoilt, stray)
    kept = {
        choice: [Window(games=frozenset({choice})).keeps("none", row) for row in rows]
        for choice in (GAME, "nba:", "nhl:")
    }

    assert kept == {
        GAME: [True, False, False, False],
        "nba:": [True, True, True, False],
        "nhl:": [False, False, False, False],
    }


@pytest.mark.parametrize(
    ("text", "after_s"),
    [
        ("2026-11-20T23:05:00Z", 0),
        ("2026-11-20T23:05", 0),
        ("2026-11-20 18:05:30-05:00", 30),
        ("2026-11-20", -(23 * 3600 + 300)),
        ("23:05", 0),
        ("23:04:59", -1),
        ("22:05", -3600),
        ("22:04:59", 23 * 3600 - 1),
        ("0:30", 85 * 60),
        ("00:30", 85 * 60),
        ("0:30:05", 85 * 60 + 5),
    ],
)
def test_moments_are_iso_or_of_the_night(text: str, after_s: int) -> None:
    """A time of day is the first that is not more than an hour before the first frame."""
    assert parse_moment(text, FIRST_NS) == FIRST_NS + after_s * SECOND


@pytest.mark.parametrize("text", ["", "soon", "25:00", "2026", "2026-13-01", "23:05Z", "23:5"])
def test_other_words_are_no_time(text: str) -> None:
    """The message says what was typed and what a time is."""
    with pytest.raises(ValueError, match="a time is ISO 8601, or HH:MM in UTC, was ") as caught:
        parse_moment(text, FIRST_NS)
    assert repr(text) in str(caught.value)
