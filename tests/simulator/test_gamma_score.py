from __future__ import annotations

import pytest

from fusion.game import SetScore
from fusion.leagues import LEAGUES
from simulator.gamma_score import period_text, score_text
from simulator.plan import Moment, Scene, Status


def moment(status: Status, period: int, scene: Scene | None = None) -> Moment:
    """Return a moment at three to one."""
    return Moment(0, status, period, 0.0, 3, 1, (0.5, 0.0, 0.5), scene or Scene())


@pytest.mark.parametrize(
    ("league", "now", "expected"),
    [
        ("nba", moment("in_progress", 4), ("1-3", "Q4")),
        ("nba", moment("in_progress", 5), ("1-3", "OT")),
        ("ncaamb", moment("in_progress", 2), ("1-3", "2H")),
        ("nhl", moment("in_progress", 1), ("1-3", "P1")),
        ("mlb", moment("in_progress", 3), ("1-3", "Top 3rd")),
        ("mlb", moment("in_progress", 7, Scene(bottom=True)), ("1-3", "Bot 7th")),
        ("eng.1", moment("first_half", 1), ("3-1", "1H")),
        ("eng.1", moment("in_progress", 2), ("3-1", "2H")),
        ("eng.1", moment("halftime", 1), ("3-1", "HT")),
        ("fifa.world", moment("shootout", 5), ("3-1", "PEN")),
        ("eng.1", moment("full_time", 2), ("3-1", "VFT")),
        ("ufc", moment("in_progress_2", 2), ("", "R2")),
        (
            "atp",
            moment("in_progress", 2, Scene(sets=(SetScore(6, 7, 3, 7, "away"), SetScore(2, 1)))),
            ("6-7(3-7), 2-1", "S2"),
        ),
        ("atp", moment("in_progress", 1), ("0-0", "S1")),
    ],
)
def test_scores_and_periods_are_in_the_venues_letters(
    league: str, now: Moment, expected: tuple[str, str]
) -> None:
    """The side that stands first in the slug stands first in the score."""
    assert (score_text(LEAGUES[league], now), period_text(LEAGUES[league], now)) == expected
