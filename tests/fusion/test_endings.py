from __future__ import annotations

import pytest
from factories import state

import fusion.endings
from fusion.endings import Endings
from fusion.frames import NS_PER_S
from fusion.game import GameState


def final(event: str = "401", home: int = 99) -> GameState:
    """Return a game that is over."""
    return state(game_id=f"nba:{event}", phase="post", completed=True, home_score=home)


def test_a_game_is_let_go_so_long_after_its_end() -> None:
    """The time counts from the first word of the end, once a game."""
    endings = Endings(ended_s=10)
    endings.see(final(), 0)
    endings.see(final(home=100), 5 * NS_PER_S)

    assert endings.is_over("nba:401")
    assert endings.due(10 * NS_PER_S - 1) == []
    assert endings.due(10 * NS_PER_S) == ["nba:401"]
    assert endings.due(99 * NS_PER_S) == []
    assert endings.is_over("nba:401")
    assert set(endings.let_go) == {"nba:401"}


def test_games_are_let_go_in_the_order_they_ended() -> None:
    """A game that ended later waits longer."""
    endings = Endings(ended_s=10)
    endings.see(final("1"), 0)
    endings.see(final("2"), NS_PER_S)

    assert endings.due(10 * NS_PER_S) == ["nba:1"]
    assert endings.due(20 * NS_PER_S) == ["nba:2"]


def test_a_game_that_goes_on_is_not_over() -> None:
    """An end that was taken back does not count, before or after the game was let go."""
    endings = Endings(ended_s=10)
    endings.see(final(), 0)
    endings.see(state(game_id="nba:401"), NS_PER_S)
    assert not endings.is_over("nba:401")
    assert endings.due(99 * NS_PER_S) == []

    endings.see(final(), 100 * NS_PER_S)
    assert endings.due(110 * NS_PER_S) == ["nba:401"]
    endings.see(state(game_id="nba:401"), 111 * NS_PER_S)
    assert not endings.is_over("nba:401")


def test_a_game_that_was_let_go_is_news_only_when_it_changed() -> None:
    """A board that shows a game as it ended says nothing; another result brings it back."""
    endings = Endings(ended_s=10)
    endings.see(final(), 0)
    endings.due(10 * NS_PER_S)
    endings.see(final(), 11 * NS_PER_S)
    assert set(endings.let_go) == {"nba:401"}

    endings.see(final(home=101), 12 * NS_PER_S)
    assert (set(endings.let_go), endings.is_over("nba:401")) == (set(), True)
    assert endings.due(22 * NS_PER_S) == ["nba:401"]


def test_the_oldest_last_words_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory of games that were let go is bounded."""
    monkeypatch.setattr(fusion.endings, "LET_GO_KEPT", 2)
    endings = Endings(ended_s=0.001)
    for event in ("1", "2", "3"):
        endings.see(final(event), 0)
    endings.due(NS_PER_S)

    assert list(endings.let_go) == ["nba:2", "nba:3"]
