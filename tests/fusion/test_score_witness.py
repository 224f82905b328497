"""What the venue's results socket tells of a game."""

from __future__ import annotations

from fusion.score_witness import ToldScore


def test_a_told_score_is_of_a_live_game_unless_it_says_so() -> None:
    """The socket tells of games in play; what it leaves out is not over."""
    assert ToldScore(2, 1) == ToldScore(home=2, away=1, period="", live=True, ended=False)
